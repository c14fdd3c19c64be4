/** Writes the witness of one job: into the transactions of its checkpoints, and in transactions of its own. */
import { internalError } from '../../../errors/index.ts'
import { failPoint, isMutated } from '../../../failpoints/failpoints.ts'
import type { TopicPartition } from '../requests/offsets.ts'
import type { Slot } from './slot.ts'
import { stepFailure, type TransactionClient } from './transaction-client.ts'
import { encodeWitness } from './witness.ts'

export interface WitnessPlace {
  readonly group: string
  /** Finds the sink's topics; before `topic`. */
  openTopics(): Promise<void>
  /** A topic the user can read that outlives the job: partition 0 of it carries the witness. */
  topic(): string
}

export class WitnessWriter {
  readonly #client: TransactionClient
  readonly #place: WitnessPlace
  readonly #checkLease: () => Promise<void>
  #jobId = ''
  #incarnation = 0
  /** On performance.now()'s clock; -Infinity when this process has written none. */
  writtenAt = Number.NEGATIVE_INFINITY

  constructor(client: TransactionClient, place: WitnessPlace, checkLease: () => Promise<void>) {
    this.#client = client
    this.#place = place
    this.#checkLease = checkLease
  }

  /** In whose name; before anything is written. */
  name(jobId: string, incarnation: number): void {
    this.#jobId = jobId
    this.#incarnation = incarnation
  }

  /** Into the open transaction of a slot. */
  async write(
    { transactionalId, identity }: Slot,
    label: number,
    others: readonly TopicPartition[] = [],
  ): Promise<void> {
    if (isMutated('no-witness')) return
    if (identity === null) throw internalError('a witness without a producer id')
    const metadata = encodeWitness({ jobId: this.#jobId, label, incarnation: this.#incarnation })
    const place = { topic: this.#place.topic(), partition: 0 }
    const { group } = this.#place
    await this.#client.writeWitness(transactionalId, identity, group, place, label, metadata, others)
    this.writtenAt = performance.now()
  }

  /** A whole transaction of a slot that was not used yet and holds nothing but the witness. */
  async writeAlone(slot: Slot, label: number, others: readonly TopicPartition[] = []): Promise<void> {
    const { transactionalId, identity } = slot
    if (identity === null) throw internalError('a witness without a producer id')
    if (isMutated('no-witness')) return
    slot.state = 'used'
    await this.#checkLease()
    await failPoint('kafka.witness-only.checked')
    await this.write(slot, label, others)
    await failPoint('kafka.witness-only.written')
    const code = await this.#client.end(transactionalId, identity, true)
    if (code !== 0)
      throw stepFailure('EndTxn', transactionalId, code, `the witness in group '${this.#place.group}'`)
  }

  /**
   * Writes a witness before there is anything to witness, unless it is there: from then on a first transaction that is
   * lost is known to be lost, and a job that had the prefix before sees that it was taken over, whatever topics it
   * wrote to. The slot's next epoch is given only when readers see the witness.
   */
  async claim(slot: Slot, label: number): Promise<void> {
    if (isMutated('no-witness')) return
    const witnesses = await this.#client.readWitnesses(this.#place.group, true)
    const foreign = witnesses.filter(({ jobId }) => jobId !== this.#jobId)
    if (foreign.length === 0 && witnesses.length > 0) return
    await this.#place.openTopics()
    await failPoint('kafka.claim.before')
    await this.writeAlone(
      slot,
      label,
      foreign.map(({ place }) => place),
    )
    await slot.renew(this.#client, this.#checkLease)
    await failPoint('kafka.claim.after')
  }
}
