/**
 * A keyed table: rows of key and value columns in pages of PAGE_ROWS, and an index from key hash to row ids.
 *
 * Snapshots are copy-on-write: `freeze()` costs O(pages) and hands out the pages as they are; a later writer
 * copies the values of a page before its first change (`versions[page] !== version` → `makeWritable`), and its keys only
 * when a row comes or goes. Row ids stay valid until the row is removed. A new row's value columns hold the clear value
 * (zero, or NULL if nullable). Everything is freed at once by dropping the table.
 */
import { bytesType, type Column, type LogicalType, storageOf, withNullable } from '../../types/index.ts'
import { ByteHeap } from './byte-heap.ts'
import { HashIndex } from './hash-index.ts'
import { createPagedColumn, PAGE_MASK, PAGE_ROWS, PAGE_SHIFT, type PagedColumn } from './paged-column.ts'

/** Rows of the first page of a table at first; it grows by four until it is a whole page. */
const FIRST_PAGE_ROWS = 64

/** What readers of a table need; both live tables and frozen ones have it. */
export interface TableView {
  readonly keys: readonly PagedColumn[]
  readonly values: readonly PagedColumn[]
  readonly hashes: readonly Int32Array[]
  /** 1 where the row is in use. */
  readonly live: readonly Uint8Array[]
  /** Row ids are below this. */
  readonly numRowIds: number
  /** Rows in use. */
  readonly size: number
}

export interface FrozenTable extends TableView {
  release(): void
}

/** Object keys are kept as their encoded text; every key may be NULL. */
const keyColumnType = (type: LogicalType): LogicalType =>
  storageOf(type) === 'object' ? bytesType() : withNullable(type, true)

export class KeyedTable implements TableView {
  readonly keys: readonly PagedColumn[]
  readonly values: readonly PagedColumn[]
  readonly hashes: Int32Array[] = []
  readonly live: Uint8Array[] = []
  readonly index: HashIndex
  /** Version of the values of each page; a page of an older version may be in a snapshot. */
  readonly versions: number[] = []
  /** The same for keys, hashes and what is in use. */
  readonly #keyVersions: number[] = []
  /** Snapshots that are not released. */
  #numFrozen = 0
  version = 0
  numRowIds = 0
  size = 0
  readonly #heap = new ByteHeap()
  readonly #freeIds: number[] = []
  readonly #columns: readonly PagedColumn[]
  readonly #indexed: boolean
  readonly #firstPageRows: number

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
    this.#firstPageRows = expectedRows < PAGE_ROWS / 4 ? FIRST_PAGE_ROWS : PAGE_ROWS
    this.keys = keyTypes.map(type => createPagedColumn(keyColumnType(type), this.#heap))
    this.values = valueTypes.map(type => createPagedColumn(type, this.#heap))
    this.#columns = [...this.keys, ...this.values]
  }

  /** Bytes of strings held, free blocks included; an estimate of the table's variable part. */
  get heapBytes(): number {
    return this.#heap.allocatedBytes
  }

  /** Adds a row under a hash and returns its id; its page is writable. The caller writes the key columns. */
  insertRow(hash: number): number {
    const id = this.#freeIds.pop() ?? this.#appendId()
    const page = id >>> PAGE_SHIFT
    this.#makeKeysWritable(page)
    this.hashes[page]![id & PAGE_MASK] = hash
    this.live[page]![id & PAGE_MASK] = 1
    if (this.#indexed) this.index.insert(hash, id)
    this.size++
    return id
  }

  removeRow(id: number): void {
    const page = id >>> PAGE_SHIFT
    const at = id & PAGE_MASK
    this.#makeKeysWritable(page)
    if (this.#indexed) this.index.remove(this.hashes[page]![at]!, id)
    this.live[page]![at] = 0
    for (const column of this.#columns) column.clear(page, at)
    this.#freeIds.push(id)
    this.size--
  }

  /** Sets the value columns of a row back to the clear value. */
  clearValues(id: number): void {
    const page = id >>> PAGE_SHIFT
    if (this.versions[page] !== this.version) this.makeWritable(page)
    for (const column of this.values) column.clear(page, id & PAGE_MASK)
  }

  readValue(id: number, value: number, target: Column, row: number): void {
    this.values[value]!.read(id >>> PAGE_SHIFT, id & PAGE_MASK, target, row)
  }

  readKey(id: number, key: number, target: Column, row: number): void {
    this.keys[key]!.read(id >>> PAGE_SHIFT, id & PAGE_MASK, target, row)
  }

  isLive(id: number): boolean {
    return this.live[id >>> PAGE_SHIFT]![id & PAGE_MASK] === 1
  }

  writeValue(id: number, value: number, source: Column, row: number): void {
    const page = id >>> PAGE_SHIFT
    if (this.versions[page] !== this.version) this.makeWritable(page)
    this.values[value]!.write(page, id & PAGE_MASK, source, row)
  }

  /** Must be called before values in a page of an older version are changed. Copies them if a snapshot may need them. */
  makeWritable(page: number): void {
    if (this.#numFrozen > 0) for (const column of this.values) column.copyPage(page)
    this.versions[page] = this.version
  }

  /** The same for all of the page. */
  #makeKeysWritable(page: number): void {
    if (this.versions[page] !== this.version) this.makeWritable(page)
    if (this.#keyVersions[page] === this.version) return
    this.#keyVersions[page] = this.version
    if (this.#numFrozen === 0) return
    for (const column of this.keys) column.copyPage(page)
    this.hashes[page] = this.hashes[page]!.slice()
    this.live[page] = this.live[page]!.slice()
  }

  freeze(): FrozenTable {
    this.version++
    this.#numFrozen++
    this.#heap.freeze()
    let released = false
    return {
      keys: this.keys.map(column => column.frozen()),
      values: this.values.map(column => column.frozen()),
      hashes: this.hashes.slice(),
      live: this.live.slice(),
      numRowIds: this.numRowIds,
      size: this.size,
      release: () => {
        if (released) return
        released = true
        this.#numFrozen--
        this.#heap.thaw()
      },
    }
  }

  /**
   * Empties the table for another use of its memory. False, and nothing done, where a snapshot still reads it or most
   * of the memory was not needed: then a new table is cheaper.
   */
  reset(): boolean {
    const room = this.live.reduce((sum, live) => sum + live.length, 0)
    if (this.#heap.isFrozen || this.numRowIds * 8 < room) return false
    for (const column of this.#columns) column.resetPages()
    for (const live of this.live) live.fill(0)
    this.versions.fill(this.version)
    this.#keyVersions.fill(this.version)
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
    const id = this.numRowIds++
    const page = id >>> PAGE_SHIFT
    if (page === this.versions.length) this.#addPage(page === 0 ? this.#firstPageRows : PAGE_ROWS)
    else if ((id & PAGE_MASK) >= this.live[page]!.length)
      this.#growPage(page, Math.min(PAGE_ROWS, this.live[page]!.length * 4))
    return id
  }

  #addPage(rows: number): void {
    for (const column of this.#columns) column.addPage(rows)
    this.hashes.push(new Int32Array(rows))
    this.live.push(new Uint8Array(rows))
    this.versions.push(this.version)
    this.#keyVersions.push(this.version)
  }

  #growPage(page: number, rows: number): void {
    for (const column of this.#columns) column.growPage(page, rows)
    const hashes = new Int32Array(rows)
    hashes.set(this.hashes[page]!)
    this.hashes[page] = hashes
    const live = new Uint8Array(rows)
    live.set(this.live[page]!)
    this.live[page] = live
    this.versions[page] = this.version
    this.#keyVersions[page] = this.version
  }
}
