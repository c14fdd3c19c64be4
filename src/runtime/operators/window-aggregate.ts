/**
 * Windowed GROUP BY over TUMBLE, HOP, CUMULATE or windows that rows already carry.
 *
 * Rows are aggregated once, in the table of their slice. A window fires when the watermark reaches its last
 * millisecond (window end - 1): windows in the order of their ends, groups in the order of their first row. A
 * slice is dropped whole when its last window and the allowed lateness have passed. A row none of whose windows
 * can still speak is late: dropped and counted; a row that is late for some HOP windows counts for the others.
 *
 * Processing-time windows put rows where the clock is and fire by timer, at the window end; at the end of input
 * what is left fires at once.
 */
import type { WindowAggregateNode } from '../../planner/plan-graph/plan-graph.ts'
import type { StateReader, StateWriter } from '../../state/state-io.ts'
import { TimerQueue } from '../../state/timer-queue.ts'
import type { Batch, LogicalType } from '../../types/index.ts'
import { layOutAggregates } from '../aggregates/aggregate-layout.ts'
import { Aggregator } from '../aggregates/aggregator.ts'
import { numRowsIn, type PartialRows, partialRows } from '../aggregates/partial-rows.ts'
import { MIN_WATERMARK } from '../channels/stream-element.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { refuseChanges } from './refuse-changes.ts'
import { type RowSlices, rowSlices } from './windows/row-slices.ts'
import type { OnGroups } from './windows/shared-slices.ts'
import type { Slice } from './windows/slice.ts'
import { SliceStore } from './windows/slice-store.ts'
import { isGap } from './windows/slices.ts'
import { WindowChanges } from './windows/window-changes.ts'
import { clockOf, type WindowClock } from './windows/window-clock.ts'
import { WindowGroups } from './windows/window-groups.ts'
import { watermarkFromJson, watermarkToJson } from './windows/window-progress.ts'
import { WindowResults } from './windows/window-results.ts'

class WindowAggregate implements Operator {
  readonly #node: WindowAggregateNode
  readonly #context: OperatorContext
  readonly #clock: WindowClock
  /** Set where a local phase has made groups of the rows. */
  readonly #partial: PartialRows | null
  readonly #rows: RowSlices
  readonly #aggregator: Aggregator
  readonly #slices: SliceStore
  readonly #groups: WindowGroups
  readonly #results: WindowResults
  readonly #changes: WindowChanges | null
  readonly #out: OutputBuffer
  readonly #processingTime: boolean
  /**
   * Ends of windows that have rows and have not reached their end: of each slice the first, which brings the next when it
   * fires.
   */
  readonly #pending = new TimerQueue()
  /** Slices of the batch, by slot. */
  readonly #found: (Slice | undefined)[] = []
  readonly #onSharedGroups: OnGroups | null
  #watermark = MIN_WATERMARK
  #timer = Number.POSITIVE_INFINITY

