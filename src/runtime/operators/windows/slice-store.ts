/**
 * The groups per slice, with snapshot and restore. The first slices, and large ones, have a table of their own, which is
 * searched without a look at the slice and dropped whole; many small ones share a table.
 */

import type { StateReader, StateSchema, StateWriter } from '../../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../../state/table/freeze-tables.ts'
import { TimerQueue } from '../../../state/timer-queue.ts'
import { type Batch, timestampType } from '../../../types/index.ts'
import { type Aggregator, allGroups, type GroupRows, type Groups } from '../../aggregates/aggregator.ts'
import { slicedKeyColumns, slicedKeyHash } from '../../aggregates/sliced-groups.ts'
import { attachedSlices } from './row-slices.ts'
import { resetGroups, SharedSlices } from './shared-slices.ts'
import { Slice } from './slice.ts'
import type { SliceRouter } from './slice-router.ts'
import { TimeMap } from './time-map.ts'

/** A slice that turns out small should not have cost much. */
const MAX_EXPECTED = 65_536
/** Row ids that emptied tables keep room for, all together. */
const MAX_SPARE = 65_536
/** From so many groups on a slice is worth a table of its own. */
const LARGE_SLICE = 512
/** So many slices have tables of their own however small they are. */
const MAX_SMALL_TABLES = 12

const PREFIX = [
  { name: 'slice_start', type: timestampType(3, false) },
  { name: 'slice_end', type: timestampType(3, false) },
]

const SLICED = { keyColumns: slicedKeyColumns, keyHash: slicedKeyHash }

export class SliceStore {
  readonly #aggregator: Aggregator
  readonly #slices = new TimeMap<Slice>()
  /** Ends of all slices; a slice that was renamed or dropped before its time leaves its end behind. */
  readonly #ends = new TimerQueue()
  /** Slices with tables of their own, oldest first. */
  readonly #own = new Set<Slice>()
  readonly #maxSmallTables: number
  /** Slices without a table of their own. */
  readonly shared: SharedSlices
  readonly #schema: StateSchema
  readonly #valueSchemas: readonly StateSchema[]
  /** Groups of the slice dropped last: the next ones will hold about as many. */
  #lastSize = 0
  /** Tables of dropped slices, emptied: the next slices take their memory. */
  readonly #spares: { readonly groups: Groups; readonly numRowIds: number }[] = []
  #spareRows = 0

