/**
 * The groups of an aggregation and the loops over them. One `Aggregator` per operator holds layout, kernels and
 * scratch arrays; one `Groups` per table of groups (a slice, a window, or all groups of a GROUP BY).
 */
import { hashKernel, KeyReader } from '../../state/keys/key-hash.ts'
import { type ProbeKernel, probeKernel } from '../../state/keys/probe-kernel.ts'
import type { FrozenState, StateSchema } from '../../state/state-io.ts'
import type { StateColumnSpec } from '../../state/table/freeze-tables.ts'
import type { ColumnView, TableView } from '../../state/table/frozen-table.ts'
import { KeyedTable } from '../../state/table/keyed-table.ts'
import { PAGE_ROWS, PAGE_SHIFT } from '../../state/table/paged-column.ts'
import { scanPage, scanRows } from '../../state/table/scan-table.ts'
import {
  type Batch,
  type Column,
  createColumns,
  doubleType,
  type Float64Column,
  Int32Column,
  type LogicalType,
} from '../../types/index.ts'
import type { OutputBuffer } from '../operators/output-buffer.ts'
import { aggregateEnvironment } from './aggregate-environment.ts'
import {
  type AccumulateKernel,
  accumulateKernel,
  type EmitKernel,
  emitKernel,
  type MergeKernel,
  mergeKernel,
} from './aggregate-kernels.ts'
import type { AggregateLayout } from './aggregate-layout.ts'
import { allRows } from './all-rows.ts'
import { type FrozenGroups, freezeValueTables, type ValuePart } from './freeze-values.ts'
import type { PartialRows } from './partial-rows.ts'
import { mixSlices, slicedTypes } from './sliced-groups.ts'
import { ValueTables } from './value-tables.ts'

export interface Groups {
  readonly table: KeyedTable
  readonly valueTables: readonly KeyedTable[]
  /** Whether the table holds the groups of many slices (sliced-groups.ts). */
  readonly sliced: boolean
}

/** Some groups of a table: those with row ids `ids[0, count)`, or all below `count` if `ids` is null. */
export interface GroupRows {
  readonly groups: Groups
  readonly ids: Int32Array | null
  readonly count: number
}

export const allGroups = (groups: Groups): GroupRows => ({ groups, ids: null, count: groups.table.numRowIds })

/** What adds the rows of the input: rows of the query, or groups that a local phase has made of them. */
type InputKernel =
  | { readonly kind: 'rows'; readonly accumulate: AccumulateKernel }
  | { readonly kind: 'groups'; readonly merge: MergeKernel }

const keySpecs = (types: readonly LogicalType[]): StateColumnSpec[] =>
  types.map((type, k) => ({ name: `key${k}`, type }))

export class Aggregator {
  readonly layout: AggregateLayout
  readonly keyTypes: readonly LogicalType[]
  readonly #keys: KeyReader
  readonly #stateKeys: KeyReader
  readonly #probe: ProbeKernel
  readonly #probeSliced: ProbeKernel
  readonly #input: InputKernel
  readonly #merge: MergeKernel
  readonly #emit: EmitKernel
  readonly #values: ValueTables
  readonly #scanned: readonly Column[]
  #hashes = new Int32Array(PAGE_ROWS)
  #ids = new Int32Array(PAGE_ROWS)
  readonly #scannedIds = new Int32Array(PAGE_ROWS)

