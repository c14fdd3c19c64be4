/**
 * The groups of an aggregation and the loops over them. One `Aggregator` per operator holds layout, kernels and
 * scratch arrays; one `Groups` per table of groups (a slice, a window, or all groups of a GROUP BY).
 */
import { hashKernel, KeyReader } from '../../state/keys/key-hash.ts'
import { type ProbeKernel, probeKernel } from '../../state/keys/probe-kernel.ts'
import { KeyedTable, type TableView } from '../../state/table/keyed-table.ts'
import { PAGE_ROWS, type PagedColumn } from '../../state/table/paged-column.ts'
import { numPages, scanPage } from '../../state/table/scan-table.ts'
import { type Batch, type Column, createColumns, type LogicalType } from '../../types/index.ts'
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
import { ValueTables } from './value-tables.ts'

export interface Groups {
  readonly table: KeyedTable
  readonly valueTables: readonly KeyedTable[]
}

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
    this.#values = new ValueTables(layout, inputTypes, retracts)
    this.#scanned = createColumns([...this.keyTypes, ...layout.state.map(column => column.type)], 64)
  }

  createGroups(): Groups {
    return {
      table: new KeyedTable(this.keyTypes, this.layout.valueTypes),
      valueTables: this.#values.createTables(),
    }
  }

  /** Hashes of the grouping keys of a batch; borrowed until the next call. */
  hash(batch: Batch): Int32Array {
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    hashKernel(this.#keys.storages)(this.#keys.read(batch), batch.length, this.#hashes)
    return this.#hashes
  }

  /** Adds (or retracts, by row kind) the given rows of a batch whose `hash` was just taken. */
  add(groups: Groups, batch: Batch, rows: Int32Array, count: number): void {
    const ids = this.findGroups(groups, batch, rows, count, true)
    const valueIds = this.#values.find(groups.valueTables, groups.table, batch, rows, count, ids)
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
    this.#values.sweep(groups.valueTables, groups.table, count)
  }

  /** Row ids of the rows' groups (-1 = none, unless `insert`); borrowed until the next call. */
  findGroups(groups: Groups, batch: Batch, rows: Int32Array, count: number, insert: boolean): Int32Array {
    if (this.#ids.length < count) this.#ids = new Int32Array(count)
    this.#probe(groups.table, this.#keys.read(batch), rows, count, this.#hashes, this.#ids, insert)
    return this.#ids
  }

  /** Row ids for rows of a batch that starts with the key columns, e.g. of restored state; inserts. */
  findStateGroups(groups: Groups, batch: Batch): Int32Array {
    if (this.#ids.length < batch.length) this.#ids = new Int32Array(batch.length)
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    const columns = this.#stateKeys.read(batch)
    hashKernel(this.#stateKeys.storages)(columns, batch.length, this.#hashes)
    const rows = allRows(batch.length)
    this.#probe(groups.table, columns, rows, batch.length, this.#hashes, this.#ids, true)
    return this.#ids
  }

  /** Adds all groups of `from` to `into`; `from` is left as it is. */
  merge(into: Groups, from: Groups): void {
    const sources = this.stateColumns(from.table)
    const groupOf = new Int32Array(this.layout.valueTables.length > 0 ? from.table.numRowIds : 0)
    for (let page = 0; page < numPages(from.table); page++) {
      const length = scanPage(from.table, page, sources, this.#scanned, this.#scannedIds)
      const batch = { length, columns: this.#scanned, kinds: null }
      const ids = this.findStateGroups(into, batch)
      this.#merge(aggregateEnvironment, into.table, batch, length, ids)
      if (groupOf.length > 0) for (let i = 0; i < length; i++) groupOf[this.#scannedIds[i]!] = ids[i]!
    }
    this.#values.merge(into.valueTables, into.table, from.valueTables, groupOf)
  }

  /** Writes results of groups from row id `from` on until `out` is full; returns the next row id. */
  emit(groups: Groups, out: OutputBuffer, from: number): number {
    return this.#emit(aggregateEnvironment, groups.table, out, from)
  }

  /** Keys, then the state columns that snapshots and merges carry (not the list heads). */
  stateColumns(view: TableView): readonly PagedColumn[] {
    return [...view.keys, ...view.values.slice(0, this.layout.state.length)]
  }

  get values(): ValueTables {
    return this.#values
  }
}

let identity = Int32Array.from({ length: PAGE_ROWS }, (_, i) => i)

/** The selection of all rows: 0, 1, 2 … Never written. */
export function allRows(length: number): Int32Array {
  if (identity.length < length) identity = Int32Array.from({ length }, (_, i) => i)
  return identity
}
