/**
 * Columns: typed arrays with a null byte per row. Arrays may be longer than the batch; only `[0, length)` counts.
 * A column a reader is handed is read-only. `nulls[i] === 1` means row i is NULL (its value is then undefined
 * garbage); `nulls === null` means no row of this batch is NULL.
 *
 * Writers use the same classes: fill `values`/`bytes`, call `setNull(i)` for NULLs, `reset()` before reuse.
 */
import { internalError } from '../errors/index.ts'
import { bytesOf, type ColumnMemory, float64sOf, heapMemory, int32sOf, int64sOf } from './column-memory.ts'
import type { LogicalType } from './logical-type.ts'
import { type Storage, storageOf } from './storage.ts'

abstract class ColumnBase {
  nulls: Uint8Array | null = null
  /** Kept across `reset()` so that a column with NULLs does not allocate per batch. */
  #nullBuffer: Uint8Array | null = null
  protected readonly memory: ColumnMemory

  constructor(memory: ColumnMemory) {
    this.memory = memory
  }

  abstract readonly capacity: number

  /** Gives the buffers back to their memory: the column and views of it must not be used any more. */
  release(): void {
    if (this.#nullBuffer !== null) this.memory.release(this.#nullBuffer)
    this.#nullBuffer = null
    this.nulls = null
  }

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
    this.nulls = this.spareNullBytes()
    return this.nulls
  }

  /** The bytes `nullBytes` would switch on, all zero while it has not: for kernels that may find no NULL. */
  spareNullBytes(): Uint8Array {
    const before = this.#nullBuffer
    if (before !== null && before.length >= this.capacity) return before
    const buffer = bytesOf(this.memory, this.capacity)
    buffer.fill(0)
    if (this.nulls !== null) {
      buffer.set(this.nulls)
      this.nulls = buffer
    }
    if (before !== null) this.memory.release(before)
    this.#nullBuffer = buffer
    return buffer
  }

  isNull(row: number): boolean {
    return this.nulls !== null && this.nulls[row] === 1
  }
}

export class Int32Column extends ColumnBase {
  readonly storage = 'i32'
  values: Int32Array

  constructor(capacity: number, memory: ColumnMemory = heapMemory) {
    super(memory)
    this.values = int32sOf(memory, capacity)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const values = int32sOf(this.memory, grownCapacity(this.values.length, capacity))
    values.set(this.values)
    this.memory.release(this.values)
    this.values = values
  }

  override release(): void {
    super.release()
    this.memory.release(this.values)
  }
}

export class Float64Column extends ColumnBase {
  readonly storage = 'f64'
  values: Float64Array

  constructor(capacity: number, memory: ColumnMemory = heapMemory) {
    super(memory)
    this.values = float64sOf(memory, capacity)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const values = float64sOf(this.memory, grownCapacity(this.values.length, capacity))
    values.set(this.values)
    this.memory.release(this.values)
    this.values = values
  }

  override release(): void {
    super.release()
    this.memory.release(this.values)
  }
}

/** 64-bit integers. `words` is the little-endian (lo, hi) view of the same bytes: row i at 2i and 2i+1. */
export class Int64Column extends ColumnBase {
  readonly storage = 'i64'
  values: BigInt64Array
  words: Int32Array

  constructor(capacity: number, memory: ColumnMemory = heapMemory) {
    super(memory)
    this.values = int64sOf(memory, capacity)
    this.words = wordsOf(this.values)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const values = int64sOf(this.memory, grownCapacity(this.values.length, capacity))
    values.set(this.values)
    this.memory.release(this.values)
    this.values = values
    this.words = wordsOf(values)
  }

  override release(): void {
    super.release()
    this.memory.release(this.values)
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

  constructor(capacity: number, memory: ColumnMemory = heapMemory) {
    super(memory)
    this.values = float64sOf(memory, capacity)
    this.nanos = int32sOf(memory, capacity)
  }

  override get capacity(): number {
    return this.values.length
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.values.length) return
    const size = grownCapacity(this.values.length, capacity)
    const values = float64sOf(this.memory, size)
    values.set(this.values)
    this.memory.release(this.values)
    this.values = values
    const nanos = int32sOf(this.memory, size)
    nanos.set(this.nanos)
    this.memory.release(this.nanos)
    this.nanos = nanos
  }

  override release(): void {
    super.release()
    this.memory.release(this.values)
    this.memory.release(this.nanos)
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

  constructor(capacity: number, numBytes: number = capacity * 16, memory: ColumnMemory = heapMemory) {
    super(memory)
    this.bytes = bytesOf(memory, numBytes)
    this.offsets = int32sOf(memory, capacity + 1)
    this.offsets[0] = 0
  }

  override get capacity(): number {
    return this.offsets.length - 1
  }

  ensureCapacity(capacity: number): void {
    if (capacity <= this.capacity) return
    const offsets = int32sOf(this.memory, grownCapacity(this.capacity, capacity) + 1)
    offsets.set(this.offsets)
    this.memory.release(this.offsets)
    this.offsets = offsets
  }

  /** Makes room for `end` bytes in all, keeping what is there. Views of the old `bytes` become stale. */
  ensureBytes(end: number): void {
    if (end <= this.bytes.length) return
    const bytes = bytesOf(this.memory, grownCapacity(this.bytes.length, end))
    bytes.set(this.bytes)
    this.memory.release(this.bytes)
    this.bytes = bytes
  }

  override release(): void {
    super.release()
    this.memory.release(this.bytes)
    this.memory.release(this.offsets)
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

  constructor(capacity: number, memory: ColumnMemory = heapMemory) {
    super(memory)
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

const wordsOf = (values: BigInt64Array): Int32Array =>
  new Int32Array(values.buffer, values.byteOffset, values.length * 2)

const grownCapacity = (current: number, wanted: number): number => Math.max(wanted, current * 2, 16)

export function createColumn(storage: Storage, capacity: number, memory?: ColumnMemory): Column {
  switch (storage) {
    case 'i32':
      return new Int32Column(capacity, memory)
    case 'f64':
      return new Float64Column(capacity, memory)
    case 'i64':
      return new Int64Column(capacity, memory)
    case 'msnanos':
      return new MsNanosColumn(capacity, memory)
    case 'bytes':
      return new BytesColumn(capacity, undefined, memory)
    case 'object':
      return new ObjectColumn(capacity, memory)
    default:
      throw internalError(`unknown storage ${String(storage satisfies never)}`)
  }
}

export const createColumnFor = (type: LogicalType, capacity: number, memory?: ColumnMemory): Column =>
  createColumn(storageOf(type), capacity, memory)
