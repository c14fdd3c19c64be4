/**
 * Slices in one table. Where thousands are open at a time, a batch has a row or two for each: a table for each would cost
 * its making, its memory and a search of its own, and what a row costs would grow with the number of slices. The groups
 * of a slice are a linked list in the order of their first row.
 */
import {
  PAGE_MASK,
  PAGE_SHIFT,
  type PagedFloat64,
  type PagedInt32,
} from '../../../state/table/paged-column.ts'
import { type Batch, Float64Column } from '../../../types/index.ts'
import type { Aggregator, GroupRows, Groups } from '../../aggregates/aggregator.ts'
import { mixSlice } from '../../aggregates/sliced-groups.ts'
import { Slice } from './slice.ts'
import type { SliceRouter } from './slice-router.ts'

/** Row ids of the groups of a slice's rows in the batch. */
export type OnGroups = (slice: Slice, ids: Int32Array) => void

/** False where the memory of the groups is of no use to others. */
export const resetGroups = ({ table, valueTables }: Groups): boolean =>
  [table, ...valueTables].every(part => part.reset())

export class SharedSlices {
  readonly #aggregator: Aggregator
  #groups: Groups
  #numSlices = 0
  /** Rows of the batch that were taken, slice after slice: those of `#slices[i]` end at `#stops[i]`. */
  #rows: Int32Array = new Int32Array(0)
  readonly #slices: Slice[] = []
  readonly #stops: number[] = []
  #numRuns = 0
  #numTaken = 0
  /** Slice end of each taken row, by its row in the batch. */
  readonly #ends = new Float64Column(64)
  #ids = new Int32Array(64)

  constructor(aggregator: Aggregator) {
    this.#aggregator = aggregator
    this.#groups = aggregator.createSlicedGroups()
  }

  get groups(): Groups {
    return this.#groups
  }

  create(start: number, end: number): Slice {
    this.#numSlices++
    return new Slice(start, end, this.#groups)
  }

  /**
   * Puts the rows that `router` found for a slice aside for the next `add` or `restore…`. Key hashes that `add` is to be
   * given become those of keys in the slice.
   */
  take(slice: Slice, router: SliceRouter, slot: number, batch: Batch, hashes: Int32Array | null): void {
    const { rows } = router
    const first = router.firsts[slot]!
    const stop = first + router.counts[slot]!
    this.#ends.ensureCapacity(batch.length)
    if (this.#rows.length < batch.length) this.#rows = resized(this.#rows, batch.length)
    const end = router.ends[slot]!
    const ends = this.#ends.values
    const taken = this.#rows
    let to = this.#numTaken
    for (let i = first; i < stop; i++) {
      const row = rows[i]!
      taken[to++] = row
      ends[row] = end
      if (hashes !== null) hashes[row] = mixSlice(hashes[row]!, router.hashes[slot]!)
    }
    this.#numTaken = to
    this.#slices[this.#numRuns] = slice
    this.#stops[this.#numRuns++] = to
  }

  /** Adds the rows put aside, with the hashes that `take` made. */
  add(batch: Batch, hashes: Int32Array, onGroups: OnGroups | null): void {
    if (this.#numTaken === 0) return
    const { size } = this.#groups.table
    const ids = this.#aggregator.add(this.#groups, batch, hashes, this.#rows, this.#numTaken, this.#ends)
    if (this.#groups.table.size > size) this.#link(ids)
    if (onGroups !== null) {
      for (let run = 0, from = 0; run < this.#numRuns; from = this.#stops[run++]!)
        onGroups(this.#slices[run]!, ids.subarray(from, this.#stops[run]!))
    }
    this.#forgetTaken()
  }

  /** Writes back the state rows put aside; keys and state columns start at `first`. */
  restoreGroups(batch: Batch, first: number): void {
    if (this.#numTaken === 0) return
    const rows = this.#rows
    this.#link(this.#aggregator.restoreGroups(this.#groups, batch, first, rows, this.#numTaken, this.#ends))
    this.#forgetTaken()
  }

  /** The same for value table `t`. */
  restoreValues(t: number, batch: Batch, first: number): void {
    if (this.#numTaken === 0) return
    this.#aggregator.restoreValues(this.#groups, t, batch, first, this.#rows, this.#numTaken, this.#ends)
    this.#forgetTaken()
  }

  /** The slice's groups in the order of their first row; borrowed until the next call. */
  rowsOf(slice: Slice): GroupRows {
    if (this.#ids.length < slice.size) this.#ids = new Int32Array(slice.size * 2)
    const links = this.#links
    let count = 0
    for (let id = slice.first; id >= 0; id = links.values[id >>> PAGE_SHIFT]![id & PAGE_MASK]! - 1)
      this.#ids[count++] = id
    return { groups: this.#groups, ids: this.#ids, count }
  }

  /** Different slices. */
  drop(slices: readonly Slice[]): void {
    this.#numSlices -= slices.length
    if (this.#numSlices === 0) {
      if (!resetGroups(this.#groups)) this.#groups = this.#aggregator.createSlicedGroups()
      return
    }
    for (const slice of slices) {
      const { ids, count } = this.rowsOf(slice)
      for (let i = 0; i < count; i++) this.#aggregator.removeGroup(this.#groups, ids![i]!)
    }
  }

  get #links(): PagedInt32 {
    return this.#groups.table.values.at(-1) as PagedInt32
  }

  /** New groups become the last of their slices. A link is row id + 1; that of the last is -1, of a new group 0. */
  #link(ids: Int32Array): void {
    const { table } = this.#groups
    const links = this.#links
    const starts = table.values.at(-2) as PagedFloat64
    for (let run = 0, i = 0; run < this.#numRuns; run++) {
      const slice = this.#slices[run]!
      for (const stop = this.#stops[run]!; i < stop; i++) {
        const id = ids[i]!
        const page = id >>> PAGE_SHIFT
        if (links.values[page]![id & PAGE_MASK] !== 0) continue
        table.makeWritable(id)
        links.values[page]![id & PAGE_MASK] = -1
        starts.values[page]![id & PAGE_MASK] = slice.start
        if (slice.last < 0) slice.first = id
        else this.#setLink(slice.last, id + 1)
        slice.last = id
        slice.size++
      }
    }
  }

  #setLink(id: number, link: number): void {
    const { table } = this.#groups
    const page = id >>> PAGE_SHIFT
    table.makeWritable(id)
    this.#links.values[page]![id & PAGE_MASK] = link
  }

  #forgetTaken(): void {
    this.#numTaken = 0
    this.#numRuns = 0
  }
}

function resized(rows: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length)
  larger.set(rows)
  return larger
}
