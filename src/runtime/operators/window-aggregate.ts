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
import { Aggregator, type Groups } from '../aggregates/aggregator.ts'
import { MIN_WATERMARK } from '../channels/stream-element.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { refuseChanges } from './refuse-changes.ts'
import { attachedSlices, type RowSlices, timedSlices } from './windows/row-slices.ts'
import { type Slice, SliceStore } from './windows/slice-store.ts'
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
  #watermark = MIN_WATERMARK
  #timer = Number.POSITIVE_INFINITY

  constructor(node: WindowAggregateNode, inputTypes: readonly LogicalType[], context: OperatorContext) {
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
    this.#slices = new SliceStore(this.#aggregator)
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
  }

  processBatch(batch: Batch): void {
    if (!this.#node.inputRetracts) refuseChanges(batch, this.#node.label)
    const { router } = this.#rows
    if (this.#processingTime) router.routeAll(batch, this.#context.now())
    else router.route(batch)
    const hashes = this.#aggregator.hash(batch)
    let numLate = 0
    for (let slot = 0; slot < router.ends.length; slot++) {
      const end = router.ends[slot]!
      const count = router.counts[slot]!
      const first = this.#rows.slices.firstWindowEnd(end)
      const last = this.#rows.slices.lastWindowEnd(end)
      // A gap between hopping windows belongs to no window.
      if (first > last) continue
      if (!this.#processingTime && this.#hasExpired(last)) {
        numLate += count
        continue
      }
      const slice = this.#slices.get(end) ?? this.#createSlice(router.startOf(slot), end)
      const groups = this.#aggregator.add(slice.groups, batch, hashes, router.rows(slot), count)
      if (this.#changes === null) continue
      if (this.#rows.slices.single) this.#changes.touchGroups(end, groups, count)
      this.#touchWindows(first, last)
    }
    if (numLate > 0) this.#context.metrics.lateRecordsDropped(numLate)
    if (this.#changes !== null) this.#fireDue(this.#changes, this.#context.now())
    this.#requestTimer()
  }

  processWatermark(timestampMs: number): void {
    this.#watermark = timestampMs
    if (!this.#processingTime) this.#advance(timestampMs)
    this.#context.output.emitWatermark(timestampMs)
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
    for (const slice of this.#slices) {
      this.#addPending(slice.end)
      this.#touchWindows(
        this.#rows.slices.firstWindowEnd(slice.end),
        this.#rows.slices.lastWindowEnd(slice.end),
      )
    }
    this.#requestTimer()
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
      const groups = this.#groupsOf(end)
      if (groups === undefined) continue
      const start = this.#startOf(end)
      if (this.#changes === null) this.#results.emit(groups, start, end)
      else this.#changes.emit(groups, start, end)
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
    for (const slice of this.#slices) {
      if (expired(this.#rows.slices.lastWindowEnd(slice.end))) this.#slices.drop(slice.end)
    }
  }

  #startOf(windowEnd: number): number {
    const { slices } = this.#rows
    return slices.single ? (this.#slices.get(windowEnd)?.start ?? windowEnd) : slices.windowStart(windowEnd)
  }

  /** All groups of a window, or undefined if it has no rows. */
  #groupsOf(windowEnd: number): Groups | undefined {
    const { slices } = this.#rows
    if (slices.single) return this.#slices.get(windowEnd)?.groups
    const found: Slice[] = []
    for (let end = slices.windowStart(windowEnd) + slices.sliceMs; end <= windowEnd; end += slices.sliceMs) {
      const slice = this.#slices.get(end)
      if (slice !== undefined) found.push(slice)
    }
    if (found.length <= 1) return found[0]?.groups
    if (slices.cumulative && this.#changes === null) return this.#accumulateInFirst(found, windowEnd)
    const merged = this.#aggregator.createGroups()
    for (const slice of found) this.#aggregator.merge(merged, slice.groups)
    return merged
  }

  /** CUMULATE without updates: a window contains all of those before it, so fired slices become one. */
  #accumulateInFirst(found: readonly Slice[], windowEnd: number): Groups {
    const [first, ...others] = found
    for (const slice of others) {
      this.#aggregator.merge(first!.groups, slice.groups)
      this.#slices.drop(slice.end)
    }
    const start = this.#rows.slices.windowStart(windowEnd)
    const end = start + this.#rows.slices.sliceMs
    return first!.end === end ? first!.groups : this.#slices.rename(first!, start, end).groups
  }

  /** Marks the windows of a slice that got rows for early or late firing. */
  #touchWindows(first: number, last: number): void {
    if (this.#changes === null) return
    for (let end = first; end <= last; end += this.#rows.slices.windowStepMs) {
      if (this.#processingTime || !this.#hasFired(end)) this.#changes.touchEarly(end, this.#context.now())
      else if (!this.#hasExpired(end)) this.#changes.touchLate(end, this.#context.now())
    }
  }

  #fireDue(changes: WindowChanges, now: number): void {
    for (const end of changes.due(now)) this.#fireChanges(changes, end)
    this.#out.flush()
  }

  #fireChanges(changes: WindowChanges, end: number): void {
    const groups = this.#groupsOf(end)
    if (groups !== undefined) changes.emit(groups, this.#startOf(end), end)
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
): Operator => new WindowAggregate(node, inputTypes, context)
