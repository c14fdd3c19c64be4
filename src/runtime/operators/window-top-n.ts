/**
 * Window Top-N and window deduplication: per window and partition the first `to` rows by the sort keys, rows
 * with equal keys in order of arrival. Inserts only in, final rows only out: a window speaks once, when the
 * watermark reaches its last millisecond; windows by end, partitions by first row, rows by rank. Rows of a
 * window that has spoken are late: dropped and counted.
 *
 * The rows of all windows are in one table: what a row costs does not depend on how many windows are open.
 */
import type { WindowTopNNode } from '../../planner/plan-graph/plan-graph.ts'
import type { StateReader, StateSchema, StateWriter } from '../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../state/table/freeze-tables.ts'
import { KeyedTable } from '../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT, type PagedFloat64 } from '../../state/table/paged-column.ts'
import { TimerQueue } from '../../state/timer-queue.ts'
import { BATCH_ROWS, type Batch, doubleType, type LogicalType, timestampType } from '../../types/index.ts'
import { allRows } from '../aggregates/all-rows.ts'
import { MIN_WATERMARK } from '../channels/stream-element.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { refuseChanges } from './refuse-changes.ts'
import { type RowOrder, rowOrder } from './windows/row-order.ts'
import { attachedSlices } from './windows/row-slices.ts'
import type { SliceRouter } from './windows/slice-router.ts'
import { TimeMap } from './windows/time-map.ts'
import { clockOf, type WindowClock } from './windows/window-clock.ts'
import { WindowPartitions } from './windows/window-partitions.ts'
import { watermarkFromJson, watermarkToJson } from './windows/window-progress.ts'

class WindowTopN implements Operator {
  readonly #node: WindowTopNNode
  readonly #context: OperatorContext
  readonly #types: readonly LogicalType[]
  readonly #clock: WindowClock
  readonly #router: SliceRouter
  readonly #order: RowOrder
  readonly #out: OutputBuffer
  readonly #schema: StateSchema
  readonly #partitions: WindowPartitions
  /** Kept rows: the input's columns, the number of arrival and the window end. */
  #rows: KeyedTable
  /** Row ids by rank, per partition. */
  readonly #ranked: (number[] | undefined)[] = []
  /** Partitions of each window, in the order of their first row. */
  readonly #windows = new TimeMap<number[]>()
  /** Rows of a batch that are not late, window after window. */
  #taken = new Int32Array(BATCH_ROWS)
  readonly #pending = new TimerQueue()
  #watermark = MIN_WATERMARK
  #arrivals = 0

