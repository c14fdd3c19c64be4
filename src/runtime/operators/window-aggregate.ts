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
import { Aggregator, allGroups, type GroupRows } from '../aggregates/aggregator.ts'
import { MIN_WATERMARK } from '../channels/stream-element.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { refuseChanges } from './refuse-changes.ts'
import { attachedSlices, type RowSlices, timedSlices } from './windows/row-slices.ts'
import type { OnGroups } from './windows/shared-slices.ts'
import type { Slice } from './windows/slice.ts'
import { SliceStore } from './windows/slice-store.ts'
import { WindowChanges } from './windows/window-changes.ts'
import { clockOf, type WindowClock } from './windows/window-clock.ts'
import { watermarkFromJson, watermarkToJson } from './windows/window-progress.ts'
import { WindowResults } from './windows/window-results.ts'

class WindowAggregate implements Operator {
  readonly #node: WindowAggregateNode
  readonly #context: OperatorContext
  readonly #clock: WindowClock
  readonly #rows: RowSlices
  readonly #aggregator: Aggregator
  readonly #slices: SliceStore
  readonly #results: WindowResults
  readonly #changes: WindowChanges | null
  readonly #out: OutputBuffer
  readonly #processingTime: boolean
  /** Ends of windows that have rows and have not reached their end. */
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
    this.#rows = node.time.kind === 'assign' ? timedSlices(node.time, this.#clock) : attachedSlices(node.time)
    const layout = layOutAggregates(node.aggregates, inputTypes, {
      retracts: node.inputRetracts,
      countsRows: node.inputRetracts,
    })
    this.#aggregator = new Aggregator(layout, inputTypes, node.keys, node.inputRetracts)
    // The value tables of one slice cannot be merged without those of the others in its table.
    const shares = this.#rows.slices.single || layout.valueTables.length === 0
    this.#slices = new SliceStore(this.#aggregator, shares ? maxSmallTables : Number.POSITIVE_INFINITY)
    const types = node.output.map(field => field.type)
    const updating = node.emit.allowedLatenessMs > 0 || node.emit.earlyDelayMs !== null
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
        const last = this.#rows.slices.lastWindowEnd(end)
        // A gap between hopping windows belongs to no window.
        if (this.#rows.slices.firstWindowEnd(end) > last) continue
        if (!this.#processingTime && this.#hasExpired(last)) {
          numLate += router.counts[slot]!
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
      this.#addPending(end)
      this.#touchWindows(end)
    }
    this.#requestTimer()
  }

  #add(slice: Slice, batch: Batch, hashes: Int32Array, rows: Int32Array, count: number): void {
    const groups = this.#aggregator.add(slice.groups, batch, hashes, rows, count)
    if (this.#rows.slices.single) this.#changes?.touchGroups(slice.end, groups, count)
  }

  #createSlice(start: number, end: number): Slice {
    const slice = this.#slices.create(start, end)
    this.#addPending(end)
    return slice
  }

  #addPending(sliceEnd: number): void {
    const { slices } = this.#rows
    const last = slices.lastWindowEnd(sliceEnd)
    for (let end = slices.firstWindowEnd(sliceEnd); end <= last; end += slices.windowStepMs) {
      if (this.#processingTime || !this.#hasFired(end)) this.#pending.add(end)
    }
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
      const rows = this.#groupsOf(end)
      if (rows === undefined) continue
      const start = this.#startOf(end)
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
    if (this.#changes !== null) {
      // A late firing that still waits for its delay must not be lost with its window.
      for (const end of this.#changes.touched(expired)) this.#fireChanges(this.#changes, end)
      this.#changes.drop(expired)
    }
    this.#slices.dropWhile(end => expired(this.#rows.slices.lastWindowEnd(end)))
  }

  #startOf(windowEnd: number): number {
    const { slices } = this.#rows
    return slices.single ? (this.#slices.get(windowEnd)?.start ?? windowEnd) : slices.windowStart(windowEnd)
  }

  /** All groups of a window, or undefined if it has no rows; borrowed until the next call. */
  #groupsOf(windowEnd: number): GroupRows | undefined {
    const { slices } = this.#rows
    if (slices.single) {
      const slice = this.#slices.get(windowEnd)
      return slice && this.#slices.rowsOf(slice)
    }
    const found: Slice[] = []
    for (let end = slices.windowStart(windowEnd) + slices.sliceMs; end <= windowEnd; end += slices.sliceMs) {
      const slice = this.#slices.get(end)
      if (slice !== undefined) found.push(slice)
    }
    if (found.length <= 1) return found[0] && this.#slices.rowsOf(found[0])
    if (slices.cumulative && this.#changes === null) return this.#accumulateInFirst(found, windowEnd)
    const merged = this.#aggregator.createGroups()
    for (const slice of found) this.#aggregator.merge(merged, this.#slices.rowsOf(slice))
    return allGroups(merged)
  }

  /** CUMULATE without updates: a window contains all of those before it, so fired slices become one. */
  #accumulateInFirst(found: readonly Slice[], windowEnd: number): GroupRows {
    const start = this.#rows.slices.windowStart(windowEnd)
    const end = start + this.#rows.slices.sliceMs
    const [first, ...others] = found
    const into = this.#ownSlice(first!, start, end)
    for (const slice of others) {
      this.#aggregator.merge(into.groups, this.#slices.rowsOf(slice))
      this.#slices.drop(slice.end)
    }
    return allGroups(into.groups)
  }

  /** The slice under another name, with a table of its own. */
  #ownSlice(slice: Slice, start: number, end: number): Slice {
    if (!slice.isShared) return slice.end === end ? slice : this.#slices.rename(slice, start, end)
    const rows = this.#slices.rowsOf(slice)
    const groups = this.#aggregator.createGroups(rows.count)
    this.#aggregator.merge(groups, rows)
    this.#slices.drop(slice.end)
    return this.#slices.createOwn(start, end, groups)
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
    for (const end of changes.due(now)) this.#fireChanges(changes, end)
    this.#out.flush()
  }

  #fireChanges(changes: WindowChanges, end: number): void {
    const rows = this.#groupsOf(end)
    if (rows !== undefined) changes.emit(rows, this.#startOf(end), end)
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
