/**
 * One partition's log in memory. Batches are the buffers that came off the socket; an append rewrites their offset in place
 * and reads never copy. The high watermark equals the end of the log: there are no followers.
 * `lastStableOffset` and the aborted list follow KIP-98: the list is in the order in which transactions ended.
 */

import type { LogStorage } from '../storage/log-storage.ts'
import { encodeMarker, isCommitMarker } from './control-batch.ts'
import { ProducerStates, type ProducerVerdict } from './producer-state.ts'
import { type Batch, batchAt, stampLogAppendTime, stampOffset } from './record-batch.ts'
import { firstRecordAtOrAfter } from './timestamp-lookup.ts'

export interface StoredBatch extends Batch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
}

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  /** Offset of the abort marker. */
  readonly lastOffset: number
}

export interface TimestampedOffset {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number
}

export class PartitionLog {
  readonly #storage: LogStorage | undefined
  readonly #producers = new ProducerStates()
  #aborted: AbortedTransaction[] = []
  #batches: StoredBatch[] = []
  #startOffset = 0
  #endOffset = 0
  #stableOffset = 0

  constructor(storage?: LogStorage) {
    this.#storage = storage
    for (const batch of storage?.load() ?? []) this.#restore(batch)
  }

  get startOffset(): number {
    return this.#startOffset
  }

  get endOffset(): number {
    return this.#endOffset
  }

  get lastStableOffset(): number {
    return this.#stableOffset
  }

  /** -1 when the log is empty. */
  get lastLeaderEpoch(): number {
    return this.#batches.at(-1)?.header.leaderEpoch ?? -1
  }

  get batches(): readonly StoredBatch[] {
    return this.#batches
  }

  judge(batch: Batch): ProducerVerdict {
    return batch.header.producerId < 0 ? { kind: 'append' } : this.#producers.judge(batch.header)
  }

  hasOpenTransaction(producerId: number, epoch: number): boolean {
    return this.#producers.hasOpenTransaction(producerId, epoch)
  }

  /** Appends one batch that has been judged; returns its base offset. `logAppendTime` replaces the records' own times. */
  append(batch: Batch, leaderEpoch: number, logAppendTime?: number): number {
    const baseOffset = this.#endOffset
    stampOffset(batch.bytes, baseOffset, leaderEpoch)
    if (logAppendTime !== undefined) stampLogAppendTime(batch.bytes, logAppendTime)
    const header = {
      ...batch.header,
      baseOffset,
      leaderEpoch,
      isLogAppendTime: logAppendTime !== undefined,
      maxTimestamp: logAppendTime ?? batch.header.maxTimestamp,
    }
    this.#storage?.append(batch.bytes)
    this.#add({ header, bytes: batch.bytes })
    if (header.producerId >= 0) this.#producers.appended(header, baseOffset)
    this.#advanceStableOffset()
    return baseOffset
  }