  constructor(
    node: WindowAggregateNode,
    inputTypes: readonly LogicalType[],
    context: OperatorContext,
    maxSmallTables?: number,
  ) {
    this.#node = node
    this.#context = context
    this.#processingTime = node.time.kind === 'assign' && node.time.timeColumn < 0
    this.#clock = clockOf(node.time.localTimeZone, context.timeZone)
    this.#partial = node.localPhase ? partialRows(node, inputTypes) : null
    this.#rows = rowSlices(node.time, this.#clock, this.#partial)
    const layout = layOutAggregates(node.aggregates, inputTypes, {
      retracts: node.inputRetracts,
      countsRows: node.inputRetracts,
    })
    this.#aggregator =
      this.#partial === null
        ? new Aggregator(layout, inputTypes, node.keys, node.inputRetracts)
        : new Aggregator(layout, this.#partial.types, this.#partial.keys, false, this.#partial)
    // The value tables of one slice cannot be merged without those of the others in its table.
    const shares = this.#rows.slices.single || layout.valueTables.length === 0
    this.#slices = new SliceStore(this.#aggregator, shares ? maxSmallTables : Number.POSITIVE_INFINITY)
    const types = node.output.map(field => field.type)
    const updating = node.emit.allowedLatenessMs > 0 || node.emit.earlyDelayMs !== null
    this.#groups = new WindowGroups(this.#rows.slices, this.#slices, this.#aggregator, !updating)
    this.#out = new OutputBuffer(types, context.output, updating)
    this.#results = new WindowResults(this.#aggregator, this.#out, node.properties, types, this.#clock)
    this.#changes = updating
      ? new WindowChanges({
          node,
          types,
          aggregator: this.#aggregator,
          out: this.#out,
          results: this.#results,
          maxParallelism: context.keyGroups.max,
          tracksGroups: this.#rows.slices.single && !node.inputRetracts,
        })
      : null
    this.#onSharedGroups =
      this.#changes !== null && this.#rows.slices.single
        ? (slice, ids) => this.#changes?.touchGroups(slice.end, ids, ids.length)
        : null
  }

  processBatch(batch: Batch): void {
    if (!this.#node.inputRetracts) refuseChanges(batch, this.#node.label)
    const { router } = this.#rows
    if (this.#processingTime) router.routeAll(batch, this.#context.now())
    else router.route(batch)
    const hashes = this.#aggregator.hash(batch)
    const { shared } = this.#slices
    const found = this.#found
    this.#slices.getAll(router, found)
    let numLate = 0
    for (let slot = 0; slot < router.numSlots; slot++) {
      const end = router.ends[slot]!
      // A slice that is there has not expired.
      let slice = found[slot]
      if (slice === undefined) {
        const { slices } = this.#rows
        if (isGap(slices, end)) continue
        if (!this.#processingTime && this.#hasExpired(slices.lastWindowEnd(end))) {
          numLate += this.#numRowsOf(batch, slot)
          continue
        }
        slice = this.#createSlice(router.starts[slot]!, end)
      }
      if (slice.isShared) shared.take(slice, router, slot, batch, hashes)
      else this.#add(slice, batch, hashes, router.rowsOf(slot), router.counts[slot]!)
      if (this.#changes !== null) this.#touchWindows(end)
    }
    shared.add(batch, hashes, this.#onSharedGroups)
    if (numLate > 0) this.#context.metrics.lateRecordsDropped(numLate)
    if (this.#changes !== null) this.#fireDue(this.#changes, this.#context.now())
    this.#requestTimer()
  }

  processWatermark(timestampMs: number): void {
    this.#watermark = Math.max(this.#watermark, timestampMs)
    if (!this.#processingTime) this.#advance(this.#watermark)
    this.#context.output.emitWatermark(this.#watermark)
  }

  processTimer(timestampMs: number): void {
    this.#timer = Number.POSITIVE_INFINITY
    if (this.#processingTime) this.#advance(timestampMs - 1)
    if (this.#changes !== null) this.#fireDue(this.#changes, timestampMs)
    this.#requestTimer()
  }

  finish(): void {
    this.#advance(Number.POSITIVE_INFINITY)
  }

  snapshot(writer: StateWriter): void {
    this.#slices.snapshot(writer, this.#context.keyGroups.max)
    this.#changes?.snapshot(writer)
    writer.writeValue('watermark', watermarkToJson(this.#watermark))
  }

  restore(reader: StateReader): void {
    this.#watermark = watermarkFromJson(reader.readValues('watermark'))
    this.#slices.restore(reader)
    this.#changes?.restore(reader)
    for (const end of this.#slices.ends()) {
      this.#groups.added(end)
      this.#addPending(end)
      this.#touchWindows(end)
    }
    this.#requestTimer()
  }

  #add(slice: Slice, batch: Batch, hashes: Int32Array, rows: Int32Array, count: number): void {
    const groups = this.#aggregator.add(slice.groups, batch, hashes, rows, count)
    if (this.#rows.slices.single) this.#changes?.touchGroups(slice.end, groups, count)
  }

  /** How many rows of the query's input the rows of a slot are. */
  #numRowsOf(batch: Batch, slot: number): number {
    const { router } = this.#rows
    const count = router.counts[slot]!
    return this.#partial === null ? count : numRowsIn(batch, this.#partial, router.rowsOf(slot), count)
  }

  #createSlice(start: number, end: number): Slice {
    const slice = this.#slices.create(start, end)
    this.#groups.added(end)
    this.#addPending(end)
    return slice
  }

  #addPending(sliceEnd: number): void {
    const first = this.#rows.slices.firstWindowEnd(sliceEnd)
    const last = this.#rows.slices.lastWindowEnd(sliceEnd)
    const next = this.#processingTime ? first : this.#firstNotFired(first, last)
    if (next <= last) this.#pending.add(next)
  }

  /** Of the windows that end at first, first + step … last; behind the last if all have fired. */
  #firstNotFired(first: number, last: number): number {
    const step = this.#rows.slices.windowStepMs
    let low = 0
    let high = first > last ? 0 : Math.floor((last - first) / step) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.#hasFired(first + middle * step)) low = middle + 1
      else high = middle
    }
    return first + low * step
  }

  #hasFired(windowEnd: number): boolean {
    return this.#clock.toTimer(windowEnd - 1) <= this.#watermark
  }

  #hasExpired(windowEnd: number): boolean {
    return this.#clock.toTimer(windowEnd - 1) + this.#node.emit.allowedLatenessMs <= this.#watermark
  }

  /** Fires the windows whose last millisecond is at or before `progress`, then drops what is of no more use. */
  #advance(progress: number): void {
    while (this.#pending.size > 0 && this.#clock.toTimer(this.#pending.first - 1) <= progress) {
      const end = this.#pending.shift()!
      const found = this.#groups.of(end)
      if (found === undefined) continue
      const { rows, start } = found
      const next = end + this.#rows.slices.windowStepMs
      if (next <= found.lastWindowEnd) this.#pending.add(next)
      if (this.#changes === null) this.#results.emit(rows, start, end)
      else this.#changes.emit(rows, start, end)
      this.#changes?.settled(end)
    }
    this.#dropExpired(progress)
    this.#out.flush()
    this.#context.metrics.set('stateRows', this.#slices.numRows)
  }

  #dropExpired(progress: number): void {
    const lateness = this.#node.emit.allowedLatenessMs
    const expired = (end: number) => this.#clock.toTimer(end - 1) + lateness <= progress
    const changes = this.#changes
    changes?.dropExpired(expired, end => this.#fireChanges(changes, end))
    this.#slices.dropWhile(end => expired(this.#rows.slices.lastWindowEnd(end)))
  }

  /** Marks the windows of a slice that got rows for early or late firing. */
  #touchWindows(sliceEnd: number): void {
    if (this.#changes === null) return
    const { slices } = this.#rows
    const last = slices.lastWindowEnd(sliceEnd)
    for (let end = slices.firstWindowEnd(sliceEnd); end <= last; end += slices.windowStepMs) {
      if (this.#processingTime || !this.#hasFired(end)) this.#changes.touchEarly(end, this.#context.now())
      else if (!this.#hasExpired(end)) this.#changes.touchLate(end, this.#context.now())
    }
  }

  #fireDue(changes: WindowChanges, now: number): void {
    for (const end of changes.takeDue(now)) this.#fireChanges(changes, end)
    this.#out.flush()
  }

  #fireChanges(changes: WindowChanges, end: number): void {
    const found = this.#groups.of(end)
    if (found !== undefined) changes.emit(found.rows, found.start, end)
    changes.settled(end)
  }

  #requestTimer(): void {
    let next = this.#changes?.nextDeadline ?? Number.POSITIVE_INFINITY
    if (this.#processingTime && this.#pending.size > 0) {
      next = Math.min(next, this.#clock.toTimer(this.#pending.first - 1) + 1)
    }
    if (next >= this.#timer) return
    this.#timer = next
    this.#context.requestTimer(next)
  }
}

export const createWindowAggregateOperator = (
  node: WindowAggregateNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
  /** How many slices have tables of their own however small they are. */
  maxSmallTables?: number,
): Operator => new WindowAggregate(node, inputTypes, context, maxSmallTables)
