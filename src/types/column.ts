/**
 * Columns: typed arrays with a null byte per row. Arrays may be longer than the batch; only `[0, length)` counts.
 * A column a reader is handed is read-only. `nulls[i] === 1` means row i is NULL (its value is then undefined
 * garbage); `nulls === null` means no row of this batch is NULL.
 *
 * Writers use the same classes: fill `values`/`bytes`, call `setNull(i)` for NULLs, `reset()` before reuse.
 */
import { internalError } from '../errors/index.ts'
import type { LogicalType } from './logical-type.ts'
import { type Storage, storageOf } from './storage.ts'

abstract class ColumnBase {
  nulls: Uint8Array | null = null
  /** Kept across `reset()` so that a column with NULLs does not allocate per batch. */
  #nullBuffer: Uint8Array | null = null

  abstract readonly capacity: number

  /** Clears the NULL marks; values are overwritten by the next writer. */
  reset(): void {
    if (this.nulls === null) return
    this.nulls.fill(0)
    this.nulls = null
  }

  setNull(row: number): void {
    this.nullBytes()[row] = 1
  }

  /** The null bytes, switched on if this batch had none so far. For generated code. */
  nullBytes(): Uint8Array {
    if (this.nulls !== null && this.nulls.length >= this.capacity) return this.nulls
    let buffer = this.#nullBuffer
    if (buffer === null || buffer.length < this.capacity) {
      buffer = new Uint8Array(this.capacity)
      if (this.nulls !== null) buffer.set(this.nulls)
      this.#nullBuffer = buffer
    }
    this.nulls = buffer
    return buffer
  }

  isNull(row: number): boolean {
    return this.nulls !== null && this.nulls[row] === 1
  }
}

export class Int32Column extends ColumnBase {
  readonly storage = 'i32'
  values: Int32Array

  constructor(capacity: number) {
    super()
    this.values = new Int32Array(capacity)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const values = new Int32Array(grownCapacity(this.values.length, capacity))
    values.set(this.values)
    this.values = values
  }
}

export class Float64Column extends ColumnBase {
  readonly storage = 'f64'
  values: Float64Array

  constructor(capacity: number) {
    super()
    this.values = new Float64Array(capacity)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const values = new Float64Array(grownCapacity(this.values.length, capacity))
    values.set(this.values)
    this.values = values
  }
}

/** 64-bit integers. `words` is the little-endian (lo, hi) view of the same bytes: row i at 2i and 2i+1. */
export class Int64Column extends ColumnBase {
  readonly storage = 'i64'
  values: BigInt64Array
  words: Int32Array

  constructor(capacity: number) {
    super()
    this.values = new BigInt64Array(capacity)
    this.words = new Int32Array(this.values.buffer)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const values = new BigInt64Array(grownCapacity(this.values.length, capacity))
    values.set(this.values)
    this.values = values
    this.words = new Int32Array(values.buffer)
  }

  /** Writes an exact integer |value| ≤ 2^53 without making a BigInt. */
  setNumber(row: number, value: number): void {
    this.words[row * 2] = value | 0
    this.words[row * 2 + 1] = Math.floor(value / 4294967296)
  }
}

export class MsNanosColumn extends ColumnBase {
  readonly storage = 'msnanos'
  values: Float64Array
  nanos: Int32Array

  constructor(capacity: number) {
    super()
    this.values = new Float64Array(capacity)
    this.nanos = new Int32Array(capacity)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const size = grownCapacity(this.values.length, capacity)
    const values = new Float64Array(size)
    values.set(this.values)
    this.values = values
    const nanos = new Int32Array(size)
    nanos.set(this.nanos)
    this.nanos = nanos
  }
}

/**
 * Arrow layout: row i is `bytes[offsets[i], offsets[i + 1])`. A NULL row has an empty range. Rows must be
 * written in order: write at `offsets[i]`, then set `offsets[i + 1]`.
 */
export class BytesColumn extends ColumnBase {
  readonly storage = 'bytes'
  bytes: Uint8Array
  offsets: Int32Array

  constructor(capacity: number, numBytes = capacity * 16) {
    super()
    this.bytes = new Uint8Array(numBytes)
    this.offsets = new Int32Array(capacity + 1)
  }

  override get capacity(): number {
    return this.offsets.length - 1
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.capacity) return
    const offsets = new Int32Array(grownCapacity(this.capacity, capacity) + 1)
    offsets.set(this.offsets)
    this.offsets = offsets
  }

  /** Makes room for `end` bytes in all, keeping what is there. Views of the old `bytes` become stale. */
  ensureBytes(end: number): void {
    if (end <= this.bytes.length) return
    const bytes = new Uint8Array(grownCapacity(this.bytes.length, end))
    bytes.set(this.bytes)
    this.bytes = bytes
  }

  /** Appends `source[start, end)` as row `row`; rows before it must be written. */
  append(row: number, source: Uint8Array, start: number, end: number): void {
    const at = this.offsets[row]!
    const length = end - start
    this.ensureBytes(at + length)
    if (length < 32) {
      const bytes = this.bytes
      for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!
    } else {
      this.bytes.set(source.subarray(start, end), at)
    }
    this.offsets[row + 1] = at + length
  }

  appendNull(row: number): void {
    this.setNull(row)
    this.offsets[row + 1] = this.offsets[row]!
  }
}

export class ObjectColumn extends ColumnBase {
  readonly storage = 'object'
  values: unknown[]

  constructor(capacity: number) {
    super()
    this.values = new Array<unknown>(capacity).fill(null)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const size = grownCapacity(this.values.length, capacity)
    while (this.values.length < size) this.values.push(null)
  }
}

export type Column = Int32Column | Float64Column | Int64Column | MsNanosColumn | BytesColumn | ObjectColumn
export type ColumnOf<S extends Storage> = Extract<Column, { storage: S }>

const grownCapacity = (current: number, wanted: number): number => Math.max(wanted, current * 2, 16)

export function createColumn(storage: Storage, capacity: number): Column {
  switch (storage) {
    case 'i32':
      return new Int32Column(capacity)
    case 'f64':
      return new Float64Column(capacity)
    case 'i64':
      return new Int64Column(capacity)
    case 'msnanos':
      return new MsNanosColumn(capacity)
    case 'bytes':
      return new BytesColumn(capacity)
    case 'object':
      return new ObjectColumn(capacity)
    default:
      throw internalError(`unknown storage ${String(storage satisfies never)}`)
  }
}

export const createColumnFor = (type: LogicalType, capacity: number): Column =>
  createColumn(storageOf(type), capacity)
