/**
 * The groups of a window, from those of its slices. What is looked at are the slices that are there, however many a
 * window could have.
 *
 * Where windows speak once, a CUMULATE window takes those of the same start before it as a sum, which stands in the
 * place of the first slice: the slices that came since are added to it and dropped.
 */
import { TimerQueue } from '../../../state/timer-queue.ts'
import { type Aggregator, allGroups, type GroupRows } from '../../aggregates/aggregator.ts'
import type { Slice } from './slice.ts'
import type { SliceStore } from './slice-store.ts'
import type { Slices } from './slices.ts'

export interface WindowRows {
  readonly start: number
  /** Borrowed until the next call. */
  readonly rows: GroupRows
  /** End of the last window that has rows of this one. */
  readonly lastWindowEnd: number
}

export class WindowGroups {
  readonly #slices: Slices
  readonly #store: SliceStore
  readonly #aggregator: Aggregator
  readonly #sums: boolean
  #sum: Slice | null = null
  #sumStart = Number.NEGATIVE_INFINITY
  /** Ends of slices that are in no sum. */
  readonly #notSummed = new TimerQueue()

  /** `speaksOnce`: a window is asked for once, windows in the order of their ends. */
  constructor(slices: Slices, store: SliceStore, aggregator: Aggregator, speaksOnce: boolean) {
    this.#slices = slices
    this.#store = store
    this.#aggregator = aggregator
    this.#sums = slices.cumulative && speaksOnce
  }

  /** To be told of each slice that rows or restored state have made. */
  added(sliceEnd: number): void {
    if (this.#sums) this.#notSummed.add(sliceEnd)
  }

  /** Undefined if the window has no rows. */
  of(windowEnd: number): WindowRows | undefined {
    const start = this.#startOf(windowEnd)
    const found = this.#sums ? this.#sumUpTo(start, windowEnd) : this.#slicesOf(start, windowEnd)
    const last = found.at(-1)
    if (last === undefined) return undefined
    const rows = found.length === 1 ? this.#store.rowsOf(last) : this.#merged(found)
    return { start, rows, lastWindowEnd: this.#slices.lastWindowEnd(last.end) }
  }

  #startOf(windowEnd: number): number {
    const { single, windowStart } = this.#slices
    return single ? (this.#store.get(windowEnd)?.start ?? windowEnd) : windowStart(windowEnd)
  }

  /** In the order of their ends. */
  #slicesOf(start: number, windowEnd: number): readonly Slice[] {
    if (!this.#slices.single) return this.#store.between(start, windowEnd)
    const slice = this.#store.get(windowEnd)
    return slice === undefined ? [] : [slice]
  }

  #merged(found: readonly Slice[]): GroupRows {
    const merged = this.#aggregator.createGroups()
    for (const slice of found) this.#aggregator.merge(merged, this.#store.rowsOf(slice))
    return allGroups(merged)
  }

  #sumUpTo(start: number, windowEnd: number): readonly Slice[] {
    const end = start + this.#slices.sliceMs
    let sum = this.#sumStart === start ? this.#sum : null
    while (this.#notSummed.first <= windowEnd) {
      const slice = this.#store.get(this.#notSummed.shift()!)
      if (slice === undefined) continue
      if (sum === null) sum = this.#ownSlice(slice, start, end)
      else {
        this.#aggregator.merge(sum.groups, this.#store.rowsOf(slice))
        this.#store.drop(slice.end)
      }
    }
    this.#sum = sum
    this.#sumStart = start
    return sum === null ? [] : [sum]
  }

  /** The slice under another name, with a table of its own. */
  #ownSlice(slice: Slice, start: number, end: number): Slice {
    if (!slice.isShared) return slice.end === end ? slice : this.#store.rename(slice, start, end)
    const rows = this.#store.rowsOf(slice)
    const groups = this.#aggregator.createGroups(rows.count)
    this.#aggregator.merge(groups, rows)
    this.#store.drop(slice.end)
    return this.#store.createOwn(start, end, groups)
  }
}
