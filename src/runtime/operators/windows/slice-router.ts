/** Splits the rows of a batch by the slice they fall into. */
import { runtimeFailure } from '../../../errors/index.ts'
import { BATCH_ROWS, type Batch, type Column, type Float64Column } from '../../../types/index.ts'
import { allRows } from '../../aggregates/all-rows.ts'
import { hashOfTime, highHalf } from '../../aggregates/time-hash.ts'
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

/** Words of an entry, a power of two: low and high half of the slice end, slot, and the batch it was made for. */
const ENTRY_WORDS = 4

/** Slots of a batch by slice end: emptied in no time, for entries of an older batch count as free. */
class SlotTable {
  #entries = new Int32Array(64 * ENTRY_WORDS)
  #batch = 0

  /** Forgets everything; there is room for `numSlots` then. */
  clear(numSlots: number): void {
    this.#batch = (this.#batch + 1) | 0
    if (this.#batch !== 0 && this.#entries.length >= numSlots * 2 * ENTRY_WORDS) return
    this.#entries = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, numSlots * 2))) * ENTRY_WORDS)
    this.#batch = 1
  }

  /** The slot of `end`, whose hash is given; it is `next` if it is new. */
  slotOf(end: number, hash: number, next: number): number {
    const entries = this.#entries
    const batch = this.#batch
    const low = end | 0
    const high = highHalf(end)
    const mask = entries.length - ENTRY_WORDS
    let at = (hash << 2) & mask
    while (entries[at + 3] === batch) {
      if (entries[at] === low && entries[at + 1] === high) return entries[at + 2]!
      at = (at + ENTRY_WORDS) & mask
    }
    entries[at] = low
    entries[at + 1] = high
    entries[at + 2] = next
    entries[at + 3] = batch
    return next
  }
}

export class SliceRouter {
  readonly #slices: Slices
  readonly #clock: WindowClock
  readonly #column: number
  /** Column of the window start where rows carry their window; `#column` is then its end. */
  readonly #startColumn: number | null
  readonly #table = new SlotTable()
  #slotOfRow = new Int32Array(0)
  #next = new Int32Array(0)
  #sorted = new Int32Array(0)
  /** Slices of the last batch, in the order of their first row. */
  numSlots = 0
  starts = new Float64Array(0)
  ends = new Float64Array(0)
  /** Of the ends. */
  hashes = new Int32Array(0)
  /** The rows of slice `slot` are `rows[firsts[slot], firsts[slot] + counts[slot])`, in batch order. */
  rows: Int32Array = this.#sorted
  firsts = new Int32Array(0)
  counts = new Int32Array(0)

  constructor(slices: Slices, clock: WindowClock, column: number, startColumn: number | null = null) {
    this.#slices = slices
    this.#clock = clock
    this.#column = column
    this.#startColumn = startColumn
  }

  static attached(slices: Slices, startColumn: number, endColumn: number): SliceRouter {
    return new SliceRouter(slices, utcClock, endColumn, startColumn)
  }

  route(batch: Batch): void {
    const { length } = batch
    this.#begin(length)
    const column = batch.columns[this.#column]!
    const starts = this.#startColumn === null ? null : batch.columns[this.#startColumn]!
    if (starts === null && column.storage === 'f64' && this.#routeToOne(column, length)) return
    const { sliceMs } = this.#slices
    const slotOfRow = this.#slotOfRow
    const { counts } = this
    let low = 0
    let high = 0
    let slot = -1
    for (let row = 0; row < length; row++) {
      if (column.nulls !== null && column.nulls[row] === 1) throw nullTime()
      const instant = column.storage === 'f64' ? column.values[row]! : readMillis(column, row)
      const time = this.#clock.toLocal(instant)
      if (slot < 0 || time < low || time >= high) {
        high = this.#slices.sliceEnd(time)
        low = high - sliceMs
        slot = this.#slotOf(high, starts === null ? low : readMillis(starts, row))
      }
      slotOfRow[row] = slot
      counts[slot]!++
    }
    this.#sort(length)
  }

  /** True when all rows fall into one slice, as most batches do: then there is nothing to sort. */
  #routeToOne(column: Float64Column, length: number): boolean {
    if (column.nulls !== null || this.#clock !== utcClock || length === 0) return false
    const end = this.#slices.sliceEnd(column.values[0]!)
    if (!areWithin(column.values, length, end - this.#slices.sliceMs, end)) return false
    this.#all(end, length)
    return true
  }

  /** As `route`, for rows that all have one time. */
  routeAll(batch: Batch, instantMs: number): void {
    this.#begin(batch.length)
    if (batch.length > 0) this.#all(this.#slices.sliceEnd(this.#clock.toLocal(instantMs)), batch.length)
  }

  /** Rows of slice `slot` of the last batch; `counts[slot]` of them. */
  rowsOf(slot: number): Int32Array {
    const first = this.firsts[slot]!
    return first === 0 ? this.rows : this.rows.subarray(first)
  }

  #begin(length: number): void {
    this.numSlots = 0
    this.#table.clear(length)
    if (this.#slotOfRow.length >= length) return
    const room = Math.max(length, BATCH_ROWS)
    this.#slotOfRow = new Int32Array(room)
    this.#next = new Int32Array(room)
    this.#sorted = new Int32Array(room)
    this.starts = new Float64Array(room)
    this.ends = new Float64Array(room)
    this.hashes = new Int32Array(room)
    this.firsts = new Int32Array(room)
    this.counts = new Int32Array(room)
  }

  #all(end: number, length: number): void {
    this.counts[this.#slotOf(end, end - this.#slices.sliceMs)] = length
    this.#sort(length)
  }

  #slotOf(end: number, start: number): number {
    const hash = hashOfTime(end)
    const slot = this.#table.slotOf(end, hash, this.numSlots)
    if (slot < this.numSlots) return slot
    this.ends[slot] = end
    this.hashes[slot] = hash
    this.starts[slot] = start
    this.counts[slot] = 0
    this.numSlots++
    return slot
  }

  #sort(length: number): void {
    if (this.numSlots <= 1) {
      this.firsts[0] = 0
      this.rows = allRows(length)
      return
    }
    const next = this.#next
    const sorted = this.#sorted
    const slotOfRow = this.#slotOfRow
    let first = 0
    for (let slot = 0; slot < this.numSlots; slot++) {
      this.firsts[slot] = first
      next[slot] = first
      first += this.counts[slot]!
    }
    for (let row = 0; row < length; row++) {
      const slot = slotOfRow[row]!
      const at = next[slot]!
      next[slot] = at + 1
      sorted[at] = row
    }
    this.rows = sorted
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