  /** `partial`: rows of the input are groups, made by a local phase. */
  constructor(
    layout: AggregateLayout,
    inputTypes: readonly LogicalType[],
    keys: readonly number[],
    retracts: boolean,
    partial: PartialRows | null = null,
  ) {
    this.layout = layout
    this.keyTypes = keys.map(key => inputTypes[key]!)
    this.#keys = new KeyReader(inputTypes, keys)
    this.#stateKeys = new KeyReader(
      this.keyTypes,
      keys.map((_, k) => k),
    )
    this.#probe = probeKernel(this.#keys.storages)
    this.#probeSliced = probeKernel([...this.#keys.storages, 'f64'])
    this.#input =
      partial === null
        ? { kind: 'rows', accumulate: accumulateKernel(layout, retracts) }
        : { kind: 'groups', merge: mergeKernel(layout, partial.firstState, partial.layout) }
    this.#merge = mergeKernel(layout, keys.length)
    this.#emit = emitKernel(layout, keys.length)
    this.#values = new ValueTables(layout, inputTypes, retracts || layout.stamp !== null)
    this.#scanned = createColumns([...this.keyTypes, ...layout.state.map(column => column.type)], 64)
  }

  /** `expectedGroups` saves groups that will be about so many the growing. */
  createGroups(expectedGroups = 0): Groups {
    return {
      table: new KeyedTable(this.keyTypes, this.layout.valueTypes, true, expectedGroups),
      valueTables: this.#values.createTables(),
      sliced: false,
    }
  }

  /** For the groups of many slices. */
  createSlicedGroups(): Groups {
    const { keyTypes, valueTypes } = slicedTypes(this.keyTypes, this.layout.valueTypes)
    return {
      table: new KeyedTable(keyTypes, valueTypes),
      valueTables: this.#values.createTables(),
      sliced: true,
    }
  }

  /** Hashes of the grouping keys of a batch; borrowed until the next call. */
  hash(batch: Batch): Int32Array {
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    this.#keys.hash(batch, this.#hashes)
    return this.#hashes
  }

  /**
   * Adds (or retracts, by row kind) the given rows of a batch; `hashes` as `hash` gave them. Sliced groups need the
   * slice end of each row, and hashes with the slice mixed in. Returns the row ids of the rows' groups, borrowed until
   * the next call.
   */
  add(
    groups: Groups,
    batch: Batch,
    hashes: Int32Array,
    rows: Int32Array,
    count: number,
    ends: Float64Column | null = null,
  ): Int32Array {
    const ids =
      ends === null
        ? this.findGroups(groups, batch, hashes, rows, count, true)
        : this.#findSliced(groups, this.#keys.read(batch), hashes, rows, count, ends)
    if (this.#input.kind === 'groups') {
      this.#input.merge(aggregateEnvironment, groups.table, batch, rows, count, ids)
      return ids
    }
    const valueIds = this.findValues(groups, batch, rows, count, ids)
    this.#input.accumulate(
      aggregateEnvironment,
      groups.table,
      groups.valueTables,
      batch,
      rows,
      count,
      ids,
      valueIds,
    )
    this.sweepValues(groups, count)
    return ids
  }

  /** Value rows of rows whose groups are `ids`; borrowed. */
  findValues(
    groups: Groups,
    batch: Batch,
    rows: Int32Array,
    count: number,
    ids: Int32Array,
  ): readonly Int32Array[] {
    return this.#values.find(groups, batch, rows, count, ids)
  }

  /** Removes the value rows of the last `findValues` that are no longer in any group. */
  sweepValues(groups: Groups, count: number): void {
    this.#values.sweep(groups.valueTables, groups.table, count)
  }

  /** Removes a group with its values. */
  removeGroup(groups: Groups, group: number): void {
    this.#values.clearGroup(groups.valueTables, groups.table, group)
    groups.table.removeRow(group)
  }

  /** Row ids of the rows' groups (-1 = none, unless `insert`); borrowed until the next call. */
  findGroups(
    groups: Groups,
    batch: Batch,
    hashes: Int32Array,
    rows: Int32Array,
    count: number,
    insert: boolean,
  ): Int32Array {
    if (this.#ids.length < count) this.#ids = new Int32Array(count)
    this.#probe(groups.table, this.#keys.read(batch), rows, count, hashes, this.#ids, insert)
    return this.#ids
  }

  #findSliced(
    groups: Groups,
    keys: readonly Column[],
    hashes: Int32Array,
    rows: Int32Array,
    count: number,
    ends: Float64Column,
  ): Int32Array {
    if (this.#ids.length < count) this.#ids = new Int32Array(count)
    this.#probeSliced(groups.table, [...keys, ends], rows, count, hashes, this.#ids, true)
    return this.#ids
  }

  /** Row ids of rows of a batch that starts with the key columns, e.g. of restored state; inserts. */
  #findStateGroups(
    groups: Groups,
    batch: Batch,
    rows: Int32Array,
    count: number,
    ends: Float64Column | null = null,
  ): Int32Array {
    if (this.#ids.length < count) this.#ids = new Int32Array(count)
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    const columns = this.#stateKeys.read(batch)
    hashKernel(this.#stateKeys.storages)(columns, batch.length, this.#hashes)
    if (ends !== null) {
      mixSlices(this.#hashes, rows, count, ends)
      return this.#findSliced(groups, columns, this.#hashes, rows, count, ends)
    }
    this.#probe(groups.table, columns, rows, count, this.#hashes, this.#ids, true)
    return this.#ids
  }

  /** Adds groups to `into`, which is not sliced; those of `from` are left as they are. */
  merge(into: Groups, from: GroupRows): void {
    const { table, valueTables } = from.groups
    const groupOf = new Int32Array(this.layout.valueTables.length > 0 ? table.numRowIds : 0)
    const ids = this.#scannedIds
    for (const batch of this.read(from)) {
      const { length } = batch
      const rows = allRows(length)
      const targets = this.#findStateGroups(into, batch, rows, length)
      this.#merge(aggregateEnvironment, into.table, batch, rows, length, targets)
      if (groupOf.length > 0) for (let i = 0; i < length; i++) groupOf[ids[i]!] = targets[i]!
    }
    this.#values.merge(into, valueTables, groupOf)
  }

  /** The groups as batches of keys and state columns; each is borrowed until the next, its row ids are `#scannedIds`. */
  *read({ groups: { table }, ids, count }: GroupRows): Generator<Batch> {
    const keys = table.keys.slice(0, this.keyTypes.length)
    const sources = [...keys, ...table.values.slice(0, this.layout.state.length)]
    for (let next = 0; next < count; next += PAGE_ROWS) {
      const length =
        ids === null
          ? scanPage(table, next >>> PAGE_SHIFT, sources, this.#scanned, this.#scannedIds)
          : scanRows(
              ids.subarray(next, Math.min(count, next + PAGE_ROWS)),
              sources,
              this.#scanned,
              this.#scannedIds,
            )
      yield { length, columns: this.#scanned, kinds: null }
    }
  }

  /** Writes results of groups from position `from` on until `out` is full; returns the next position. */
  emit({ groups, ids, count }: GroupRows, out: OutputBuffer, from: number): number {
    return this.#emit(aggregateEnvironment, groups.table, out, ids, from, count)
  }

  /** Keys, then the state columns that snapshots carry. */
  stateColumns(view: TableView): readonly ColumnView[] {
    const keys = view.keys.slice(0, this.keyTypes.length)
    return [...keys, ...this.layout.stored.map(({ column }) => view.values[column]!)]
  }

  /** Names and types of keys and state columns in snapshots. */
  get stateSpecs(): readonly StateColumnSpec[] {
    return [...keySpecs(this.keyTypes), ...this.layout.stored.map(({ name, type }) => ({ name, type }))]
  }

  /** The same for each value table: the group's keys, the arguments, the counts. */
  get valueSpecs(): readonly (readonly StateColumnSpec[])[] {
    return this.layout.valueTables.map(table => [
      ...keySpecs(this.keyTypes),
      ...table.argumentTypes.map((type, j) => ({ name: `value${j}`, type })),
      ...table.filters.map((_, c) => ({ name: `count${c}`, type: doubleType(false) })),
    ])
  }

  freeze(groups: Groups): FrozenGroups {
    return {
      table: groups.table.freeze(),
      valueTables: groups.valueTables.map(table => ({
        values: table.freeze(),
        groups: groups.table.freeze(),
      })),
    }
  }

  /** Writes back what `stateColumns` gave; the columns start at `first`. Returns the row ids, borrowed. */
  restoreGroups(
    groups: Groups,
    batch: Batch,
    first: number,
    rows: Int32Array,
    count: number,
    ends: Float64Column | null = null,
  ): Int32Array {
    const columns = batch.columns.slice(first)
    const ids = this.#findStateGroups(groups, { ...batch, columns }, rows, count, ends)
    this.layout.stored.forEach(({ column }, s) => {
      const from = columns[this.keyTypes.length + s]!
      for (let i = 0; i < count; i++) groups.table.writeValue(ids[i]!, column, from, rows[i]!)
    })
    return ids
  }

  /** Removes all values of one group from the value tables. */
  clearValues(groups: Groups, group: number): void {
    this.#values.clearGroup(groups.valueTables, groups.table, group)
  }

  /** Value table `t` of several frozen groups as one state, group row ids replaced by the groups' keys. */
  freezeValues(
    schema: StateSchema,
    t: number,
    parts: readonly ValuePart[],
    maxParallelism: number,
  ): FrozenState {
    return freezeValueTables(schema, t, parts, maxParallelism)
  }

  /** Writes back rows of value table `t`; the groups must have been restored. */
  restoreValues(
    groups: Groups,
    t: number,
    batch: Batch,
    first: number,
    rows: Int32Array,
    count: number,
    ends: Float64Column | null = null,
  ): void {
    const columns = batch.columns.slice(first)
    const ids = this.#findStateGroups(groups, { ...batch, columns }, rows, count, ends)
    const group = new Int32Column(batch.length)
    for (let i = 0; i < count; i++) group.values[rows[i]!] = ids[i]!
    const values = { ...batch, columns: [group, ...columns.slice(this.keyTypes.length)] }
    this.#values.addState(t, groups, values, rows, count, false)
  }
}
