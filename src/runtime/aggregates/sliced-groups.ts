/**
 * Groups of many slices in one table: the slice end is the last key column, and its hash is mixed into the key's. Behind
 * the columns of the layout stand the slice start and the link to the slice's next group, which is in no snapshot.
 */
import type { ColumnView, TableView } from '../../state/table/frozen-table.ts'
import { PAGE_MASK, PAGE_SHIFT } from '../../state/table/paged-column.ts'
import { doubleType, Float64Column, integerType, type LogicalType, timestampType } from '../../types/index.ts'
import { hashOfTime } from './time-hash.ts'

export const slicedTypes = (
  keyTypes: readonly LogicalType[],
  valueTypes: readonly LogicalType[],
): { readonly keyTypes: readonly LogicalType[]; readonly valueTypes: readonly LogicalType[] } => ({
  keyTypes: [...keyTypes, timestampType(3, false)],
  valueTypes: [...valueTypes, doubleType(false), integerType(false)],
})

/** Hash of a key in a slice; and the key's hash, given that. */
export const mixSlice = (hash: number, sliceHash: number): number => hash ^ sliceHash

/** Turns key hashes of rows into the table's hashes. */
export function mixSlices(hashes: Int32Array, rows: Int32Array, count: number, ends: Float64Column): void {
  const { values } = ends
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    hashes[row] = mixSlice(hashes[row]!, hashOfTime(values[row]!))
  }
}

const sliceEnd = new Float64Column(1)

/** The key's hash of a row. */
export function slicedKeyHash(view: TableView, id: number): number {
  view.keys.at(-1)!.read(id >>> PAGE_SHIFT, id & PAGE_MASK, sliceEnd, 0)
  return mixSlice(view.hashOf(id), hashOfTime(sliceEnd.values[0]!))
}

/** Slice start, slice end, keys. */
export const slicedKeyColumns = (view: TableView): readonly ColumnView[] => [
  view.values.at(-2)!,
  view.keys.at(-1)!,
  ...view.keys.slice(0, -1),
]
