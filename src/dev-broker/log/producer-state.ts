/**
 * What a partition leader remembers of each producer id (ProducerStateManager of Kafka): its epoch, its last five batches for
 * duplicate detection, and the first offset of its open transaction. Rebuilt from the log after a restart.
 */
import { errorCode } from '../protocol/error-code.ts'
import type { BatchHeader } from './record-batch.ts'

interface AppendedBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly baseOffset: number
  readonly timestamp: number
}

interface ProducerEntry {
  epoch: number
  /** Oldest first. Empty after an epoch bump. */
  batches: AppendedBatch[]
  /** First offset of the open transaction. */
  openSince: number | undefined
}

export type ProducerVerdict =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number; readonly timestamp: number }
  | { readonly kind: 'refuse'; readonly errorCode: number }

const rememberedBatches = 5
const maxSequence = 2147483647

/** Sequence numbers run to 2^31 - 1 and go on with 0. */
const sequencePlus = (sequence: number, count: number): number => {
  const sum = sequence + count
  return sum > maxSequence ? sum - maxSequence - 1 : sum
}

const append: ProducerVerdict = { kind: 'append' }
const refuse = (code: number): ProducerVerdict => ({ kind: 'refuse', errorCode: code })

export class ProducerStates {
  readonly #entries = new Map<number, ProducerEntry>()

  /** What to do with a batch a client sent. Changes nothing. */
  judge(header: BatchHeader): ProducerVerdict {
    const entry = this.#entries.get(header.producerId)
    if (entry === undefined) return append
    if (header.producerEpoch < entry.epoch) return refuse(errorCode.invalidProducerEpoch)
    const isSameEpoch = header.producerEpoch === entry.epoch
    const lastSequence = sequencePlus(header.baseSequence, header.recordCount - 1)
    if (isSameEpoch) {
      for (const batch of entry.batches) {
        if (batch.firstSequence === header.baseSequence && batch.lastSequence === lastSequence) {
          return { kind: 'duplicate', baseOffset: batch.baseOffset, timestamp: batch.timestamp }
        }
      }
    }
    const last = isSameEpoch ? entry.batches.at(-1) : undefined
    const expected = last === undefined ? 0 : sequencePlus(last.lastSequence, 1)
    if (header.baseSequence !== expected) return refuse(errorCode.outOfOrderSequence)
    if (entry.openSince !== undefined && !header.isTransactional) return refuse(errorCode.invalidTxnState)
    return append
  }

  hasOpenTransaction(producerId: number, epoch: number): boolean {
    const entry = this.#entries.get(producerId)
    return entry !== undefined && entry.epoch === epoch && entry.openSince !== undefined
  }

  appended(header: BatchHeader, baseOffset: number): void {
    const entry = this.#entryOf(header.producerId, header.producerEpoch)
    entry.batches.push({
      firstSequence: header.baseSequence,
      lastSequence: sequencePlus(header.baseSequence, header.recordCount - 1),
      baseOffset,
      timestamp: header.maxTimestamp,
    })
    if (entry.batches.length > rememberedBatches) entry.batches.shift()
    if (header.isTransactional && entry.openSince === undefined) entry.openSince = baseOffset
  }

  /** Ends the open transaction of a producer; returns its first offset if there was one on this partition. */
  marked(producerId: number, epoch: number): number | undefined {
    const entry = this.#entryOf(producerId, epoch)
    const { openSince } = entry
    entry.openSince = undefined
    return openSince
  }

  /** First offset of the oldest open transaction. */
  firstOpenOffset(): number | undefined {
    let first: number | undefined
    for (const { openSince } of this.#entries.values()) {
      if (openSince !== undefined && (first === undefined || openSince < first)) first = openSince
    }
    return first
  }

  #entryOf(producerId: number, epoch: number): ProducerEntry {
    let entry = this.#entries.get(producerId)
    if (entry === undefined) {
      entry = { epoch, batches: [], openSince: undefined }
      this.#entries.set(producerId, entry)
    }
    if (epoch !== entry.epoch) {
      entry.epoch = epoch
      entry.batches = []
    }
    return entry
  }
}
