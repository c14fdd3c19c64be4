/** One partition as a reader sees it: fetched chunks, the position in them, and what is known of its end. */

import type { SplitStatus } from '../../contract/index.ts'
import { readInt32, readInt64 } from '../records/batch-header.ts'
import { RecordDecoder } from '../records/record-decoder.ts'
import type { RecordRun } from '../records/record-run.ts'
import type { FetchedPartition } from '../requests/fetch.ts'
import { splitId } from '../requests/offsets.ts'
import { AbortedFilter } from './aborted-filter.ts'
import type { SplitPosition } from './split.ts'

const NO_BYTES = new Uint8Array(0)

/** A response whose chunks are worked off one by one; the last one frees it. */
export interface ResponseLease {
  numChunks: number
  free(): void
}

interface Chunk {
  readonly fetched: FetchedPartition
  /** null: the bytes are nobody's to reuse. */
  readonly lease: ResponseLease | null
  /** Where the fetch started, and where the next one does: the same when no whole batch came that reaches it. */
  readonly fetchOffset: number
  readonly nextOffset: number
}

export class PartitionCursor {
  readonly topic: string
  readonly partition: number
  readonly split: string
  readonly stop: number | null
  /** Of the topic the positions belong to; '' = not known. */
  topicId: string
  /** True when the position came from a checkpoint, for the hint of an out-of-range error. */
  readonly restored: boolean
  readonly decoder: RecordDecoder
  readonly #start: number
  readonly #readCommitted: boolean
  readonly #filter = new AbortedFilter()
  readonly #chunks: Chunk[] = []
  /** Of responses that are read to their end, but the run may still point into them. */
  readonly #usedUp: ResponseLease[] = []
  /** Reading position in the first chunk; 0 = not opened. */
  #at = 0
  #batchOpen = false
  /** Of the batch opened last in this chunk. */
  #lastOffset = -1
  /** The next offset to hand out. */
  position: number
  /** The next offset to ask for. */
  fetchOffset: number
  queuedBytes = 0
  leader = -1
  inFetch = false
  /** Not before this time (on performance.now()'s clock), after an error. */
  retryAt = 0
  numErrors = 0
  /** Since when (on performance.now()'s clock) the cluster does not know the partition; 0 = it does. */
  missingSince = 0
  #end = -1
  #highWatermark = -1

  constructor(position: SplitPosition, readCommitted: boolean, checkCrc: boolean, restored: boolean) {
    this.topic = position.topic
    this.partition = position.partition
    this.split = splitId(position)
    this.#start = position.offset
    this.position = position.offset
    this.fetchOffset = position.offset
    this.stop = position.stop
    this.topicId = position.topicId
    this.restored = restored
    this.#readCommitted = readCommitted
    this.decoder = new RecordDecoder(position.topic, position.partition, checkCrc)
  }

  /** Whether anything was fetched since the start. */
  get hasMoved(): boolean {
    return this.fetchOffset > this.#start
  }

  get finished(): boolean {
    return this.stop !== null && this.position >= this.stop
  }

  /** Nothing more needs to be fetched. */
  get fetchedAll(): boolean {
    return this.stop !== null && this.fetchOffset >= this.stop
  }

  get hasData(): boolean {
    return this.#chunks.length > 0
  }

  /** Fetched at least once. */
  get isKnown(): boolean {
    return this.#end >= 0
  }

  /** Everything there was has been fetched and read, and more may come. */
  get isAtEnd(): boolean {
    return this.stop === null && this.isKnown && this.fetchOffset === this.#end && !this.hasData
  }

  get status(): SplitStatus {
    const known = this.isKnown
    return {
      split: this.split,
      caughtUp: this.finished || (known && this.position >= this.#end),
      neverHeldRecords: this.#highWatermark === 0,
      finished: this.finished,
      lag: known ? Math.max(0, this.#end - this.position) : null,
    }
  }

  /** Takes over a successful answer. Returns whether something a watcher can see has changed. */
  fetched(answer: FetchedPartition, lease: ResponseLease | null = null): boolean {
    const changed = this.#hasNewEnd(answer)
    this.#end = this.#endIn(answer)
    this.#highWatermark = answer.highWatermark
    this.numErrors = 0
    const nextOffset = endOfBatches(answer, this.fetchOffset)
    if (answer.start === answer.end) return changed
    const { fetchOffset } = this
    this.fetchOffset = nextOffset
    if (lease !== null) lease.numChunks++
    this.#chunks.push({ fetched: answer, lease, fetchOffset, nextOffset })
    this.queuedBytes += answer.end - answer.start
    return true
  }

  /** Whether `fetched` would change anything. */
  isNews(answer: FetchedPartition): boolean {
    return answer.start < answer.end || this.#hasNewEnd(answer)
  }

  #endIn({ lastStableOffset, highWatermark }: FetchedPartition): number {
    return this.#readCommitted && lastStableOffset >= 0 ? lastStableOffset : highWatermark
  }

  #hasNewEnd(answer: FetchedPartition): boolean {
    const isEmptyLog = answer.highWatermark === 0
    return this.#endIn(answer) !== this.#end || isEmptyLog !== (this.#highWatermark === 0)
  }

