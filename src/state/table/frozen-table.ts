/**
 * A keyed table as it was at one moment, while the table goes on. Before a row is changed for the first time, the block
 * of rows around it is copied: its image. What was not changed is read from the table itself. So freezing costs
 * four bytes a block and a write one block, and no write after a barrier takes long, whatever the size of the table.
 */
import type { Column } from '../../types/index.ts'
import type { ByteHeap } from './byte-heap.ts'
import { PAGE_MASK, PAGE_SHIFT } from './paged-base.ts'
import { createPagedColumn, type PagedColumn, type PagedInt32 } from './paged-column.ts'
import { RowRoom } from './row-room.ts'

const BLOCK_SHIFT = 6
export const BLOCK_ROWS = 1 << BLOCK_SHIFT
const BLOCK_MASK = BLOCK_ROWS - 1

export interface ColumnView {
  /** Row `at` of a page into row `row` of the target. */
  read(page: number, at: number, target: Column, row: number): void
}

/** What readers of a table need; both live tables and frozen ones have it. */
export interface TableView {
  readonly keys: readonly ColumnView[]
  readonly values: readonly ColumnView[]
  /** Row ids are below this. */
  readonly numRowIds: number
  /** Rows in use. */
  readonly size: number
  isLive(id: number): boolean
  hashOf(id: number): number
}

/** Images of blocks of some columns of one table. */
class BlockImages {
  readonly #columns: readonly PagedColumn[]
  /** The block with number n stands in rows n × BLOCK_ROWS and following. */
  readonly images: readonly PagedColumn[]
  readonly #room: RowRoom
  /** By block: number of its image + 1; 0 = none. */
  readonly #slots: Int32Array
  count = 0

  constructor(columns: readonly PagedColumn[], heap: ByteHeap, numRows: number) {
    this.#columns = columns
    this.images = columns.map(column => createPagedColumn(column.type, heap))
    this.#room = new RowRoom(this.images, BLOCK_ROWS)
    this.#slots = new Int32Array((numRows + BLOCK_MASK) >>> BLOCK_SHIFT)
  }

  /** Where the row stands in the images; -1 = in the table. */
  rowOf(id: number): number {
    const slot = this.#slots[id >>> BLOCK_SHIFT]!
    return slot === 0 ? -1 : ((slot - 1) << BLOCK_SHIFT) | (id & BLOCK_MASK)
  }

  save(id: number): void {
    const block = id >>> BLOCK_SHIFT
    if (this.#slots[block] !== 0) return
    this.#slots[block] = ++this.count
    if (this.count * BLOCK_ROWS > this.#room.rows) this.#room.grow()
    const from = block << BLOCK_SHIFT
    const to = (this.count - 1) << BLOCK_SHIFT
    for (let c = 0; c < this.images.length; c++)
      this.images[c]!.copyRows(to, this.#columns[c]!, from, BLOCK_ROWS)
  }
}

class FrozenColumn implements ColumnView {
  readonly #images: BlockImages
  readonly #live: PagedColumn
  readonly #image: PagedColumn

  constructor(images: BlockImages, live: PagedColumn, image: PagedColumn) {
    this.#images = images
    this.#live = live
    this.#image = image
  }

  read(page: number, at: number, target: Column, row: number): void {
    const imageRow = this.#images.rowOf((page << PAGE_SHIFT) | at)
    if (imageRow < 0) this.#live.read(page, at, target, row)
    else this.#image.read(imageRow >>> PAGE_SHIFT, imageRow & PAGE_MASK, target, row)
  }
}

export interface FrozenSource extends TableView {
  readonly keys: readonly PagedColumn[]
  readonly values: readonly PagedColumn[]
  readonly hashes: PagedInt32
}

export class FrozenTable implements TableView {
  readonly keys: readonly ColumnView[]
  readonly values: readonly ColumnView[]
  readonly numRowIds: number
  readonly size: number
  readonly #hashes: PagedInt32
  /** Of hashes and keys, which change only when a row comes or goes. */
  readonly #keyImages: BlockImages
  readonly #valueImages: BlockImages
  readonly #release: (table: FrozenTable) => void
  /** Rows below are not read any more. */
  #numPassed = 0

  constructor(table: FrozenSource, heap: ByteHeap, release: (table: FrozenTable) => void) {
    this.numRowIds = table.numRowIds
    this.size = table.size
    this.#hashes = table.hashes
    this.#keyImages = new BlockImages([table.hashes, ...table.keys], heap, table.numRowIds)
    this.#valueImages = new BlockImages(table.values, heap, table.numRowIds)
    this.#release = release
    const frozen = (images: BlockImages, columns: readonly PagedColumn[], first: number) =>
      columns.map((column, c) => new FrozenColumn(images, column, images.images[first + c]!))
    this.keys = frozen(this.#keyImages, table.keys, 1)
    this.values = frozen(this.#valueImages, table.values, 0)
  }

  isLive(id: number): boolean {
    const row = this.#keyImages.rowOf(id)
    return row < 0 ? isUsed(this.#hashes, id) : isUsed(this.#imageHashes, row)
  }

  hashOf(id: number): number {
    const row = this.#keyImages.rowOf(id)
    return row < 0 ? intAt(this.#hashes, id) : intAt(this.#imageHashes, row)
  }

  get #imageHashes(): PagedInt32 {
    return this.#keyImages.images[0] as PagedInt32
  }

  /** Before the values of a row change. */
  saveValues(id: number): void {
    if (id >= this.#numPassed && id < this.numRowIds) this.#valueImages.save(id)
  }

  /** Before a row comes or goes. */
  saveRow(id: number): void {
    this.saveValues(id)
    if (id >= this.#numPassed && id < this.numRowIds) this.#keyImages.save(id)
  }

  /** Pages up to this one will not be read again, so they need no images. */
  passed(page: number): void {
    this.#numPassed = (page + 1) << PAGE_SHIFT
  }

  /** Blocks that were copied, of keys and of values. */
  get numImages(): { readonly keys: number; readonly values: number } {
    return { keys: this.#keyImages.count, values: this.#valueImages.count }
  }

  release(): void {
    this.#release(this)
  }
}

const isUsed = (hashes: PagedInt32, id: number): boolean =>
  hashes.nulls[id >>> PAGE_SHIFT]![id & PAGE_MASK] === 0
const intAt = (column: PagedInt32, id: number): number => column.values[id >>> PAGE_SHIFT]![id & PAGE_MASK]!
