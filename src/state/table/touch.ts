/**
 * Rows of a large table lie anywhere in memory, and a loop that changes them one by one waits for each. Touching
 * loads what the loop will want in passes that wait for nothing, so that the processor has many loads under way.
 */
import { PAGE_MASK, PAGE_SHIFT } from './paged-base.ts'
import type { PagedColumn } from './paged-column.ts'

/** Tables of fewer rows are in the caches anyway. */
export const TOUCH_ROWS = 65536
/** Rows at a time: what they touch stays in the caches and in the processor's table of pages until it is used. */
export const TOUCH_STEP = 256

const kept = new Float64Array(1)

/** Uses what was loaded, lest the compiler leave the loads out. */
export function keepTouched(sum: number): void {
  kept[0] = sum
}

/** Loads the values of rows `ids[from, to)`; -1 is none. */
export function touchValues(
  columns: readonly PagedColumn[],
  ids: Int32Array,
  from: number,
  to: number,
): void {
  let sum = 0
  for (const column of columns) {
    switch (column.storage) {
      case 'i32':
        sum += touchWords(column.values, 1, ids, from, to)
        break
      case 'i64':
        sum += touchWords(column.words, 2, ids, from, to)
        break
      case 'bytes':
        sum += touchWords(column.spans, 2, ids, from, to)
        break
      case 'f64':
      case 'msnanos':
        sum += touchDoubles(column.values, ids, from, to)
        break
      case 'object':
        break
    }
  }
  keepTouched(sum)
}

function touchWords(
  pages: readonly Int32Array[],
  width: number,
  ids: Int32Array,
  from: number,
  to: number,
): number {
  let sum = 0
  for (let i = from; i < to; i++) {
    const id = ids[i]!
    if (id >= 0) sum = (sum + pages[id >>> PAGE_SHIFT]![(id & PAGE_MASK) * width]!) | 0
  }
  return sum
}

function touchDoubles(pages: readonly Float64Array[], ids: Int32Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) {
    const id = ids[i]!
    if (id >= 0) sum += pages[id >>> PAGE_SHIFT]![id & PAGE_MASK]!
  }
  return sum
}
