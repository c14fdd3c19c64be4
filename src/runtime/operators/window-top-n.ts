/**
 * Window Top-N and window deduplication: per window and partition the first `to` rows by the sort keys, rows
 * with equal keys in order of arrival. Inserts only in, final rows only out: a window speaks once, when the
 * watermark reaches its last millisecond; windows by end, partitions by first row, rows by rank. Rows of a
 * window that has spoken are late: dropped and counted.
 */
import type { WindowTopNNode } from '../../planner/plan-graph/plan-graph.ts'
import { RowFinder } from '../../state/keys/row-finder.ts'
import type { StateReader, StateSchema, StateWriter } from '../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../state/table/freeze-tables.ts'
import { KeyedTable } from '../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT, type PagedFloat64 } from '../../state/table/paged-column.ts'
import { TimerQueue } from '../../state/timer-queue.ts'
import { type Batch, doubleType, type LogicalType, timestampType } from '../../types/index.ts'
import { MIN_WATERMARK } from '../channels/stream-element.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { refuseChanges } from './refuse-changes.ts'
import { type RowOrder, rowOrder } from './windows/row-order.ts'
import { attachedSlices } from './windows/row-slices.ts'
import type { SliceRouter } from './windows/slice-router.ts'
import { clockOf, type WindowClock } from './windows/window-clock.ts'
import { watermarkFromJson, watermarkToJson } from './windows/window-progress.ts'

interface Window {
  readonly partitions: KeyedTable
  /** Kept rows: the input's columns and the number of arrival. */
  readonly rows: KeyedTable
  /** Row ids by rank, per partition row id. */
  readonly ranked: number[][]
}

class WindowTopN implements Operator {
  readonly #node: WindowTopNNode
  readonly #context: OperatorContext
  readonly #types: readonly LogicalType[]
  readonly #clock: WindowClock
  readonly #router: SliceRouter
  readonly #finder: RowFinder
  readonly #order: RowOrder
  readonly #out: OutputBuffer
  readonly #schema: StateSchema
  readonly #windows = new Map<number, Window>()
  readonly #pending = new TimerQueue()
  #watermark = MIN_WATERMARK
  #arrivals = 0