  /**
   * Puts records into the run until it holds `limit` records, the bytes change (`onBytes` is then called first,
   * and must empty the run), or all chunks are used up. `perBatch` ends the run at each batch border.
   */
  read(run: RecordRun, limit: () => number, onBytes: () => void, perBatch: boolean): void {
    const { decoder } = this
    for (;;) {
      if (!this.#batchOpen && !this.#openBatch()) return
      if (run.bytes !== decoder.bytes) {
        if (run.length > 0) onBytes()
        run.bytes = decoder.bytes
      }
      const room = limit()
      if (run.length >= room) return
      const before = run.length
      decoder.decode(run, this.position, this.stop ?? Number.POSITIVE_INFINITY, room)
      if (run.length > before) this.position = Math.max(this.position, run.offsets[run.length - 1]! + 1)
      if (decoder.exhausted) {
        this.position = Math.max(this.position, decoder.header.lastOffset + 1)
        this.#batchOpen = false
      }
      if (perBatch && run.length > 0) onBytes()
    }
  }

  /** The run was emptied: gives back what is used up. Decoding takes memory, so not before. */
  releaseUsed(): void {
    for (const lease of this.#usedUp) if (--lease.numChunks === 0) lease.free()
    this.#usedUp.length = 0
  }

  /** Moves to the next batch with records for us. False: the chunks are used up. */
  #openBatch(): boolean {
    const { decoder } = this
    for (;;) {
      const chunk = this.#chunks[0]
      if (chunk === undefined) return false
      const { bytes, start, end, aborted } = chunk.fetched
      if (this.#at === 0) {
        this.#at = start
        this.#lastOffset = -1
        this.#filter.reset(this.#readCommitted ? aborted : [])
      }
      if (this.finished || this.#at >= end || !decoder.openHeader(bytes, this.#at, end)) {
        // Fetched again it would be the same: better an error than a fetch loop for ever.
        if (chunk.nextOffset === chunk.fetchOffset && !this.finished)
          throw decoder.corrupt(`no whole batch reaches offset ${chunk.fetchOffset}, which was asked for`)
        this.position = Math.max(this.position, chunk.nextOffset)
        this.queuedBytes -= end - start
        this.#chunks.shift()
        this.#at = 0
        if (chunk.lease !== null) this.#usedUp.push(chunk.lease)
        continue
      }
      const { header } = decoder
      this.#at = header.end
      if (header.baseOffset <= this.#lastOffset) throw decoder.corrupt('it overlaps the batch before')
      this.#lastOffset = header.lastOffset
      this.#filter.advance(header.lastOffset)
      if (header.isControl) {
        if (decoder.controlType(bytes) === 0) this.#filter.abortMarker(header.producerId)
      } else if (
        header.lastOffset >= this.position &&
        !(header.isTransactional && this.#filter.isAborted(header.producerId))
      ) {
        decoder.openRecords(bytes)
        this.#batchOpen = true
        return true
      }
      this.position = Math.max(this.position, header.lastOffset + 1)
    }
  }

  /** Frees the fetched bytes. */
  close(): void {
    this.#chunks.length = 0
    this.#batchOpen = false
    this.queuedBytes = 0
  }

  /** A run's bytes must not pin a response once it is used up. */
  static readonly noBytes = NO_BYTES
}

/** The offset after the last whole batch; the fetch offset when there is none. */
function endOfBatches({ bytes, start, end }: FetchedPartition, fetchOffset: number): number {
  let next = fetchOffset
  for (let at = start; at + 61 <= end; ) {
    const length = readInt32(bytes, at + 8)
    const batchEnd = at + 12 + length
    if (length < 0 || batchEnd > end) break
    // Old message formats have no last offset; the decoder names them when it gets there.
    if (bytes[at + 16]! === 2) next = Math.max(next, readInt64(bytes, at) + readInt32(bytes, at + 23) + 1)
    else next = Math.max(next, readInt64(bytes, at) + 1)
    at = batchEnd
  }
  return next
}
