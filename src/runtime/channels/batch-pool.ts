/**
 * The arena of exchanged batches: a channel's writer acquires builders here, its reader releases them, and they
 * are used again. `numOutstanding` is zero when an attempt has ended, else that is logged as an error.
 */
import { BatchBuilder, type LogicalType } from '../../types/index.ts'

const MAX_KEPT = 64

export class BatchPool {
  readonly #types: readonly LogicalType[]
  readonly #free: BatchBuilder[] = []
  numOutstanding = 0

  constructor(types: readonly LogicalType[]) {
    this.#types = types
  }

  acquire(): BatchBuilder {
    this.numOutstanding++
    return this.#free.pop() ?? new BatchBuilder(this.#types)
  }

  release(batch: BatchBuilder): void {
    this.numOutstanding--
    batch.reset()
    if (this.#free.length < MAX_KEPT) this.#free.push(batch)
  }
}
