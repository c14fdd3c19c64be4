/**
 * Value tables of groups (see aggregate-layout.ts): rows keyed by (group row id, argument values), with a count
 * per FILTER. Where rows can be taken back or expire, or slices share the table, the rows of one group are a doubly linked
 * list that starts at the group's head column, so that a group's values can be searched or deleted. Links are row id + 1; the `previous`
 * of the first row is -1, so that 0 marks a row that is not linked yet.
 */
import { hashKernel, KeyReader } from '../../state/keys/key-hash.ts'
import { probeKernel } from '../../state/keys/probe-kernel.ts'
import { KeyedTable } from '../../state/table/keyed-table.ts'
import {
  PAGE_MASK,
  PAGE_ROWS,
  PAGE_SHIFT,
  type PagedFloat64,
  type PagedInt32,
} from '../../state/table/paged-column.ts'
import { numPages, scanPage } from '../../state/table/scan-table.ts'
import {
  type Batch,
  type Column,
  createColumns,
  Int32Column,
  integerType,
  type LogicalType,
  type Storage,
} from '../../types/index.ts'
import { aggregateEnvironment } from './aggregate-environment.ts'
import { type MergeValuesKernel, mergeValuesKernel } from './aggregate-kernels.ts'
import { type AggregateLayout, type ValueTableLayout, valueTableTypes } from './aggregate-layout.ts'
import type { Groups } from './aggregator.ts'
import { allRows } from './all-rows.ts'

class OneTable {
  readonly layout: ValueTableLayout
  readonly keyTypes: readonly LogicalType[]
  readonly storages: readonly Storage[]
  readonly #reader: KeyReader
  readonly #stateReader: KeyReader
  readonly #merge: MergeValuesKernel
  readonly scanned: readonly Column[]
  readonly #group = new Int32Column(PAGE_ROWS)
  #hashes = new Int32Array(PAGE_ROWS)
  #rows = new Int32Array(PAGE_ROWS)
  #at = new Int32Array(PAGE_ROWS)
  #found = new Int32Array(PAGE_ROWS)
  /** Value row of each of the rows of the last `find`; -1 = none. */
  ids = new Int32Array(PAGE_ROWS)

