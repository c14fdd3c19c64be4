/**
 * The reused output batch of an operator: fixed capacity, flushed to the output when full. Its columns are made when the
 * first row comes: an idle job needs none.
 */
import { type Batch, batchRowsOf, type Column, createColumns, type LogicalType } from '../../types/index.ts'
import type { Output } from './operator.ts'

export class OutputBuffer implements Batch {
  readonly capacity: number
  readonly #types: readonly LogicalType[]
  #columns: readonly Column[] | null = null
  length = 0
  /** Null unless the operator emits changes; then one byte per row, which the writer fills. */
  readonly kinds: Uint8Array | null
  readonly #output: Output

  constructor(
    types: readonly LogicalType[],
    output: Output,
    withKinds: boolean,
    capacity = batchRowsOf(types),
  ) {
    this.capacity = capacity
    this.#types = types
    this.kinds = withKinds ? new Uint8Array(capacity) : null
    this.#output = output
  }

  get columns(): readonly Column[] {
    this.#columns ??= createColumns(this.#types, this.capacity)
    return this.#columns
  }

  /** Emits the rows, if any, and starts anew. */
  flush(): void {
    if (this.length === 0) return
    this.#output.emit(this)
    this.reset()
  }

  reset(): void {
    this.length = 0
    for (const column of this.#columns ?? []) column.reset()
  }
}
