/** Pages and NULL bytes of a paged column; what the storages have in common. */
import { internalError } from '../../errors/index.ts'
import type { Column, LogicalType, Storage } from '../../types/index.ts'

export const PAGE_SHIFT = 12
export const PAGE_ROWS = 1 << PAGE_SHIFT
export const PAGE_MASK = PAGE_ROWS - 1

const isNullAt = (source: Column, row: number): boolean => source.nulls !== null && source.nulls[row] === 1

export interface Elements<T> {
  readonly length: number
  [index: number]: T
}

/** Few elements: without the views that `set` would want. */
function copyElements<T>(
  to: Elements<T>,
  at: number,
  from: Elements<T>,
  fromAt: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) to[at + i] = from[fromAt + i]!
}

export abstract class PagedBase {
  abstract readonly storage: Storage
  readonly type: LogicalType
  nulls: Uint8Array[] = []

  constructor(type: LogicalType) {
    this.type = type
  }

  addPage(rows: number): void {
    const nulls = new Uint8Array(rows)
    if (this.type.nullable) nulls.fill(1)
    this.nulls.push(nulls)
    this.addValues(rows)
  }

  growPage(page: number, rows: number): void {
    const old = this.nulls[page]!
    const nulls = new Uint8Array(rows)
    if (this.type.nullable) nulls.fill(1, old.length)
    nulls.set(old)
    this.nulls[page] = nulls
    this.growValues(page, rows)
  }

  /**
   * Rows `[from, from + count)` of another column of this storage to row `to` and following, both within a page, as they
   * are: strings stay where they lie in the heap both have.
   */
  copyRows(to: number, source: PagedBase, from: number, count: number): void {
    if (source.storage !== this.storage)
      throw internalError(`state column of ${this.storage} met a ${source.storage} column`)
    const nulls = this.nulls[to >>> PAGE_SHIFT]!
    const at = to & PAGE_MASK
    const sourceAt = from & PAGE_MASK
    // Where nothing can be NULL the bytes never change.
    if (this.type.nullable) copyElements(nulls, at, source.nulls[from >>> PAGE_SHIFT]!, sourceAt, count)
    const sources = source.pageArrays(from >>> PAGE_SHIFT)
    this.pageArrays(to >>> PAGE_SHIFT).forEach((array, a) => {
      const width = array.length / nulls.length
      copyElements(array, at * width, sources[a]!, sourceAt * width, count * width)
    })
  }

  /** All rows back to the clear value. Strings are not freed: the table frees all of them together. */
  resetPages(): void {
    for (let page = 0; page < this.nulls.length; page++) {
      this.nulls[page]!.fill(this.type.nullable ? 1 : 0)
      this.resetValues(page)
    }
  }

  isNull(page: number, at: number): boolean {
    return this.nulls[page]![at] === 1
  }

  /** Back to the clear value. */
  clear(page: number, at: number): void {
    this.clearValue(page, at)
    this.nulls[page]![at] = this.type.nullable ? 1 : 0
  }

  write(page: number, at: number, source: Column, row: number): void {
    if (isNullAt(source, row)) {
      this.clear(page, at)
    } else {
      this.put(page, at, source, row)
      this.nulls[page]![at] = 0
    }
  }

  read(page: number, at: number, target: Column, row: number): void {
    if (!this.isNull(page, at)) this.get(page, at, target, row)
    else if (target.storage === 'bytes') target.appendNull(row)
    else target.setNull(row)
  }

  /** NULL equals NULL. */
  equals(page: number, at: number, source: Column, row: number): boolean {
    const sourceNull = isNullAt(source, row)
    if (sourceNull || this.isNull(page, at)) return sourceNull && this.isNull(page, at)
    return this.same(page, at, source, row)
  }

  protected abstract addValues(rows: number): void
  protected abstract growValues(page: number, rows: number): void
  /** The arrays that hold the values of a page, each with as many elements a row. */
  protected abstract pageArrays(page: number): readonly Elements<unknown>[]
  protected abstract resetValues(page: number): void
  protected abstract clearValue(page: number, at: number): void
  protected abstract put(page: number, at: number, source: Column, row: number): void
  protected abstract get(page: number, at: number, target: Column, row: number): void
  protected abstract same(page: number, at: number, source: Column, row: number): boolean
}
