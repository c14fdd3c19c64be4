/** One Kafka transaction: the rows of one checkpoint, of every sink and subtask of the group. */
import type { TopicPartition } from '../requests/offsets.ts'
import { ProduceSession } from '../sink/produce-session.ts'
import type { SendBuffer } from '../sink/send-buffer.ts'
import type { Slot } from './slot.ts'
import { fencedFailure, type TransactionClient } from './transaction-client.ts'

export class Transaction {
  readonly session: ProduceSession
  readonly #client: TransactionClient
  /** The checkpoint whose barrier closed it; null while it is open. */
  label: number | null = null
  slot: Slot | null = null
  state: 'open' | 'prepared' | 'committing' = 'open'
  /** Wall clock of the first AddPartitionsToTxn, for messages of a later process. 0 = nothing was added. */
  startedAt = 0
  /** The same moment on performance.now()'s clock: the broker's timeout runs from there. */
  openedAt = 0

  constructor(
    client: TransactionClient,
    buffer: SendBuffer,
    failed: (error: Error) => void,
    transactionalIdOf: (transaction: Transaction) => string,
  ) {
    this.#client = client
    const idOf = (): string => transactionalIdOf(this)
    this.session = new ProduceSession(client.cluster, buffer, {
      get transactionalId() {
        return idOf()
      },
      addPartitions: partitions => this.#addPartitions(partitions),
      failed,
    })
  }

  /** Nothing was written to it, and the broker knows nothing of it. */
  get isUntouched(): boolean {
    return this.state === 'open' && this.startedAt === 0 && this.session.numRecords === 0
  }

  /** Gives the transaction its id and epoch; from now on it can send. While untouched it may get another. */
  start(slot: Slot): void {
    this.slot = slot
    slot.state = 'used'
    this.session.start(slot.identity!)
  }

  async #addPartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const { slot } = this
    if (slot?.identity == null) throw fencedFailure('', 'it has no transactional id')
    if (this.startedAt === 0) {
      this.startedAt = Date.now()
      this.openedAt = performance.now()
    }
    await this.#client.addPartitions(slot.transactionalId, slot.identity, partitions)
  }
}
