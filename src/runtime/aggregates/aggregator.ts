/**
 * The groups of an aggregation and the loops over them. One `Aggregator` per operator holds layout, kernels and
 * scratch arrays; one `Groups` per table of groups (a slice, a window, or all groups of a GROUP BY).
 */
import { hashKernel, KeyReader } from '../../state/keys/key-hash.ts'
import { type ProbeKernel, probeKernel } from '../../state/keys/probe-kernel.ts'
import type { FrozenState, StateSchema } from '../../state/state-io.ts'
import type { StateColumnSpec } from '../../state/table/freeze-tables.ts'
import { KeyedTable, type TableView } from '../../state/table/keyed-table.ts'
import { PAGE_ROWS, type PagedColumn } from '../../state/table/paged-column.ts'
import { numPages, scanPage } from '../../state/table/scan-table.ts'
import {
  type Batch,
  type Column,
  createColumns,
  doubleType,
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
import { type FrozenGroups, freezeValueTables } from './freeze-values.ts'
import { ValueTables } from './value-tables.ts'

export interface Groups {
  readonly table: KeyedTable
  readonly valueTables: readonly KeyedTable[]
}

const keySpecs = (types: readonly LogicalType[]): StateColumnSpec[] =>
  types.map((type, k) => ({ name: `key${k}`, type }))

export class Aggregator {
  readonly layout: AggregateLayout
  readonly keyTypes: readonly LogicalType[]
  readonly #keys: KeyReader
  readonly #stateKeys: KeyReader
  readonly #probe: ProbeKernel
  readonly #accumulate: AccumulateKernel
  readonly #merge: MergeKernel
  readonly #emit: EmitKernel
  readonly #values: ValueTables
  readonly #scanned: readonly Column[]
  #hashes = new Int32Array(PAGE_ROWS)
  #ids = new Int32Array(PAGE_ROWS)
  readonly #scannedIds = new Int32Array(PAGE_ROWS)

  constructor(
    layout: AggregateLayout,
    inputTypes: readonly LogicalType[],
    keys: readonly number[],
    retracts: boolean,
  ) {
    this.layout = layout
    this.keyTypes = keys.map(key => inputTypes[key]!)
    this.#keys = new KeyReader(inputTypes, keys)
    this.#stateKeys = new KeyReader(
      this.keyTypes,
      keys.map((_, k) => k),
    )
    this.#probe = probeKernel(this.#keys.storages)
    this.#accumulate = accumulateKernel(layout, retracts)
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
    }
  }

  /** Hashes of the grouping keys of a batch; borrowed until the next call. */
  hash(batch: Batch): Int32Array {
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    hashKernel(this.#keys.storages)(this.#keys.read(batch), batch.length, this.#hashes)
    return this.#hashes
  }

  /**
   * Adds (or retracts, by row kind) the given rows of a batch; `hashes` as `hash` gave them. Returns the row ids
   * of their groups, borrowed until the next call.
   */
  add(groups: Groups, batch: Batch, hashes: Int32Array, rows: Int32Array, count: number): Int32Array {
    const ids = this.findGroups(groups, batch, hashes, rows, count, true)
    const valueIds = this.findValues(groups, batch, rows, count, ids)
    this.#accumulate(
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
    return this.#values.find(groups.valueTables, groups.table, batch, rows, count, ids)
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

  /** Row ids of rows of a batch that starts with the key columns, e.g. of restored state; inserts. */
  #findStateGroups(groups: Groups, batch: Batch, rows: Int32Array, count: number): Int32Array {
    if (this.#ids.length < count) this.#ids = new Int32Array(count)
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    const columns = this.#stateKeys.read(batch)
    hashKernel(this.#stateKeys.storages)(columns, batch.length, this.#hashes)
    this.#probe(groups.table, columns, rows, count, this.#hashes, this.#ids, true)
    return this.#ids
  }

  /** Adds all groups of `from` to `into`; `from` is left as it is. */
  merge(into: Groups, from: Groups): void {
    const sources = this.stateColumns(from.table)
    const groupOf = new Int32Array(this.layout.valueTables.length > 0 ? from.table.numRowIds : 0)
    for (let page = 0; page < numPages(from.table); page++) {
      const length = scanPage(from.table, page, sources, this.#scanned, this.#scannedIds)
      const batch = { length, columns: this.#scanned, kinds: null }
      const ids = this.#findStateGroups(into, batch, allRows(length), length)
      this.#merge(aggregateEnvironment, into.table, batch, length, ids)
      if (groupOf.length > 0) for (let i = 0; i < length; i++) groupOf[this.#scannedIds[i]!] = ids[i]!
    }
    this.#values.merge(into.valueTables, into.table, from.valueTables, groupOf)
  }

  /** Writes results of groups from row id `from` on until `out` is full; returns the next row id. */
  emit(groups: Groups, out: OutputBuffer, from: number): number {
    return this.#emit(aggregateEnvironment, groups.table, out, null, from, groups.table.numRowIds)
  }

  /** The same for the groups `ids[from, ids.length)`; returns the next position. */
  emitSome(groups: Groups, out: OutputBuffer, ids: Int32Array, from: number): number {
    return this.#emit(aggregateEnvironment, groups.table, out, ids, from, ids.length)
  }

  /** Keys, then the state columns that snapshots and merges carry (not the list heads). */
  stateColumns(view: TableView): readonly PagedColumn[] {
    return [...view.keys, ...view.values.slice(0, this.layout.state.length)]
  }

  /** Names and types of keys and state columns in snapshots. */
  get stateSpecs(): readonly StateColumnSpec[] {
    return [...keySpecs(this.keyTypes), ...this.layout.state]
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

  /** Writes back what `stateColumns` gave; the columns start at `first`. */
  restoreGroups(groups: Groups, batch: Batch, first: number, rows: Int32Array, count: number): void {
    const columns = batch.columns.slice(first)
    const ids = this.#findStateGroups(groups, { ...batch, columns }, rows, count)
    for (let v = 0; v < this.layout.state.length; v++) {
      const column = columns[this.keyTypes.length + v]!
      for (let i = 0; i < count; i++) groups.table.writeValue(ids[i]!, v, column, rows[i]!)
    }
  }

  /** Removes all values of one group from the value tables. */
  clearValues(groups: Groups, group: number): void {
    this.#values.clearGroup(groups.valueTables, groups.table, group)
  }

  /** Value table `t` of several frozen groups as one state, group row ids replaced by the groups' keys. */
  freezeValues(
    schema: StateSchema,
    t: number,
    parts: readonly { readonly prefix: readonly number[]; readonly groups: FrozenGroups }[],
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
  ): void {
    const columns = batch.columns.slice(first)
    const ids = this.#findStateGroups(groups, { ...batch, columns }, rows, count)
    const group = new Int32Column(batch.length)
    for (let i = 0; i < count; i++) group.values[rows[i]!] = ids[i]!
    const values = { ...batch, columns: [group, ...columns.slice(this.keyTypes.length)] }
    this.#values.addState(t, groups.valueTables[t]!, groups.table, values, rows, count, false)
  }
}
