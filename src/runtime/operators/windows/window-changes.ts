/**
 * Windows that speak more than once: early firing, and late rows within the allowed lateness. What was last said
 * of each group of an open window is kept, so that a firing says only what has changed, as updates, and nothing
 * when the result is the same. Delays are processing time; a delay of 0 fires after the batch with the row.
 */
import type { WindowAggregateNode } from '../../../planner/plan-graph/plan-graph.ts'
import { hashKernel, KeyReader } from '../../../state/keys/key-hash.ts'
import { probeKernel } from '../../../state/keys/probe-kernel.ts'
import type { StateReader, StateSchema, StateWriter } from '../../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../../state/table/freeze-tables.ts'
import { KeyedTable } from '../../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT, type PagedInt32 } from '../../../state/table/paged-column.ts'
import { TimerQueue } from '../../../state/timer-queue.ts'
import {
  BATCH_ROWS,
  type Batch,
  copyValue,
  integerType,
  type LogicalType,
  ROW_DELETE,
  ROW_INSERT,
  ROW_UPDATE_AFTER,
  ROW_UPDATE_BEFORE,
  timestampType,
} from '../../../types/index.ts'
import type { Aggregator, GroupRows } from '../../aggregates/aggregator.ts'
import { allRows } from '../../aggregates/all-rows.ts'
import { OutputBuffer } from '../output-buffer.ts'
import { Deadlines } from './deadlines.ts'
import type { WindowResults } from './window-results.ts'

const nowhere = { emit() {}, emitWatermark() {} }

export interface WindowChangesSetup {
  readonly node: WindowAggregateNode
  /** Types of the output columns. */
  readonly types: readonly LogicalType[]
  readonly aggregator: Aggregator
  readonly out: OutputBuffer
  readonly results: WindowResults
  readonly maxParallelism: number
  /** Whether row ids of groups stay the same from one firing of a window to the next. */
  readonly tracksGroups: boolean
}

export class WindowChanges {
  readonly #node: WindowAggregateNode
  readonly #aggregator: Aggregator
  readonly #out: OutputBuffer
  readonly #results: WindowResults
  readonly #maxParallelism: number
  /** Keys and results of a window's groups as they are now. */
  readonly #current: OutputBuffer
  readonly #keyTypes: readonly LogicalType[]
  readonly #resultTypes: readonly LogicalType[]
  readonly #keys: KeyReader
  /** What was said, per window end: keys → results, and the firing that last saw the group. */
  readonly #said = new Map<number, KeyedTable>()
  readonly #deadlines = new Deadlines()
  /** Ends of windows of which anything is kept here. */
  readonly #ends = new TimerQueue()
  /**
   * Groups that got rows since their window last spoke. A window that is not in here has not spoken since the
   * start of this operator: then all its groups are looked at.
   */
  readonly #touchedGroups = new Map<number, Set<number>>()
  readonly #tracksGroups: boolean
  readonly #schema: StateSchema
  #hashes = new Int32Array(BATCH_ROWS)
  #known = new Int32Array(BATCH_ROWS)
  #ids = new Int32Array(BATCH_ROWS)
  #firing = 0

