/** Reads the rows of a table page by page into batches. */
import type { Column } from '../../types/index.ts'
import type { TableView } from './keyed-table.ts'
import { PAGE_SHIFT, type PagedColumn } from './paged-column.ts'

export const numPages = (view: TableView): number => view.live.length

/**
 * Copies the live rows of one page: `sources[c]` of the view into `targets[c]`, from target row 0 on, and their
 * row ids into `ids`. Targets have room for a page. Returns the number of rows.
 */
export function scanPage(
  view: TableView,
  page: number,
  sources: readonly PagedColumn[],
  targets: readonly Column[],
  ids: Int32Array,
): number {
  const live = view.live[page]!
  const numRows = Math.min(live.length, view.numRowIds - (page << PAGE_SHIFT))
  let count = 0
  for (let at = 0; at < numRows; at++) if (live[at] === 1) ids[count++] = (page << PAGE_SHIFT) | at
  for (let c = 0; c < sources.length; c++) {
    const source = sources[c]!
    const target = targets[c]!
    target.reset()
    target.ensureCapacity(count)
    for (let row = 0; row < count; row++) source.read(page, ids[row]! & ((1 << PAGE_SHIFT) - 1), target, row)
  }
  return count
}
