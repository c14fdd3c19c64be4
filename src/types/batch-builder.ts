/** Collects copied rows into owned columns: exchanges, operators' outputs, tests. */
import { type Batch, createColumns } from './batch.ts'
import { type Column, Int32Column } from './column.ts'
import type { ColumnMemory } from './column-memory.ts'
import type { LogicalType } from './logical-type.ts'
import { ROW_INSERT } from './row-kind.ts'

/** Copies row `from` of `source` to row `to` of `target` (same storage). Rows of `target` are written in order. */
export function copyValue(target: Column, to: number, source: Column, from: number): void {
  if (source.nulls !== null && source.nulls[from] === 1) {
    if (target.storage === 'bytes') target.appendNull(to)
    else target.setNull(to)
    return
  }
  if (target.storage === 'i32' && source.storage === 'i32') target.values[to] = source.values[from]!
  else if (target.storage === 'f64' && source.storage === 'f64') target.values[to] = source.values[from]!
  else if (target.storage === 'i64' && source.storage === 'i64') {
    target.words[to * 2] = source.words[from * 2]!
    target.words[to * 2 + 1] = source.words[from * 2 + 1]!
  } else if (target.storage === 'bytes' && source.storage === 'bytes') {
    target.append(to, source.bytes, source.offsets[from]!, source.offsets[from + 1]!)
  } else if (target.storage === 'msnanos' && source.storage === 'msnanos') {
    target.values[to] = source.values[from]!
    target.nanos[to] = source.nanos[from]!
  } else if (target.storage === 'object' && source.storage === 'object') {
    target.values[to] = source.values[from]
  }
}

/** Key hashes beside the columns of a builder. */
export class KeyHashColumn extends Int32Column {
  readonly keys: readonly number[]

  constructor(keys: readonly number[], capacity: number, memory?: ColumnMemory) {
    super(capacity, memory)
    this.keys = keys
  }
}

export class BatchBuilder implements Batch {
  readonly columns: readonly Column[]
  /** The writer fills it, as it does the columns. */
  readonly keyHashes: KeyHashColumn | null
  kinds: Uint8Array | null = null
  length = 0
  #kindBuffer: Uint8Array | null = null

  /** `hashedKeys`: positions of the key columns whose hashes the rows bring with them. */
  constructor(
    types: readonly LogicalType[],
    capacity = 256,
    memory?: ColumnMemory,
    hashedKeys: readonly number[] | null = null,
  ) {
    this.columns = createColumns(types, capacity, memory)
    this.keyHashes = hashedKeys === null ? null : new KeyHashColumn(hashedKeys, capacity, memory)
  }

  /** Makes room for one more row and returns its index; the caller writes every column of it. */
  addRow(kind: number = ROW_INSERT): number {
    const row = this.length++
    this.ensureCapacity(this.length)
    if (kind !== ROW_INSERT || this.kinds !== null) this.#kinds(row)[row] = kind
    return row
  }

  /** Appends a copy of one row of `source`, which has the same column storages. */
  appendRow(source: Batch, from: number, kind: number = source.kinds?.[from] ?? ROW_INSERT): void {
    const row = this.addRow(kind)
    for (let c = 0; c < this.columns.length; c++) copyValue(this.columns[c]!, row, source.columns[c]!, from)
  }

  appendBatch(source: Batch): void {
    for (let i = 0; i < source.length; i++) this.appendRow(source, i)
  }

  ensureCapacity(rows: number): void {
    this.keyHashes?.ensureCapacity(rows)
    const first = this.columns[0]
    if (first === undefined || rows <= first.capacity) return
    for (const column of this.columns) {
      column.ensureCapacity(rows)
      if (column.nulls !== null) column.nullBytes()
    }
  }

  reset(): void {
    this.length = 0
    this.kinds = null
    for (const column of this.columns) column.reset()
  }

  /** Gives the columns back to their memory. */
  release(): void {
    for (const column of this.columns) column.release()
    this.keyHashes?.release()
  }

  #kinds(row: number): Uint8Array {
    let buffer = this.#kindBuffer
    if (buffer === null || buffer.length <= row) {
      const grown = new Uint8Array(Math.max(row + 1, (buffer?.length ?? 128) * 2))
      if (this.kinds !== null) grown.set(this.kinds)
      buffer = grown
      this.#kindBuffer = grown
    }
    if (this.kinds === null) buffer.fill(ROW_INSERT, 0, row)
    this.kinds = buffer
    return buffer
  }
}
