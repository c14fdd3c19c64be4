/**
 * The arena of exchanged batches: a channel's writer acquires builders here, its reader releases them, and they
 * are used again. `numOutstanding` is zero when an attempt has ended, else that is logged as an error. Columns stand
 * where kernels reach them, so the reader's key hashes and encoders are as fast as a source's.
 */
import { BatchBuilder, type LogicalType } from '../../types/index.ts'
import { columnMemory } from '../../wasm/arena-memory.ts'

/** Rows a new builder has room for. */
const CAPACITY = 256

const MAX_KEPT = 64

export class BatchPool {
  readonly #types: readonly LogicalType[]
  readonly #hashedKeys: readonly number[] | null
  readonly #free: BatchBuilder[] = []
  #isClosed = false
  numOutstanding = 0

  /** `hashedKeys`: of which columns the batches bring hashes with them. */
  constructor(types: readonly LogicalType[], hashedKeys: readonly number[] | null = null) {
    this.#types = types
    this.#hashedKeys = hashedKeys
  }

  acquire(): BatchBuilder {
    this.numOutstanding++
    return this.#free.pop() ?? new BatchBuilder(this.#types, CAPACITY, columnMemory(), this.#hashedKeys)
  }

  release(batch: BatchBuilder): void {
    this.numOutstanding--
    batch.reset()
    if (this.#free.length < MAX_KEPT && !this.#isClosed) this.#free.push(batch)
    else batch.release()
  }

  /** Gives the memory back, that of batches which are still out when they come. */
  close(): void {
    this.#isClosed = true
    for (const batch of this.#free) batch.release()
    this.#free.length = 0
  }
}