  constructor(aggregator: Aggregator, maxSmallTables = MAX_SMALL_TABLES) {
    this.#aggregator = aggregator
    this.#maxSmallTables = maxSmallTables
    this.shared = new SharedSlices(aggregator)
    this.#schema = keyedSchema('slices', 1, [...PREFIX, ...aggregator.stateSpecs])
    this.#valueSchemas = aggregator.valueSpecs.map((specs, t) =>
      keyedSchema(`slice_values_${t}`, 1, [...PREFIX, ...specs]),
    )
  }

  get numRows(): number {
    let rows = this.shared.groups.table.size
    for (const { groups } of this.#own) rows += groups.table.size
    return rows
  }

  get(end: number): Slice | undefined {
    return this.#slices.get(end)
  }

  /** The slices of a batch, by slot. */
  getAll({ ends, hashes, numSlots }: SliceRouter, into: (Slice | undefined)[]): void {
    this.#slices.getAll(ends, hashes, numSlots, into)
  }

  /** Slices that end in (low, high], in the order of their ends. */
  between(low: number, high: number): readonly Slice[] {
    return this.#ends.between(low, high).flatMap(end => this.#slices.get(end) ?? [])
  }

  create(start: number, end: number): Slice {
    if (this.#own.size < this.#maxSmallTables || this.#typicalSize >= LARGE_SLICE)
      return this.createOwn(start, end)
    return this.#put(this.shared.create(start, end))
  }

  /** A slice with a table of its own, which others can be merged into. */
  createOwn(start: number, end: number, groups: Groups = this.#ownGroups()): Slice {
    const slice = new Slice(start, end, groups)
    this.#own.add(slice)
    return this.#put(slice)
  }

  /** The slice's groups, borrowed until the next call. */
  rowsOf(slice: Slice): GroupRows {
    return slice.isShared ? this.shared.rowsOf(slice) : allGroups(slice.groups)
  }

  /** Gives the groups of a slice with a table of its own to another name. */
  rename(slice: Slice, start: number, end: number): Slice {
    this.#slices.delete(slice.end)
    this.#own.delete(slice)
    const renamed = new Slice(start, end, slice.groups)
    this.#own.add(renamed)
    return this.#put(renamed)
  }

  /** Frees the slice's state at once. */
  drop(end: number): void {
    const shared = this.#take(end)
    if (shared !== undefined) this.shared.drop([shared])
  }

  /** Drops slices, earliest first, up to the first that is not `expired`. */
  dropWhile(expired: (sliceEnd: number) => boolean): void {
    const shared: Slice[] = []
    while (this.#ends.size > 0 && expired(this.#ends.first)) {
      const slice = this.#take(this.#ends.shift()!)
      if (slice !== undefined) shared.push(slice)
    }
    if (shared.length > 0) this.shared.drop(shared)
  }

  ends(): Iterable<number> {
    return this.#ends
  }

  snapshot(writer: StateWriter, maxParallelism: number): void {
    const frozen = [...this.#own].map(slice => ({
      prefix: [slice.start, slice.end],
      groups: this.#aggregator.freeze(slice.groups),
    }))
    const shared = { prefix: [], groups: this.#aggregator.freeze(this.shared.groups), sliced: SLICED }
    const parts = frozen.map(({ prefix, groups }) => ({
      prefix,
      table: groups.table,
      columns: this.#aggregator.stateColumns(groups.table),
    }))
    const { table } = shared.groups
    const columns = [...slicedKeyColumns(table).slice(0, 2), ...this.#aggregator.stateColumns(table)]
    const sharedPart = { prefix: [], table, columns, keyHash: slicedKeyHash }
    writer.write(freezeTables(this.#schema, [...parts, sharedPart], maxParallelism))
    this.#valueSchemas.forEach((schema, t) => {
      writer.write(this.#aggregator.freezeValues(schema, t, [...frozen, shared], maxParallelism))
    })
  }

  restore(reader: StateReader): void {
    const { router } = attachedSlices({ startColumn: 1, endColumn: 2 })
    const first = 1 + PREFIX.length
    for (const batch of reader.read(this.#schema)) {
      this.#bySlice(router, batch, (slice, rows, count) => {
        this.#aggregator.restoreGroups(slice.groups, batch, first, rows, count)
      })
      this.shared.restoreGroups(batch, first)
    }
    this.#valueSchemas.forEach((schema, t) => {
      for (const batch of reader.read(schema)) {
        this.#bySlice(router, batch, (slice, rows, count) => {
          this.#aggregator.restoreValues(slice.groups, t, batch, first, rows, count)
        })
        this.shared.restoreValues(t, batch, first)
      }
    })
  }

  /** Calls `take` for slices with tables of their own; rows of others are put aside. */
  #bySlice(
    router: SliceRouter,
    batch: Batch,
    take: (slice: Slice, rows: Int32Array, count: number) => void,
  ): void {
    router.route(batch)
    for (let slot = 0; slot < router.numSlots; slot++) {
      const end = router.ends[slot]!
      const slice = this.#slices.get(end) ?? this.create(router.starts[slot]!, end)
      if (slice.isShared) this.shared.take(slice, router, slot, batch, null)
      else take(slice, router.rowsOf(slot), router.counts[slot]!)
    }
  }

  /** Groups that a slice has, as far as is known. */
  get #typicalSize(): number {
    const [oldest] = this.#own
    return Math.max(this.#lastSize, oldest?.groups.table.size ?? 0)
  }

  #put(slice: Slice): Slice {
    this.#slices.set(slice.end, slice)
    this.#ends.add(slice.end)
    return slice
  }

  /** Takes a slice out of the store. Returned if its groups are still to be removed from the shared table. */
  #take(end: number): Slice | undefined {
    const slice = this.#slices.get(end)
    if (slice === undefined) return undefined
    this.#slices.delete(slice.end)
    const { groups } = slice
    this.#lastSize = Math.min(MAX_EXPECTED, slice.isShared ? slice.size : groups.table.size)
    if (slice.isShared) return slice
    this.#own.delete(slice)
    const { numRowIds } = groups.table
    if (this.#spareRows + numRowIds > MAX_SPARE || !resetGroups(groups)) return undefined
    this.#spares.push({ groups, numRowIds })
    this.#spareRows += numRowIds
    return undefined
  }

  #ownGroups(): Groups {
    const spare = this.#spares.pop()
    if (spare === undefined) return this.#aggregator.createGroups(this.#lastSize)
    this.#spareRows -= spare.numRowIds
    return spare.groups
  }
}
