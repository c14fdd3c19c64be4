/**
 * The unit of work. Ownership: a batch handed to `processBatch`, a decoder's result or a kernel's result is
 * *borrowed*: valid only until the call returns (or until the same producer's next call), then its buffers are
 * reused. Whoever keeps rows copies them (`BatchBuilder`, state tables, channels). So nothing pins a fetch
 * response, and nobody may hold a batch or a view of it across an `await`.
 */
import { type Column, createColumnFor } from './column.ts'
import type { ColumnMemory } from './column-memory.ts'
import type { LogicalType } from './logical-type.ts'
import { type Storage, storageOf } from './storage.ts'

/** Rows a batch normally holds at most. */
export const BATCH_ROWS = 4096

/** About what the columns of a batch may take, so that what one step wrote is in the caches when the next reads it. */
const BATCH_BYTES = 2 * 1024 * 1024
const LEAST_BATCH_ROWS = 256
/** Of a string or an object, besides its place: a guess. */
const BYTES_OF_VALUE = 12

const bytesPerRow: Readonly<Record<Storage, number>> = {
  i32: 4,
  f64: 8,
  i64: 8,
  msnanos: 12,
  bytes: 4 + BYTES_OF_VALUE,
  object: 8 + BYTES_OF_VALUE,
}

/** Rows a batch of these columns is made for: fewer than `BATCH_ROWS` where there are many columns. */
export function batchRowsOf(types: readonly LogicalType[]): number {
  const width = types.reduce((sum, type) => sum + bytesPerRow[storageOf(type)], 0)
  const rows = Math.floor(BATCH_BYTES / Math.max(width, 1))
  return Math.min(BATCH_ROWS, Math.max(LEAST_BATCH_ROWS, rows))
}

/** The hash of each row's key, over the columns at positions `keys`: src/state/keys/key-hash.ts. */
export interface KeyHashes {
  readonly keys: readonly number[]
  readonly values: Int32Array
}

export interface Batch {
  readonly length: number
  readonly columns: readonly Column[]
  /** Row kinds (see row-kind.ts), or null when every row is an insert. */
  readonly kinds: Uint8Array | null
  /** Where a hash exchange has made them already. */
  readonly keyHashes?: KeyHashes | null
}

/** Bytes of the rows, for credits. An estimate: fixed widths plus string bytes. */
export function sizeInBytes({ length, columns }: Batch): number {
  let size = 0
  for (const column of columns)
    size += column.storage === 'bytes' ? column.offsets[length]! + length * 4 : length * 8
  return size
}

export const createColumns = (
  types: readonly LogicalType[],
  capacity: number,
  memory?: ColumnMemory,
): Column[] => types.map(type => createColumnFor(type, capacity, memory))
