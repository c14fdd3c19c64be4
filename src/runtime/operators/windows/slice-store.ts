/** The tables of groups per slice, with snapshot and restore. */

import type { StateReader, StateSchema, StateWriter } from '../../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../../state/table/freeze-tables.ts'
import { type Batch, timestampType } from '../../../types/index.ts'
import type { Aggregator, Groups } from '../../aggregates/aggregator.ts'

export interface Slice {
  readonly start: number
  readonly end: number
  readonly groups: Groups
}

/** A slice that turns out small should not have cost much. */
const MAX_EXPECTED = 65_536

/** False where their memory is of no use to others. */
const resetGroups = ({ table, valueTables }: Groups): boolean =>
  [table, ...valueTables].every(part => part.reset())

const PREFIX = [
  { name: 'slice_start', type: timestampType(3, false) },
  { name: 'slice_end', type: timestampType(3, false) },
]

export class SliceStore {
  readonly #aggregator: Aggregator
  readonly #slices = new Map<number, Slice>()
  readonly #schema: StateSchema
  readonly #valueSchemas: readonly StateSchema[]
  /** Groups of the slice dropped last: the next ones will hold about as many. */
  #lastSize = 0
  /** Those groups themselves, emptied: the next slice takes their memory. */
  #spare: Groups | null = null

  constructor(aggregator: Aggregator) {
    this.#aggregator = aggregator
    this.#schema = keyedSchema('slices', 1, [...PREFIX, ...aggregator.stateSpecs])
    this.#valueSchemas = aggregator.valueSpecs.map((specs, t) =>
      keyedSchema(`slice_values_${t}`, 1, [...PREFIX, ...specs]),
    )
  }

  get size(): number {
    return this.#slices.size
  }

  get numRows(): number {
    let rows = 0
    for (const slice of this.#slices.values()) rows += slice.groups.table.size
    return rows
  }

  get(end: number): Slice | undefined {
    return this.#slices.get(end)
  }

  create(start: number, end: number): Slice {
    const groups = this.#spare ?? this.#aggregator.createGroups(this.#lastSize)
    this.#spare = null
    const slice = { start, end, groups }
    this.#slices.set(end, slice)
    return slice
  }

  /** Gives the groups of one slice to another name. */
  rename(slice: Slice, start: number, end: number): Slice {
    this.#slices.delete(slice.end)
    const renamed = { start, end, groups: slice.groups }
    this.#slices.set(end, renamed)
    return renamed
  }

  /** Frees the slice's state at once. */
  drop(end: number): void {
    const groups = this.#slices.get(end)?.groups
    this.#slices.delete(end)
    if (groups === undefined) return
    this.#lastSize = Math.min(MAX_EXPECTED, groups.table.size)
    this.#spare = groups.table.numRowIds <= MAX_EXPECTED && resetGroups(groups) ? groups : null
  }

  [Symbol.iterator](): Iterator<Slice> {
    return this.#slices.values()
  }

  snapshot(writer: StateWriter, maxParallelism: number): void {
    const slices = [...this.#slices.values()]
    const frozen = slices.map(slice => ({
      prefix: [slice.start, slice.end],
      groups: this.#aggregator.freeze(slice.groups),
    }))
    const parts = frozen.map(({ prefix, groups }) => ({
      prefix,
      table: groups.table,
      columns: this.#aggregator.stateColumns(groups.table),
    }))
    writer.write(freezeTables(this.#schema, parts, maxParallelism))
    this.#valueSchemas.forEach((schema, t) => {
      writer.write(this.#aggregator.freezeValues(schema, t, frozen, maxParallelism))
    })
  }

  restore(reader: StateReader): void {
    for (const batch of reader.read(this.#schema)) {
      this.#bySlice(batch, (slice, rows, count) => {
        this.#aggregator.restoreGroups(slice.groups, batch, 1 + PREFIX.length, rows, count)
      })
    }
    this.#valueSchemas.forEach((schema, t) => {
      for (const batch of reader.read(schema)) {
        this.#bySlice(batch, (slice, rows, count) => {
          this.#aggregator.restoreValues(slice.groups, t, batch, 1 + PREFIX.length, rows, count)
        })
      }
    })
  }

  #bySlice(batch: Batch, take: (slice: Slice, rows: Int32Array, count: number) => void): void {
    const starts = batch.columns[1]!
    const ends = batch.columns[2]!
    if (starts.storage !== 'f64' || ends.storage !== 'f64') return
    const rows = new Int32Array(batch.length)
    for (let from = 0; from < batch.length; ) {
      const end = ends.values[from]!
      let count = 0
      for (let row = from; row < batch.length && ends.values[row] === end; row++) rows[count++] = row
      take(this.#slices.get(end) ?? this.create(starts.values[from]!, end), rows, count)
      from += count
    }
  }
}
