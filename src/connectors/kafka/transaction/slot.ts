/**
 * A transactional id `<prefix>.<index>` and its life: ready with a fresh epoch → used by one transaction →
 * initialised again. InitProducerId comes before every transaction, so that a late commit of an old one can
 * never commit a new one.
 */
import { connectorError } from '../../../errors/index.ts'
import { failPoint, isMutated } from '../../../failpoints/failpoints.ts'
import type { ProducerIdentity } from '../requests/transactions.ts'
import { errorName } from '../transport/error-codes.ts'
import { fencedFailure, type TransactionClient } from './transaction-client.ts'

/** Open, prepared and one that is being committed or was carried over. */
export const NUM_SLOTS = 3

const LAST_EPOCH = 32766

export class Slot {
  readonly transactionalId: string
  identity: ProducerIdentity | null = null
  state: 'new' | 'initializing' | 'ready' | 'used' = 'new'
  /** When it got its epoch, on performance.now()'s clock: brokers forget ids that are not used for long. */
  initializedAt = 0

  constructor(prefix: string, index: number) {
    this.transactionalId = `${prefix}.${index}`
  }

  /** Recovery's step R4: takes the id whatever its state; kills every other owner. */
  async fence(client: TransactionClient, checkLease: () => Promise<void>): Promise<void> {
    await failPoint('kafka.recover.fence.before')
    await checkLease()
    await failPoint('kafka.recover.fence.checked')
    const { code, ...identity } = await client.init(this.transactionalId, null)
    if (code !== 0) {
      throw connectorError(
        'MR_KAFKA_TRANSACTION',
        `The transactional id '${this.transactionalId}' cannot be taken: ${errorName(code)}.`,
        { retriable: true },
      )
    }
    this.#initialized(identity)
    await failPoint('kafka.recover.fence.after')
  }

  /**
   * The next epoch, in steady state. Accepts only our own pid with the epoch after ours (or, when epochs are
   * used up, a new pid with epoch 0): anything else means that somebody took the id, and recovery must decide.
   */
  async renew(client: TransactionClient, checkLease: () => Promise<void>): Promise<void> {
    const current = this.identity
    if (current === null) throw fencedFailure(this.transactionalId, 'its epoch is not known')
    if (isMutated('no-init-per-transaction')) {
      this.state = 'ready'
      return
    }
    this.state = 'initializing'
    await failPoint('kafka.init.before')
    await checkLease()
    await failPoint('kafka.init.checked')
    const isChecked = !isMutated('no-epoch-check')
    const { code, ...next } = await client.init(this.transactionalId, isChecked ? current : null)
    const follows = next.producerId === current.producerId && next.producerEpoch === current.producerEpoch + 1
    const rotated =
      current.producerEpoch >= LAST_EPOCH &&
      next.producerId !== current.producerId &&
      next.producerEpoch === 0
    if (code !== 0 || (isChecked && !(follows || rotated)))
      throw fencedFailure(
        this.transactionalId,
        code === 0
          ? `InitProducerId gave producer id ${next.producerId}, epoch ${next.producerEpoch} after ${current.producerId}, ${current.producerEpoch}: another producer had it, or the broker has forgotten the id`
          : `InitProducerId answered ${errorName(code)}`,
      )
    this.#initialized(next)
    await failPoint('kafka.init.after')
  }

  #initialized(identity: ProducerIdentity): void {
    this.identity = identity
    this.state = 'ready'
    this.initializedAt = performance.now()
  }
}