  constructor(node: WindowTopNNode, inputTypes: readonly LogicalType[], context: OperatorContext) {
    this.#node = node
    this.#context = context
    this.#types = inputTypes
    this.#clock = clockOf(node.localTimeZone, context.timeZone)
    this.#router = attachedSlices(node).router
    this.#finder = new RowFinder(inputTypes, node.partitionKeys)
    this.#order = rowOrder(node.sortKeys, inputTypes)
    this.#out = new OutputBuffer(
      node.output.map(field => field.type),
      context.output,
      false,
    )
    this.#schema = keyedSchema('ranked_rows', 1, [
      { name: 'window_end', type: timestampType(3, false) },
      ...inputTypes.map((type, c) => ({ name: `column${c}`, type })),
      { name: 'arrival', type: doubleType(false) },
    ])
  }

  processBatch(batch: Batch): void {
    refuseChanges(batch, this.#node.label)
    this.#router.route(batch)
    const hashes = this.#finder.hash(batch)
    let numLate = 0
    for (let slot = 0; slot < this.#router.numSlots; slot++) {
      const end = this.#router.ends[slot]!
      const count = this.#router.counts[slot]!
      if (this.#clock.toTimer(end - 1) <= this.#watermark) {
        numLate += count
        continue
      }
      const rows = this.#router.rowsOf(slot)
      const window = this.#windowOf(end)
      const partitions = this.#finder.probe(window.partitions, batch, rows, count, true)
      for (let i = 0; i < count; i++) {
        this.#add(window, partitions[i]!, batch, rows[i]!, hashes[rows[i]!]!, this.#arrivals++)
      }
    }
    if (numLate > 0) this.#context.metrics.lateRecordsDropped(numLate)
  }

  processWatermark(timestampMs: number): void {
    this.#watermark = Math.max(this.#watermark, timestampMs)
    this.#fire(this.#watermark)
    this.#context.output.emitWatermark(this.#watermark)
  }

  finish(): void {
    this.#fire(Number.POSITIVE_INFINITY)
  }

  snapshot(writer: StateWriter): void {
    const parts = [...this.#windows].map(([end, window]) => {
      const table = window.rows.freeze()
      return { prefix: [end], table, columns: table.values }
    })
    writer.write(freezeTables(this.#schema, parts, this.#context.keyGroups.max))
    writer.writeValue('watermark', watermarkToJson(this.#watermark))
  }

  restore(reader: StateReader): void {
    this.#watermark = watermarkFromJson(reader.readValues('watermark'))
    for (const batch of reader.read(this.#schema)) {
      const ends = batch.columns[1]!
      const arrivals = batch.columns.at(-1)!
      if (ends.storage !== 'f64' || arrivals.storage !== 'f64') continue
      const view = { length: batch.length, columns: batch.columns.slice(2, -1), kinds: null }
      const hashes = this.#finder.hash(view)
      const one = new Int32Array(1)
      for (let row = 0; row < batch.length; row++) {
        const window = this.#windowOf(ends.values[row]!)
        const arrival = arrivals.values[row]!
        one[0] = row
        const partition = this.#finder.probe(window.partitions, view, one, 1, true)[0]!
        this.#add(window, partition, view, row, hashes[row]!, arrival)
        this.#arrivals = Math.max(this.#arrivals, arrival + 1)
      }
    }
  }

  #windowOf(end: number): Window {
    let window = this.#windows.get(end)
    if (window === undefined) {
      window = {
        partitions: new KeyedTable(
          this.#node.partitionKeys.map(key => this.#types[key]!),
          [],
        ),
        rows: new KeyedTable([], [...this.#types, doubleType(false)], false),
        ranked: [],
      }
      this.#windows.set(end, window)
      this.#pending.add(end)
    }
    return window
  }

  #add(window: Window, partition: number, batch: Batch, row: number, hash: number, arrival: number): void {
    const ranked = (window.ranked[partition] ??= [])
    const rank = this.#rankOf(window, ranked, batch, row, arrival)
    if (rank >= this.#node.to) return
    if (ranked.length === this.#node.to) window.rows.removeRow(ranked.pop()!)
    const id = window.rows.insertRow(hash)
    for (let c = 0; c < this.#types.length; c++) window.rows.writeValue(id, c, batch.columns[c]!, row)
    this.#arrivalsOf(window).values[id >>> PAGE_SHIFT]![id & PAGE_MASK] = arrival
    ranked.splice(rank, 0, id)
  }

  /** How many kept rows come before the row. */
  #rankOf(window: Window, ranked: readonly number[], batch: Batch, row: number, arrival: number): number {
    let low = 0
    let high = ranked.length
    // Most rows of a full partition are behind its last.
    if (high === this.#node.to && this.#isBefore(window, ranked[high - 1]!, batch, row, arrival)) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(window, ranked[middle]!, batch, row, arrival)) low = middle + 1
      else high = middle
    }
    return low
  }

  #isBefore(window: Window, id: number, batch: Batch, row: number, arrival: number): boolean {
    const order = this.#order(batch, row, window.rows, id)
    if (order !== 0) return order > 0
    return this.#arrivalsOf(window).values[id >>> PAGE_SHIFT]![id & PAGE_MASK]! < arrival
  }

  #arrivalsOf(window: Window): PagedFloat64 {
    return window.rows.values[this.#types.length] as PagedFloat64
  }

  #fire(progress: number): void {
    let numRows = 0
    while (this.#pending.size > 0 && this.#clock.toTimer(this.#pending.first - 1) <= progress) {
      const end = this.#pending.shift()!
      this.#emit(this.#windows.get(end)!)
      this.#windows.delete(end)
    }
    this.#out.flush()
    for (const window of this.#windows.values()) numRows += window.rows.size
    this.#context.metrics.set('stateRows', numRows)
  }

  #emit(window: Window): void {
    for (const ranked of window.ranked) {
      for (let rank = this.#node.from; rank <= ranked.length; rank++) {
        if (this.#out.length === this.#out.capacity) this.#out.flush()
        const to = this.#out.length++
        const id = ranked[rank - 1]!
        for (let c = 0; c < this.#types.length; c++) {
          window.rows.readValue(id, c, this.#out.columns[c]!, to)
        }
        if (!this.#node.outputRowNumber) continue
        const rowNumber = this.#out.columns[this.#types.length]!
        if (rowNumber.storage === 'i64') rowNumber.setNumber(to, rank)
      }
    }
  }
}

export const createWindowTopNOperator = (
  node: WindowTopNNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator => new WindowTopN(node, inputTypes, context)