  constructor(setup: WindowChangesSetup) {
    const { node, types, aggregator } = setup
    this.#node = node
    this.#aggregator = aggregator
    this.#out = setup.out
    this.#results = setup.results
    this.#maxParallelism = setup.maxParallelism
    this.#tracksGroups = setup.tracksGroups
    this.#keyTypes = aggregator.keyTypes
    this.#resultTypes = types.slice(node.keys.length, node.keys.length + node.aggregates.length)
    this.#current = new OutputBuffer([...this.#keyTypes, ...this.#resultTypes], nowhere, false)
    this.#keys = new KeyReader(
      this.#keyTypes,
      this.#keyTypes.map((_, k) => k),
    )
    this.#schema = keyedSchema('said', 1, [
      { name: 'window_end', type: timestampType(3, false) },
      ...this.#keyTypes.map((type, k) => ({ name: `key${k}`, type })),
      ...this.#resultTypes.map((type, j) => ({ name: `result${j}`, type })),
    ])
  }

  /** A window that has not reached its end got a row. */
  touchEarly(end: number, now: number): void {
    const delay = this.#node.emit.earlyDelayMs
    if (delay !== null) this.#touch(end, now + delay)
  }

  /** A window that has fired got a late row. */
  touchLate(end: number, now: number): void {
    this.#touch(end, now + (this.#node.emit.lateDelayMs ?? 0))
  }

  #touch(end: number, deadline: number): void {
    if (this.#deadlines.has(end)) return
    this.#deadlines.set(end, deadline)
    this.#ends.add(end)
  }

  /** Rows came to these groups of a window. */
  touchGroups(end: number, ids: Int32Array, count: number): void {
    const touched = this.#touchedGroups.get(end)
    if (touched === undefined) return
    for (let i = 0; i < count; i++) touched.add(ids[i]!)
  }

  /** The window has just spoken. */
  settled(end: number): void {
    this.#deadlines.delete(end)
    if (this.#tracksGroups) this.#touchedGroups.set(end, new Set())
    this.#ends.add(end)
  }

  get nextDeadline(): number {
    return this.#deadlines.next
  }

  /** Windows whose deadline has come, in order. */
  takeDue(now: number): readonly number[] {
    return this.#deadlines.takeDue(now)
  }

  /**
   * Forgets the windows whose time is up, in order. `speak` is called for one that still waits for its deadline: what it
   * has to say must not be lost with it.
   */
  dropExpired(expired: (end: number) => boolean, speak: (end: number) => void): void {
    while (this.#ends.size > 0 && expired(this.#ends.first)) {
      const end = this.#ends.first
      if (this.#deadlines.has(end)) speak(end)
      this.#ends.shift()
      this.#said.delete(end)
      this.#touchedGroups.delete(end)
      this.#deadlines.delete(end)
    }
  }

  /** Says what has changed in a window since it last spoke. */
  emit(all: GroupRows, start: number, end: number): void {
    const said = this.#saidOf(end)
    this.#firing = (this.#firing + 1) | 0
    const touched = this.#touchedGroups.get(end)
    const rows =
      touched === undefined ? all : { ...all, ids: Int32Array.from(touched).sort(), count: touched.size }
    for (let next = 0; next < rows.count; this.#current.reset()) {
      next = this.#aggregator.emit(rows, this.#current, next)
      this.#emitCurrent(said, start, end)
    }
    if (this.#node.inputRetracts) this.#emitVanished(said, start, end)
  }

  snapshot(writer: StateWriter): void {
    const parts = [...this.#said].map(([end, said]) => {
      const table = said.freeze()
      return { prefix: [end], table, columns: [...table.keys, ...table.values.slice(0, -1)] }
    })
    writer.write(freezeTables(this.#schema, parts, this.#maxParallelism))
  }

  restore(reader: StateReader): void {
    for (const batch of reader.read(this.#schema)) {
      const ends = batch.columns[1]!
      if (ends.storage !== 'f64') continue
      for (let from = 0; from < batch.length; ) {
        const end = ends.values[from]!
        let to = from
        while (to < batch.length && ends.values[to] === end) to++
        this.#restoreRows(this.#saidOf(end), batch, from, to)
        from = to
      }
    }
  }

  #restoreRows(said: KeyedTable, batch: Batch, from: number, to: number): void {
    const columns = batch.columns.slice(2)
    const rows = allRows(batch.length).subarray(from, to)
    this.#probe(said, { ...batch, columns }, rows, to - from, this.#ids, true)
    for (let i = 0; i < to - from; i++) {
      for (let j = 0; j < this.#resultTypes.length; j++) {
        said.writeValue(this.#ids[i]!, j, columns[this.#keyTypes.length + j]!, from + i)
      }
    }
  }

  #saidOf(end: number): KeyedTable {
    let said = this.#said.get(end)
    if (said === undefined) {
      said = new KeyedTable(this.#keyTypes, [...this.#resultTypes, integerType(false)])
      this.#said.set(end, said)
      this.#ends.add(end)
    }
    return said
  }

  #probe(
    table: KeyedTable,
    batch: Batch,
    rows: Int32Array,
    count: number,
    ids: Int32Array,
    insert: boolean,
  ): void {
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length)
    const columns = this.#keys.read(batch)
    hashKernel(this.#keys.storages)(columns, batch.length, this.#hashes)
    probeKernel(this.#keys.storages)(table, columns, rows, count, this.#hashes, ids, insert)
  }

  #emitCurrent(said: KeyedTable, start: number, end: number): void {
    const { length } = this.#current
    this.#probe(said, this.#current, allRows(length), length, this.#known, false)
    this.#probe(said, this.#current, allRows(length), length, this.#ids, true)
    const seen = said.values.at(-1) as PagedInt32
    let from = this.#out.length
    for (let row = 0; row < length; row++) {
      const id = this.#ids[row]!
      said.makeWritable(id)
      seen.values[id >>> PAGE_SHIFT]![id & PAGE_MASK] = this.#firing
      if (this.#out.length + 2 > this.#out.capacity) from = this.#flush(from, start, end)
      if (this.#known[row]! < 0) {
        this.#emitNew(row, ROW_INSERT)
      } else {
        if (this.#isSame(said, id, row)) continue
        if (this.#node.changes.updateBefore) this.#emitSaid(said, id, ROW_UPDATE_BEFORE)
        this.#emitNew(row, ROW_UPDATE_AFTER)
      }
      this.#keep(said, id, row)
    }
    this.#results.fillProperties(from, this.#out.length, start, end)
  }

  #emitVanished(said: KeyedTable, start: number, end: number): void {
    const seen = said.values.at(-1) as PagedInt32
    let from = this.#out.length
    for (let id = 0; id < said.numRowIds; id++) {
      if (!said.isLive(id) || seen.values[id >>> PAGE_SHIFT]![id & PAGE_MASK] === this.#firing) continue
      if (this.#out.length === this.#out.capacity) from = this.#flush(from, start, end)
      this.#emitSaid(said, id, ROW_DELETE)
      said.removeRow(id)
    }
    this.#results.fillProperties(from, this.#out.length, start, end)
  }

  #flush(from: number, start: number, end: number): number {
    this.#results.fillProperties(from, this.#out.length, start, end)
    this.#out.flush()
    return 0
  }

  #isSame(said: KeyedTable, id: number, row: number): boolean {
    for (let j = 0; j < this.#resultTypes.length; j++) {
      const column = this.#current.columns[this.#keyTypes.length + j]!
      if (!said.values[j]!.equals(id >>> PAGE_SHIFT, id & PAGE_MASK, column, row)) return false
    }
    return true
  }

  #keep(said: KeyedTable, id: number, row: number): void {
    for (let j = 0; j < this.#resultTypes.length; j++) {
      said.writeValue(id, j, this.#current.columns[this.#keyTypes.length + j]!, row)
    }
  }

  #emitNew(row: number, kind: number): void {
    const to = this.#out.length++
    this.#out.kinds![to] = kind
    for (let c = 0; c < this.#current.columns.length; c++) {
      copyValue(this.#out.columns[c]!, to, this.#current.columns[c]!, row)
    }
  }

  #emitSaid(said: KeyedTable, id: number, kind: number): void {
    const to = this.#out.length++
    this.#out.kinds![to] = kind
    const columns = [...said.keys, ...said.values.slice(0, -1)]
    columns.forEach((column, c) => {
      column.read(id >>> PAGE_SHIFT, id & PAGE_MASK, this.#out.columns[c]!, to)
    })
  }
}
