/**
 * A keyed table: rows of key and value columns in pages of PAGE_ROWS, and an index from key hash to row ids.
 *
 * Snapshots are copy-on-write (frozen-table.ts): while `isFrozen`, whoever changes values of a row in place calls
 * `makeWritable` before. Row ids stay valid until the row is removed. A new row's value columns hold the clear value
 * (zero, or NULL if nullable). Everything is freed at once by dropping the table.
 */
import {
  bytesType,
  type Column,
  integerType,
  type LogicalType,
  storageOf,
  withNullable,
} from '../../types/index.ts'
import { ByteHeap } from './byte-heap.ts'
import { FrozenTable, type TableView } from './frozen-table.ts'
import { HashIndex } from './hash-index.ts'
import {
  createPagedColumn,
  PAGE_MASK,
  PAGE_ROWS,
  PAGE_SHIFT,
  type PagedColumn,
  PagedInt32,
} from './paged-column.ts'
import { RowRoom } from './row-room.ts'

/** Rows of the first page of a table at first. */
const FIRST_PAGE_ROWS = 64

const firstPageRows = (expectedRows: number): number => {
  let rows = FIRST_PAGE_ROWS
  while (rows < expectedRows && rows < PAGE_ROWS) rows *= 2
  return rows
}

/** Object keys are kept as their encoded text; every key may be NULL. */
const keyColumnType = (type: LogicalType): LogicalType =>
  storageOf(type) === 'object' ? bytesType() : withNullable(type, true)

export class KeyedTable implements TableView {
  readonly keys: readonly PagedColumn[]
  readonly values: readonly PagedColumn[]
  /** NULL where the row is not in use. */
  readonly hashes = new PagedInt32(integerType(true))
  readonly index: HashIndex
  /** Those that are not released. */
  #snapshots: readonly FrozenTable[] = []
  numRowIds = 0
  size = 0
  readonly #heap = new ByteHeap()
  readonly #freeIds: number[] = []
  readonly #columns: readonly PagedColumn[]
  readonly #room: RowRoom
  readonly #indexed: boolean

  /**
   * Without an index rows are found by id only; several may then have one hash. `expectedRows` saves a table that
   * will grow to about so many rows the growing.
   */
  constructor(
    keyTypes: readonly LogicalType[],
    valueTypes: readonly LogicalType[],
    indexed = true,
    expectedRows = 0,
  ) {
    this.#indexed = indexed
    this.index = new HashIndex(indexed ? expectedRows : 0)
    this.keys = keyTypes.map(type => createPagedColumn(keyColumnType(type), this.#heap))
    this.values = valueTypes.map(type => createPagedColumn(type, this.#heap))
    this.#columns = [this.hashes, ...this.keys, ...this.values]
    this.#room = new RowRoom(this.#columns, firstPageRows(expectedRows))
  }

  /** Bytes of strings held, free blocks included; an estimate of the table's variable part. */
  get heapBytes(): number {
    return this.#heap.allocatedBytes
  }

  /** While true, `makeWritable` comes before any change of values. It does not change within a call. */
  get isFrozen(): boolean {
    return this.#snapshots.length > 0
  }

  /** Adds a row under a hash and returns its id; its values may be written at once. The caller writes the key columns. */
  insertRow(hash: number): number {
    const id = this.#freeIds.pop() ?? this.#appendId()
    for (const snapshot of this.#snapshots) snapshot.saveRow(id)
    const page = id >>> PAGE_SHIFT
    this.hashes.values[page]![id & PAGE_MASK] = hash
    this.hashes.nulls[page]![id & PAGE_MASK] = 0
    if (this.#indexed) this.index.insert(hash, id)
    this.size++
    return id
  }

  removeRow(id: number): void {
    for (const snapshot of this.#snapshots) snapshot.saveRow(id)
    if (this.#indexed) this.index.remove(this.hashOf(id), id)
    for (const column of this.#columns) column.clear(id >>> PAGE_SHIFT, id & PAGE_MASK)
    this.#freeIds.push(id)
    this.size--
  }

  /** Sets the value columns of a row back to the clear value. */
  clearValues(id: number): void {
    this.makeWritable(id)
    for (const column of this.values) column.clear(id >>> PAGE_SHIFT, id & PAGE_MASK)
  }

  readValue(id: number, value: number, target: Column, row: number): void {
    this.values[value]!.read(id >>> PAGE_SHIFT, id & PAGE_MASK, target, row)
  }

  readKey(id: number, key: number, target: Column, row: number): void {
    this.keys[key]!.read(id >>> PAGE_SHIFT, id & PAGE_MASK, target, row)
  }

  isLive(id: number): boolean {
    return !this.hashes.isNull(id >>> PAGE_SHIFT, id & PAGE_MASK)
  }

  hashOf(id: number): number {
    return this.hashes.values[id >>> PAGE_SHIFT]![id & PAGE_MASK]!
  }

  writeValue(id: number, value: number, source: Column, row: number): void {
    this.makeWritable(id)
    this.values[value]!.write(id >>> PAGE_SHIFT, id & PAGE_MASK, source, row)
  }

  /** Keeps the values of a row, as they are, for the snapshots that may still read them. */
  makeWritable(id: number): void {
    const snapshots = this.#snapshots
    for (let s = 0; s < snapshots.length; s++) snapshots[s]!.saveValues(id)
  }

  freeze(): FrozenTable {
    this.#heap.freeze()
    const frozen = new FrozenTable(this, this.#heap, () => this.#release(frozen))
    this.#snapshots = [...this.#snapshots, frozen]
    return frozen
  }

  #release(frozen: FrozenTable): void {
    if (!this.#snapshots.includes(frozen)) return
    this.#snapshots = this.#snapshots.filter(snapshot => snapshot !== frozen)
    this.#heap.thaw()
  }

  /**
   * Empties the table for another use of its memory. False, and nothing done, where a snapshot still reads it or most
   * of the memory was not needed: then a new table is cheaper.
   */
  reset(): boolean {
    if (this.#heap.isFrozen || this.numRowIds * 8 < this.#room.rows) return false
    for (const column of this.#columns) column.resetPages()
    this.index.clear()
    this.#heap.reset()
    this.#freeIds.length = 0
    this.numRowIds = 0
    this.size = 0
    return true
  }

  /** Freed strings are kept until `thaw`: for kernels that still read a value they have just replaced. */
  holdBytes(): void {
    this.#heap.freeze()
  }
  thawBytes(): void {
    this.#heap.thaw()
  }

  #appendId(): number {
    if (this.numRowIds === this.#room.rows) this.#room.grow()
    return this.numRowIds++
  }
}
