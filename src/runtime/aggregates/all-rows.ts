import { PAGE_ROWS } from '../../state/table/paged-column.ts'

let identity = Int32Array.from({ length: PAGE_ROWS }, (_, i) => i)

/** The selection of all rows: 0, 1, 2 … Never written. */
export function allRows(length: number): Int32Array {
  if (identity.length < length) identity = Int32Array.from({ length }, (_, i) => i)
  return identity
}
