/** Splits the rows of a batch by the slice they fall into. */
import { runtimeFailure } from '../../../errors/index.ts'
import { BATCH_ROWS, type Batch, type Column, type Float64Column } from '../../../types/index.ts'
import { allRows } from '../../aggregates/all-rows.ts'
import type { Slices } from './slices.ts'
import { utcClock, type WindowClock } from './window-clock.ts'

/** Time in ms of row `row` of a time attribute. */
export function readMillis(column: Column, row: number): number {
  switch (column.storage) {
    case 'f64':
    case 'msnanos':
      return column.values[row]!
    case 'i64':
      return Number(column.values[row]! / 1000n) - (column.values[row]! % 1000n < 0n ? 1 : 0)
    default:
      throw runtimeFailure('MR_WINDOW_TIME_TYPE', `a ${column.storage} column cannot be a time attribute`)
  }
}

export class SliceRouter {
  readonly #slices: Slices
  readonly #clock: WindowClock
  readonly #column: number
  /** Column of the window start where rows carry their window; `#column` is then its end. */
  readonly #startColumn: number | null
  readonly #sliceStarts: number[] = []
  #slotOfRow = new Int32Array(BATCH_ROWS)
  #rows: Int32Array = new Int32Array(BATCH_ROWS)
  readonly #slots = new Map<number, number>()
  /** Slices of the last batch: their ends, and where their rows lie in `rows`. */
  readonly ends: number[] = []
  readonly starts: number[] = []
  readonly counts: number[] = []

  constructor(slices: Slices, clock: WindowClock, column: number, startColumn: number | null = null) {
    this.#slices = slices
    this.#clock = clock
    this.#column = column
    this.#startColumn = startColumn
  }

  static attached(slices: Slices, startColumn: number, endColumn: number): SliceRouter {
    return new SliceRouter(slices, utcClock, endColumn, startColumn)
  }

  /** Fills `ends` and `counts`; slices are in the order of their first row. */
  route(batch: Batch): void {
    this.#begin(batch.length)
    const column = batch.columns[this.#column]!
    const starts = this.#startColumn === null ? null : batch.columns[this.#startColumn]!
    if (starts === null && column.storage === 'f64' && this.#routeToOne(column, batch.length)) return
    const { sliceMs } = this.#slices
    let low = 0
    let high = 0
    let slot = -1
    for (let row = 0; row < batch.length; row++) {
      if (column.nulls !== null && column.nulls[row] === 1) throw nullTime()
      const instant = column.storage === 'f64' ? column.values[row]! : readMillis(column, row)
      const time = this.#clock.toLocal(instant)
      if (slot < 0 || time < low || time >= high) {
        const end = this.#slices.sliceEnd(time)
        low = end - sliceMs
        high = end
        slot = this.#slotOf(end, starts === null ? low : readMillis(starts, row))
      }
      this.#slotOfRow[row] = slot
      this.counts[slot]!++
    }
    this.#sort(batch.length)
  }

  /** True when all rows fall into one slice, as most batches do: then there is nothing to sort. */
  #routeToOne(column: Float64Column, length: number): boolean {
    if (column.nulls !== null || this.#clock !== utcClock || length === 0) return false
    const end = this.#slices.sliceEnd(column.values[0]!)
    if (!areWithin(column.values, length, end - this.#slices.sliceMs, end)) return false
    this.counts[this.#slotOf(end, end - this.#slices.sliceMs)] = length
    this.#sort(length)
    return true
  }

  /** As `route`, for rows that all have one time. */
  routeAll(batch: Batch, instantMs: number): void {
    this.#begin(batch.length)
    if (batch.length === 0) return
    const end = this.#slices.sliceEnd(this.#clock.toLocal(instantMs))
    const slot = this.#slotOf(end, end - this.#slices.sliceMs)
    this.counts[slot] = batch.length
    this.#sort(batch.length)
  }

  startOf(slot: number): number {
    return this.#sliceStarts[slot]!
  }

  /** Rows of slice `slot` of the last batch, in batch order; `counts[slot]` of them. */
  rows(slot: number): Int32Array {
    const start = this.starts[slot]!
    return start === 0 ? this.#rows : this.#rows.subarray(start)
  }

  #begin(length: number): void {
    this.ends.length = 0
    this.starts.length = 0
    this.counts.length = 0
    this.#slots.clear()
    if (this.#slotOfRow.length < length) this.#slotOfRow = new Int32Array(length)
  }

  #slotOf(end: number, start: number): number {
    let slot = this.#slots.get(end)
    if (slot === undefined) {
      slot = this.ends.push(end) - 1
      this.#sliceStarts[slot] = start
      this.counts.push(0)
      this.starts.push(0)
      this.#slots.set(end, slot)
    }
    return slot
  }

  #sort(length: number): void {
    if (this.ends.length <= 1) {
      this.#rows = allRows(length)
      return
    }
    const rows = new Int32Array(length)
    const next: number[] = []
    let start = 0
    for (let slot = 0; slot < this.ends.length; slot++) {
      this.starts[slot] = start
      next.push(start)
      start += this.counts[slot]!
    }
    for (let row = 0; row < length; row++) rows[next[this.#slotOfRow[row]!]!++] = row
    this.#rows = rows
  }
}

/** Whether all are in [low, high). Calls nothing, so that no query's functions are compiled into the loop. */
function areWithin(values: Float64Array, length: number, low: number, high: number): boolean {
  for (let row = 0; row < length; row++) {
    const value = values[row]!
    if (!(value >= low && value < high)) return false
  }
  return true
}

export const nullTime = () =>
  runtimeFailure('MR_WINDOW_NULL_TIME', 'the time attribute of a window is NULL', {
    hint: 'filter the rows out before the window: WHERE <time column> IS NOT NULL',
  })