  constructor(node: WindowTopNNode, inputTypes: readonly LogicalType[], context: OperatorContext) {
    this.#node = node
    this.#context = context
    this.#types = inputTypes
    this.#clock = clockOf(node.localTimeZone, context.timeZone)
    this.#router = attachedSlices(node).router
    this.#partitions = new WindowPartitions(inputTypes, node.partitionKeys)
    this.#rows = this.#createRows()
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
    const { numSlots, ends, firsts, counts, rows } = this.#router
    const rowEnds = this.#partitions.begin(batch)
    if (this.#taken.length < batch.length) this.#taken = new Int32Array(batch.length)
    const taken = this.#taken
    let numTaken = 0
    for (let slot = 0; slot < numSlots; slot++) {
      const end = ends[slot]!
      if (this.#clock.toTimer(end - 1) <= this.#watermark) continue
      const stop = firsts[slot]! + counts[slot]!
      for (let i = firsts[slot]!; i < stop; i++) {
        const row = rows[i]!
        taken[numTaken++] = row
        rowEnds[row] = end
      }
    }
    const ids = this.#partitions.find(batch, taken, numTaken)
    for (let i = 0; i < numTaken; i++)
      this.#add(rowEnds[taken[i]!]!, ids[i]!, batch, taken[i]!, this.#arrivals++)
    if (numTaken < batch.length) this.#context.metrics.lateRecordsDropped(batch.length - numTaken)
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
    const table = this.#rows.freeze()
    const columns = [table.values.at(-1)!, ...table.values.slice(0, -1)]
    const part = { prefix: [], table, columns }
    writer.write(freezeTables(this.#schema, [part], this.#context.keyGroups.max))
    writer.writeValue('watermark', watermarkToJson(this.#watermark))
  }

  restore(reader: StateReader): void {
    this.#watermark = watermarkFromJson(reader.readValues('watermark'))
    for (const batch of reader.read(this.#schema)) {
      const ends = batch.columns[1]!
      const arrivals = batch.columns.at(-1)!
      if (ends.storage !== 'f64' || arrivals.storage !== 'f64') continue
      const view = { length: batch.length, columns: batch.columns.slice(2, -1), kinds: null }
      this.#partitions.begin(view).set(ends.values.subarray(0, batch.length))
      const ids = this.#partitions.find(view, allRows(batch.length), batch.length)
      for (let row = 0; row < batch.length; row++) {
        const arrival = arrivals.values[row]!
        this.#add(ends.values[row]!, ids[row]!, view, row, arrival)
        this.#arrivals = Math.max(this.#arrivals, arrival + 1)
      }
    }
  }

  #createRows(): KeyedTable {
    return new KeyedTable([], [...this.#types, doubleType(false), timestampType(3, false)], false)
  }

  /** The ranked rows of a partition of the window, which may be new. */
  #rankedOf(end: number, partition: number): number[] {
    const known = this.#ranked[partition]
    if (known !== undefined) return known
    const partitions = this.#windows.get(end)
    if (partitions === undefined) {
      this.#windows.set(end, [partition])
      this.#pending.add(end)
    } else partitions.push(partition)
    const ranked: number[] = []
    this.#ranked[partition] = ranked
    return ranked
  }

  #add(end: number, partition: number, batch: Batch, row: number, arrival: number): void {
    const ranked = this.#rankedOf(end, partition)
    const rank = this.#rankOf(ranked, batch, row, arrival)
    if (rank >= this.#node.to) return
    const rows = this.#rows
    if (ranked.length === this.#node.to) rows.removeRow(ranked.pop()!)
    const id = rows.insertRow(this.#partitions.hashes[row]!)
    for (let c = 0; c < this.#types.length; c++) rows.writeValue(id, c, batch.columns[c]!, row)
    this.#arrivalOf.values[id >>> PAGE_SHIFT]![id & PAGE_MASK] = arrival
    this.#endOf.values[id >>> PAGE_SHIFT]![id & PAGE_MASK] = end
    ranked.splice(rank, 0, id)
  }

  /** How many kept rows come before the row. */
  #rankOf(ranked: readonly number[], batch: Batch, row: number, arrival: number): number {
    let low = 0
    let high = ranked.length
    // Most rows of a full partition are behind its last.
    if (high === this.#node.to && this.#isBefore(ranked[high - 1]!, batch, row, arrival)) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(ranked[middle]!, batch, row, arrival)) low = middle + 1
      else high = middle
    }
    return low
  }

  #isBefore(id: number, batch: Batch, row: number, arrival: number): boolean {
    const order = this.#order(batch, row, this.#rows, id)
    if (order !== 0) return order > 0
    return this.#arrivalOf.values[id >>> PAGE_SHIFT]![id & PAGE_MASK]! < arrival
  }

  get #arrivalOf(): PagedFloat64 {
    return this.#rows.values.at(-2) as PagedFloat64
  }

  get #endOf(): PagedFloat64 {
    return this.#rows.values.at(-1) as PagedFloat64
  }

  #fire(progress: number): void {
    const fired: number[] = []
    while (this.#pending.size > 0 && this.#clock.toTimer(this.#pending.first - 1) <= progress) {
      const end = this.#pending.shift()!
      for (const partition of this.#windows.get(end) ?? []) {
        this.#emit(this.#ranked[partition]!)
        fired.push(partition)
      }
      this.#windows.delete(end)
    }
    this.#out.flush()
    this.#drop(fired)
    this.#context.metrics.set('stateRows', this.#rows.size)
  }

  #drop(partitions: readonly number[]): void {
    if (partitions.length === 0) return
    if (this.#windows.size === 0) {
      this.#partitions.clear()
      if (!this.#rows.reset()) this.#rows = this.#createRows()
      this.#ranked.length = 0
      return
    }
    for (const partition of partitions) {
      for (const id of this.#ranked[partition]!) this.#rows.removeRow(id)
      this.#ranked[partition] = undefined
      this.#partitions.remove(partition)
    }
  }

  #emit(ranked: readonly number[]): void {
    for (let rank = this.#node.from; rank <= ranked.length; rank++) {
      if (this.#out.length === this.#out.capacity) this.#out.flush()
      const to = this.#out.length++
      const id = ranked[rank - 1]!
      for (let c = 0; c < this.#types.length; c++) this.#rows.readValue(id, c, this.#out.columns[c]!, to)
      if (!this.#node.outputRowNumber) continue
      const rowNumber = this.#out.columns[this.#types.length]!
      if (rowNumber.storage === 'i64') rowNumber.setNumber(to, rank)
    }
  }
}

export const createWindowTopNOperator = (
  node: WindowTopNNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator => new WindowTopN(node, inputTypes, context)
