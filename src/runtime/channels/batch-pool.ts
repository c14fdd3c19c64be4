/**
 * The arena of exchanged batches: a channel's writer acquires builders here, its reader releases them, and they
 * are used again, by all channels of an exchange within a thread: what was written last is still in the caches.
 * `numOutstanding` is zero when an attempt has ended, else that is logged as an error. Columns stand where kernels reach
 * them, so the reader's key hashes and encoders are as fast as a source's.
 */
import { BatchBuilder, batchRowsOf, type LogicalType } from '../../types/index.ts'
import { columnMemory } from '../../wasm/arena-memory.ts'

/** Rows a new builder has room for. */
const CAPACITY = 256

/** For each channel. */
const MAX_KEPT = 64
/** Of channels that are many. */
const MAX_KEPT_BY_ALL = 1024

export class BatchPool {
  readonly #types: readonly LogicalType[]
  readonly #hashedKeys: readonly number[] | null
  readonly #free: BatchBuilder[] = []
  #maxKept = 0
  #isClosed = false
  /** A batch with so many is full. */
  readonly batchRows: number
  numOutstanding = 0

  /** `hashedKeys`: of which columns the batches bring hashes with them. */
  constructor(types: readonly LogicalType[], hashedKeys: readonly number[] | null = null) {
    this.#types = types
    this.batchRows = batchRowsOf(types)
    this.#hashedKeys = hashedKeys
  }

  /** Counts a channel in that uses the pool. */
  addChannel(): void {
    this.#maxKept = Math.min(MAX_KEPT_BY_ALL, this.#maxKept + MAX_KEPT)
  }

  acquire(): BatchBuilder {
    this.numOutstanding++
    return this.#free.pop() ?? new BatchBuilder(this.#types, CAPACITY, columnMemory(), this.#hashedKeys)
  }

  release(batch: BatchBuilder): void {
    this.numOutstanding--
    batch.reset()
    if (this.#free.length < this.#maxKept && !this.#isClosed) this.#free.push(batch)
    else batch.release()
  }

  /** Gives the memory back, that of batches which are still out when they come. */
  close(): void {
    this.#isClosed = true
    for (const batch of this.#free) batch.release()
    this.#free.length = 0
  }
}