  appendMarker(
    producerId: number,
    producerEpoch: number,
    isCommit: boolean,
    coordinatorEpoch: number,
    leaderEpoch: number,
    timestamp: number,
  ): void {
    const bytes = encodeMarker(producerId, producerEpoch, isCommit, coordinatorEpoch, timestamp)
    stampOffset(bytes, this.#endOffset, leaderEpoch)
    this.#storage?.append(bytes)
    this.#restore(batchAt(bytes, 0)!)
  }

  /** Index of the batch that holds `offset`, or of the first one after it. */
  #indexOf(offset: number): number {
    let low = 0
    let high = this.#batches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#batches[middle]!.lastOffset < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * The bytes from the batch that holds `offset` up to `upperBound` (exclusive), at most `maxBytes` of them: the last batch may be cut,
   * as on a real broker. With `atLeastOne` the first batch is whole whatever its size; without it a cut first batch reads as nothing.
   */
  read(offset: number, upperBound: number, maxBytes: number, atLeastOne: boolean): Buffer[] {
    const slices: Buffer[] = []
    let room = maxBytes
    for (let i = this.#indexOf(offset); i < this.#batches.length; i++) {
      const { baseOffset, bytes } = this.#batches[i]!
      if (baseOffset >= upperBound) break
      const isFirst = slices.length === 0
      if (bytes.length > room && isFirst) return atLeastOne ? [bytes] : []
      if (bytes.length > room) {
        if (room > 0) slices.push(bytes.subarray(0, room))
        break
      }
      slices.push(bytes)
      room -= bytes.length
    }
    return slices
  }

  /** Bytes available from `offset` to `upperBound`, counted no further than `limit`. */
  availableBytes(offset: number, upperBound: number, limit: number): number {
    let total = 0
    for (let i = this.#indexOf(offset); i < this.#batches.length && total < limit; i++) {
      const batch = this.#batches[i]!
      if (batch.baseOffset >= upperBound) break
      total += batch.bytes.length
    }
    return total
  }

  /** Aborted transactions that touch offsets from `offset` to `upperBound` (exclusive), in completion order. */
  abortedBetween(offset: number, upperBound: number): AbortedTransaction[] {
    return this.#aborted.filter(entry => entry.lastOffset >= offset && entry.firstOffset < upperBound)
  }

  /** The first record whose timestamp is at or after `timestamp`. */
  offsetForTimestamp(timestamp: number): TimestampedOffset | undefined {
    for (const batch of this.#batches) {
      if (batch.maxTimestamp < timestamp || batch.header.isControl) continue
      const found = firstRecordAtOrAfter(batch, timestamp)
      if (found !== undefined && found.offset >= this.#startOffset) {
        return { ...found, leaderEpoch: batch.header.leaderEpoch }
      }
    }
    return undefined
  }

  /** The record with the largest timestamp (first of several equal ones). */
  offsetOfMaxTimestamp(): TimestampedOffset | undefined {
    let best: StoredBatch | undefined
    for (const batch of this.#batches) {
      if (!batch.header.isControl && (best === undefined || batch.maxTimestamp > best.maxTimestamp))
        best = batch
    }
    return best === undefined ? undefined : this.offsetForTimestamp(best.maxTimestamp)
  }

  /** End of the last batch written under an epoch up to `leaderEpoch`; -1 for an epoch this log has not come to. */
  endOffsetForEpoch(leaderEpoch: number): { readonly epoch: number; readonly endOffset: number } {
    if (leaderEpoch > this.lastLeaderEpoch) return { epoch: -1, endOffset: -1 }
    for (let i = this.#batches.length - 1; i >= 0; i--) {
      const { header, lastOffset } = this.#batches[i]!
      if (header.leaderEpoch <= leaderEpoch) return { epoch: header.leaderEpoch, endOffset: lastOffset + 1 }
    }
    return { epoch: -1, endOffset: -1 }
  }

  deleteBefore(offset: number): void {
    this.#startOffset = offset
    const first = this.#indexOf(offset)
    if (first > 0) this.#batches = this.#batches.slice(first)
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset >= offset)
    // After a restart the file may hold nothing that tells how far the log had come.
    this.#endOffset = Math.max(this.#endOffset, offset)
    this.#advanceStableOffset()
    this.#storage?.deleteBefore(this.#batches)
  }

  close(): void {
    this.#storage?.close()
  }

  #add(batch: Batch): void {
    const { baseOffset, lastOffsetDelta, maxTimestamp } = batch.header
    const lastOffset = baseOffset + lastOffsetDelta
    this.#batches.push({ ...batch, baseOffset, lastOffset, maxTimestamp })
    this.#endOffset = lastOffset + 1
  }

  #advanceStableOffset(): void {
    this.#stableOffset = this.#producers.firstOpenOffset() ?? this.#endOffset
  }

  #mark(producerId: number, producerEpoch: number, isCommit: boolean, markerOffset: number): void {
    const firstOffset = this.#producers.marked(producerId, producerEpoch)
    if (firstOffset !== undefined && !isCommit) {
      this.#aborted.push({ producerId, firstOffset, lastOffset: markerOffset })
    }
  }

  /** Takes in a stamped batch, from disk or a marker just made. */
  #restore(batch: Batch): void {
    const { header } = batch
    this.#add(batch)
    if (header.isControl)
      this.#mark(header.producerId, header.producerEpoch, isCommitMarker(batch), header.baseOffset)
    else if (header.producerId >= 0) this.#producers.appended(header, header.baseOffset)
    this.#advanceStableOffset()
  }
}
