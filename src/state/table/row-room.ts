/** Room for rows in columns that lie side by side: the first page grows from a few rows, all others are whole from the start. */
import { PAGE_MASK, PAGE_ROWS } from './paged-base.ts'
import type { PagedColumn } from './paged-column.ts'

/** Up to here room grows by four, then by two. */
const QUICK_ROWS = 1024

export class RowRoom {
  readonly #columns: readonly PagedColumn[]
  readonly #firstRows: number
  /** Rows that there is room for. */
  rows = 0

  /** `firstRows`: a power of two, at most PAGE_ROWS. */
  constructor(columns: readonly PagedColumn[], firstRows: number) {
    this.#columns = columns
    this.#firstRows = firstRows
  }

  grow(): void {
    const { rows } = this
    if (rows === 0) this.#addPage(this.#firstRows)
    else if ((rows & PAGE_MASK) === 0) this.#addPage(PAGE_ROWS)
    else {
      this.rows = Math.min(PAGE_ROWS, rows < QUICK_ROWS ? rows * 4 : rows * 2)
      for (const column of this.#columns) column.growPage(0, this.rows)
    }
  }

  #addPage(rows: number): void {
    for (const column of this.#columns) column.addPage(rows)
    this.rows += rows
  }
}