  constructor(aggregates: AggregateLayout, t: number, inputTypes: readonly LogicalType[]) {
    this.layout = aggregates.valueTables[t]!
    const { arguments: args, argumentTypes, filters } = this.layout
    this.keyTypes = [integerType(false), ...argumentTypes]
    this.#reader = new KeyReader(inputTypes, args)
    this.#stateReader = new KeyReader(
      this.keyTypes,
      this.keyTypes.map((_, k) => k),
    )
    this.storages = this.#stateReader.storages
    this.#merge = mergeValuesKernel(aggregates, t)
    this.scanned = createColumns([...this.keyTypes, ...valueTableTypes(filters.length).slice(0, -2)], 64)
  }

  createTable(): KeyedTable {
    return new KeyedTable(this.keyTypes, valueTableTypes(this.layout.filters.length))
  }

  /** Finds or adds the value rows of a batch's rows; rows with a NULL argument or no passing filter have none. */
  find(table: KeyedTable, batch: Batch, rows: Int32Array, count: number, groups: Int32Array): void {
    this.#reserve(Math.max(batch.length, count))
    const args = this.#reader.read(batch)
    let applicable = 0
    for (let i = 0; i < count; i++) {
      const row = rows[i]!
      this.ids[i] = -1
      if (groups[i]! < 0 || !this.#applies(batch, args, row)) continue
      this.#group.values[row] = groups[i]!
      this.#rows[applicable] = row
      this.#at[applicable++] = i
    }
    const columns = [this.#group, ...args]
    hashKernel(this.storages)(columns, batch.length, this.#hashes)
    probeKernel(this.storages)(table, columns, this.#rows, applicable, this.#hashes, this.#found, true)
    for (let k = 0; k < applicable; k++) this.ids[this.#at[k]!] = this.#found[k]!
  }

  /** Value rows for the rows of a batch of (group, arguments, …), e.g. restored ones; adds missing rows. */
  findState(table: KeyedTable, batch: Batch, rows: Int32Array, count: number): Int32Array {
    this.#reserve(Math.max(batch.length, count))
    const columns = this.#stateReader.read(batch)
    hashKernel(this.storages)(columns, batch.length, this.#hashes)
    probeKernel(this.storages)(table, columns, rows, count, this.#hashes, this.#found, true)
    return this.#found
  }

  /** Every row of `batch`. */
  merge(into: KeyedTable, groups: KeyedTable, batch: Batch): Int32Array {
    const ids = this.findState(into, batch, allRows(batch.length), batch.length)
    const group = batch.columns[0]
    const groupIds = group?.storage === 'i32' ? group.values : this.#found
    this.#merge(aggregateEnvironment, groups, into, batch, batch.length, groupIds, ids)
    return ids
  }

  #applies(batch: Batch, args: readonly Column[], row: number): boolean {
    for (const arg of args) if (arg.nulls !== null && arg.nulls[row] === 1) return false
    for (const filter of this.layout.filters) {
      if (filter === null) return true
      const column = batch.columns[filter]!
      if (column.storage === 'i32' && !column.isNull(row) && column.values[row] === 1) return true
    }
    return false
  }

  #reserve(length: number): void {
    if (this.#hashes.length >= length) return
    this.#group.ensureCapacity(length)
    this.#hashes = new Int32Array(length)
    this.#rows = new Int32Array(length)
    this.#at = new Int32Array(length)
    this.#found = new Int32Array(length)
    this.ids = new Int32Array(length)
  }
}

export class ValueTables {
  readonly #tables: readonly OneTable[]
  readonly #linked: boolean
  readonly #scannedIds = new Int32Array(PAGE_ROWS)

  constructor(layout: AggregateLayout, inputTypes: readonly LogicalType[], linked: boolean) {
    this.#tables = layout.valueTables.map((_, t) => new OneTable(layout, t, inputTypes))
    this.#linked = linked
  }

  createTables(): KeyedTable[] {
    return this.#tables.map(table => table.createTable())
  }

  /** Value rows of the rows, per table; `groups[i]` is the group of row `rows[i]`. Borrowed. */
  find(
    into: Groups,
    batch: Batch,
    rows: Int32Array,
    count: number,
    groups: Int32Array,
  ): readonly Int32Array[] {
    return this.#tables.map((one, t) => {
      const table = into.valueTables[t]!
      one.find(table, batch, rows, count, groups)
      if (this.#linked || into.sliced) {
        for (let i = 0; i < count; i++)
          if (one.ids[i]! >= 0) this.#link(t, table, into.table, groups[i]!, one.ids[i]!)
      }
      return one.ids
    })
  }

  /** Removes the rows of the last `find` whose counts are all zero. */
  sweep(tables: readonly KeyedTable[], groupTable: KeyedTable, count: number): void {
    if (!this.#linked) return
    for (let t = 0; t < this.#tables.length; t++) {
      const table = tables[t]!
      const { ids } = this.#tables[t]!
      for (let i = 0; i < count; i++) {
        const id = ids[i]!
        if (id >= 0 && table.isLive(id) && this.#isZero(t, table, id)) this.#remove(t, table, groupTable, id)
      }
    }
  }

  /** Removes all values of a group. */
  clearGroup(tables: readonly KeyedTable[], groupTable: KeyedTable, group: number): void {
    for (let t = 0; t < this.#tables.length; t++) {
      const heads = this.#heads(t, groupTable)
      for (;;) {
        const head = heads.values[group >>> PAGE_SHIFT]![group & PAGE_MASK]!
        if (head === 0) break
        this.#remove(t, tables[t]!, groupTable, head - 1)
      }
    }
  }

  merge(into: Groups, from: readonly KeyedTable[], groupOf: Int32Array): void {
    for (let t = 0; t < this.#tables.length; t++) {
      const one = this.#tables[t]!
      const source = from[t]!
      const columns = [...source.keys, ...source.values.slice(0, -2)]
      for (let page = 0; page < numPages(source); page++) {
        const length = scanPage(source, page, columns, one.scanned, this.#scannedIds)
        const group = one.scanned[0]!
        if (group.storage === 'i32') {
          for (let i = 0; i < length; i++) group.values[i] = groupOf[group.values[i]!]!
        }
        const batch = { length, columns: one.scanned, kinds: null }
        this.addState(t, into, batch, allRows(length), length, true)
      }
    }
  }

  /**
   * Adds rows of (group id, arguments, counts). With `accumulate` values new to a group go into its calls, as a
   * merge wants; without, only the counts are set, because restored accumulators have seen them.
   */
  addState(
    t: number,
    into: Groups,
    batch: Batch,
    rows: Int32Array,
    count: number,
    accumulate: boolean,
  ): void {
    const one = this.#tables[t]!
    const table = into.valueTables[t]!
    const groupTable = into.table
    const ids = accumulate ? one.merge(table, groupTable, batch) : one.findState(table, batch, rows, count)
    const group = batch.columns[0]!
    for (let i = 0; i < count; i++) {
      const id = ids[i]!
      if (!accumulate) {
        for (let c = 0; c < one.layout.filters.length; c++) {
          table.writeValue(id, c, batch.columns[one.keyTypes.length + c]!, rows[i]!)
        }
      }
      if ((this.#linked || into.sliced) && group.storage === 'i32')
        this.#link(t, table, groupTable, group.values[rows[i]!]!, id)
    }
  }

  #heads(t: number, groupTable: KeyedTable): PagedInt32 {
    return groupTable.values[this.#tables[t]!.layout.head] as PagedInt32
  }

  #isZero(t: number, table: KeyedTable, id: number): boolean {
    for (let c = 0; c < this.#tables[t]!.layout.filters.length; c++) {
      if ((table.values[c] as PagedFloat64).values[id >>> PAGE_SHIFT]![id & PAGE_MASK] !== 0) return false
    }
    return true
  }

  #link(t: number, table: KeyedTable, groupTable: KeyedTable, group: number, id: number): void {
    const next = table.values.at(-2) as PagedInt32
    const previous = table.values.at(-1) as PagedInt32
    if (previous.values[id >>> PAGE_SHIFT]![id & PAGE_MASK] !== 0) return
    const heads = this.#heads(t, groupTable)
    const first = heads.values[group >>> PAGE_SHIFT]![group & PAGE_MASK]!
    setInt(table, next, id, first)
    setInt(table, previous, id, -1)
    if (first !== 0) setInt(table, previous, first - 1, id + 1)
    setInt(groupTable, heads, group, id + 1)
  }

  #remove(t: number, table: KeyedTable, groupTable: KeyedTable, id: number): void {
    const next = table.values.at(-2) as PagedInt32
    const previous = table.values.at(-1) as PagedInt32
    const page = id >>> PAGE_SHIFT
    const at = id & PAGE_MASK
    const after = next.values[page]![at]!
    const before = previous.values[page]![at]!
    if (after !== 0) setInt(table, previous, after - 1, before)
    if (before > 0) {
      setInt(table, next, before - 1, after)
    } else {
      const group = (table.keys[0] as PagedInt32).values[page]![at]!
      setInt(groupTable, this.#heads(t, groupTable), group, after)
    }
    table.removeRow(id)
  }
}

function setInt(table: KeyedTable, column: PagedInt32, id: number, value: number): void {
  table.makeWritable(id)
  column.values[id >>> PAGE_SHIFT]![id & PAGE_MASK] = value
}
