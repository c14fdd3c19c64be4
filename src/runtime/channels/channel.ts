/**
 * A bounded queue between one writing and one reading subtask. The bound is in bytes: what the reader takes in a
 * second (DrainLimit), at most CHANNEL_BYTES. A writer asks `hasCredit()` before it takes more input, so a slow
 * reader slows the writer, and the queue overshoots by at most what one input element makes. Every batch costs
 * BATCH_COST on top of its rows, for the columns it holds even when it has few rows or none to show (COUNT(*) needs
 * no column). Control elements are free.
 */
import { DrainLimit } from '../../metrics/drain-limit.ts'
import { type Batch, sizeInBytes } from '../../types/index.ts'
import type { BatchPool } from './batch-pool.ts'
import type { StreamElement } from './stream-element.ts'

export const CHANNEL_BYTES = 2 * 1024 * 1024
/** Of a channel between threads: what is on its way counts as well. */
const REMOTE_CHANNEL_BYTES = 2 * CHANNEL_BYTES
/** Of a channel between threads until its reader is measured. */
export const REMOTE_INITIAL_BYTES = 512 * 1024
const LEAST_BYTES = 128 * 1024
/** So many channels of one reader have that; more share it, so that many slow channels hold no more than some. */
const CHANNELS_OF_LEAST = 8
const BATCH_COST = 8 * 1024

export const costOf = (batch: Batch): number => BATCH_COST + sizeInBytes(batch)

/** The writing end. */
export interface ChannelWriter {
  readonly pool: BatchPool
  put(element: StreamElement): void
  /** Puts rows that the caller keeps, where the channel copies them in any case: another thread reads it. */
  copy?(batch: Batch): void
  hasCredit(): boolean
  /** Resolves when there is credit again. One waiter at a time: the writing subtask. */
  credit(): Promise<void>
}

export class Channel implements ChannelWriter {
  readonly pool: BatchPool
  readonly #queue: StreamElement[] = []
  #head = 0
  readonly #limit: DrainLimit
  #bytes = 0
  #onCredit: (() => void) | null = null
  /** Set by the reader: wakes its subtask. */
  onData: () => void = () => {}
  /** Told the cost of each batch that is taken and the limit from then on, when the writer is in another thread. */
  onTaken: ((cost: number, limit: number) => void) | null = null

  /**
   * A writer in another thread hears of credit late and begins with more, but not so much that the first barrier
   * stands behind a slow reader for long.
   * `numSiblings`: channels that the reader has for this input.
   */
  constructor(pool: BatchPool, isRemote = false, numSiblings = 1) {
    this.pool = pool
    const least = LEAST_BYTES * Math.min(1, CHANNELS_OF_LEAST / numSiblings)
    this.#limit = isRemote
      ? new DrainLimit(least, REMOTE_CHANNEL_BYTES, REMOTE_INITIAL_BYTES)
      : new DrainLimit(least, CHANNEL_BYTES)
  }

  put(element: StreamElement): void {
    if (element.kind === 'batch') {
      if (this.#bytes === 0) this.#limit.begin()
      this.#bytes += costOf(element.batch)
    }
    this.#queue.push(element)
    this.onData()
  }

  /** The next element, or null. A batch counts against the credit until it is taken. */
  take(): StreamElement | null {
    if (this.#head === this.#queue.length) return null
    const element = this.#queue[this.#head]!
    this.#head++
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0
      this.#head = 0
    } else if (this.#head > 1024) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
    if (element.kind === 'batch') {
      const cost = costOf(element.batch)
      this.#limit.taken(cost)
      this.#bytes -= cost
      this.onTaken?.(cost, this.#limit.bytes)
      if (this.#onCredit !== null && this.hasCredit()) {
        const wake = this.#onCredit
        this.#onCredit = null
        wake()
      }
    }
    return element
  }

  hasCredit(): boolean {
    return this.#bytes < this.#limit.bytes
  }

  credit(): Promise<void> {
    return new Promise(resolve => {
      this.#onCredit = resolve
    })
  }

  get isEmpty(): boolean {
    return this.#head === this.#queue.length
  }

  get queuedBytes(): number {
    return this.#bytes
  }

  /** Drops what is queued, giving its batches back: the job is being cancelled. */
  clear(): void {
    for (let element = this.take(); element !== null; element = this.take()) {
      if (element.kind === 'batch') this.pool.release(element.batch)
    }
  }
}
