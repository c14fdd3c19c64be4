/**
 * The unit of work. Ownership: a batch handed to `processBatch`, a decoder's result or a kernel's result is
 * *borrowed*: valid only until the call returns (or until the same producer's next call), then its buffers are
 * reused. Whoever keeps rows copies them (`BatchBuilder`, state tables, channels). So nothing pins a fetch
 * response, and nobody may hold a batch or a view of it across an `await`.
 */
import { type Column, createColumnFor } from './column.ts'
import type { ColumnMemory } from './column-memory.ts'
import type { LogicalType } from './logical-type.ts'

/** Rows a batch normally holds at most. */
export const BATCH_ROWS = 4096

export interface Batch {
  readonly length: number
  readonly columns: readonly Column[]
  /** Row kinds (see row-kind.ts), or null when every row is an insert. */
  readonly kinds: Uint8Array | null
}

export const createColumns = (
  types: readonly LogicalType[],
  capacity: number,
  memory?: ColumnMemory,
): Column[] => types.map(type => createColumnFor(type, capacity, memory))
