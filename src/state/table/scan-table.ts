/** Reads the rows of a table page by page into batches. */
import type { Column } from '../../types/index.ts'
import type { ColumnView, TableView } from './frozen-table.ts'
import { PAGE_MASK, PAGE_ROWS, PAGE_SHIFT } from './paged-base.ts'

export const numPages = (view: TableView): number => (view.numRowIds + PAGE_MASK) >>> PAGE_SHIFT

/** Row ids of a page, rows that are not in use included. */
export const rowsInPage = (view: TableView, page: number): number =>
  Math.min(PAGE_ROWS, view.numRowIds - (page << PAGE_SHIFT))

/**
 * Copies the live rows of one page: `sources[c]` of the view into `targets[c]`, from target row `first` on, and their
 * row ids into `ids[0…]`. From row 0 on the targets are written anew; they grow as needed. Returns the number of rows.
 */
export function scanPage(
  view: TableView,
  page: number,
  sources: readonly ColumnView[],
  targets: readonly Column[],
  ids: Int32Array,
  first = 0,
): number {
  const from = page << PAGE_SHIFT
  const to = from + rowsInPage(view, page)
  let count = 0
  for (let id = from; id < to; id++) if (view.isLive(id)) ids[count++] = id
  copyRows(ids, count, sources, targets, first)
  return count
}

/** The same for the rows `wanted`, which are live. */
export function scanRows(
  wanted: Int32Array,
  sources: readonly ColumnView[],
  targets: readonly Column[],
  ids: Int32Array,
): number {
  ids.set(wanted)
  copyRows(ids, wanted.length, sources, targets, 0)
  return wanted.length
}

function copyRows(
  ids: Int32Array,
  count: number,
  sources: readonly ColumnView[],
  targets: readonly Column[],
  first: number,
): void {
  for (let c = 0; c < sources.length; c++) {
    const source = sources[c]!
    const target = targets[c]!
    if (first === 0) target.reset()
    target.ensureCapacity(first + count)
    for (let i = 0; i < count; i++)
      source.read(ids[i]! >>> PAGE_SHIFT, ids[i]! & PAGE_MASK, target, first + i)
  }
}
