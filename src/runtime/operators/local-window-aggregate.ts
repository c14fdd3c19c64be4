/**
 * The local phase of a window aggregation: counts the rows of one subtask before the exchange, and sends the groups of a
 * slice when the subtask's watermark has passed it, those of a late row at once. It has no state of its own: everything
 * goes out before a barrier, before the subtask is idle (then nobody waits for its watermark any more), and at the end.
 */
import { internalError } from '../../errors/index.ts'
import type { WindowAggregateNode } from '../../planner/plan-graph/plan-graph.ts'
import { TimerQueue } from '../../state/timer-queue.ts'
import { type Batch, type Column, Float64Column, type LogicalType } from '../../types/index.ts'
import { Aggregator } from '../aggregates/aggregator.ts'
import { partialRows } from '../aggregates/partial-rows.ts'
import { MIN_WATERMARK } from '../channels/stream-element.ts'
import type { Operator, OperatorContext, Output } from './operator.ts'
import { refuseChanges } from './refuse-changes.ts'
import { type RowSlices, timedSlices } from './windows/row-slices.ts'
import type { Slice } from './windows/slice.ts'
import { SliceStore } from './windows/slice-store.ts'
import { isGap } from './windows/slices.ts'
import { clockOf, type WindowClock } from './windows/window-clock.ts'

/** More groups than these do not wait for the end of their windows. */
const MAX_GROUPS = 65_536

export class LocalWindowAggregate implements Operator {
  readonly #label: string
  readonly #output: Output
  readonly #clock: WindowClock
  readonly #rows: RowSlices
  readonly #aggregator: Aggregator
  readonly #slices: SliceStore
  /** Ends of the slices that have groups. */
  readonly #pending = new TimerQueue()
  readonly #found: (Slice | undefined)[] = []
  readonly #times = new Float64Column(0)
  #watermark = MIN_WATERMARK

  constructor(
    node: WindowAggregateNode,
    inputTypes: readonly LogicalType[],
    { output, timeZone }: Pick<OperatorContext, 'output' | 'timeZone'>,
    maxSmallTables?: number,
  ) {
    if (node.time.kind !== 'assign') throw internalError(`${node.label} has no local phase`)
    this.#label = node.label
    this.#output = output
    this.#clock = clockOf(node.time.localTimeZone, timeZone)
    this.#rows = timedSlices(node.time, this.#clock)
    const { layout } = partialRows(node, inputTypes)
    this.#aggregator = new Aggregator(layout, inputTypes, node.keys, false)
    this.#slices = new SliceStore(this.#aggregator, maxSmallTables)
  }

  processBatch(batch: Batch): void {
    refuseChanges(batch, this.#label)
    const { router, slices } = this.#rows
    router.route(batch)
    const hashes = this.#aggregator.hash(batch)
    const { shared } = this.#slices
    this.#slices.getAll(router, this.#found)
    for (let slot = 0; slot < router.numSlots; slot++) {
      const end = router.ends[slot]!
      let slice = this.#found[slot]
      if (slice === undefined) {
        if (isGap(slices, end)) continue
        slice = this.#createSlice(router.starts[slot]!, end)
      }
      if (slice.isShared) shared.take(slice, router, slot, batch, hashes)
      else this.#aggregator.add(slice.groups, batch, hashes, router.rowsOf(slot), router.counts[slot]!)
    }
    shared.add(batch, hashes, null)
    this.#send(this.#slices.numRows > MAX_GROUPS ? Number.POSITIVE_INFINITY : this.#watermark)
  }

  processWatermark(timestampMs: number): void {
    this.#watermark = timestampMs
    this.#send(timestampMs)
    this.#output.emitWatermark(timestampMs)
  }

  /** Sends everything. */
  flush(): void {
    this.#send(Number.POSITIVE_INFINITY)
  }

  #createSlice(start: number, end: number): Slice {
    this.#pending.add(end)
    return this.#slices.create(start, end)
  }

  /** Sends and forgets the slices whose last millisecond is at or before `progress`. */
  #send(progress: number): void {
    if (!this.#isOver(this.#pending.first, progress)) return
    while (this.#isOver(this.#pending.first, progress))
      this.#sendSlice(this.#slices.get(this.#pending.shift()!)!)
    this.#slices.dropWhile(end => this.#isOver(end, progress))
  }

  #isOver(end: number, progress: number): boolean {
    return Number.isFinite(end) && this.#clock.toTimer(end - 1) <= progress
  }

  #sendSlice(slice: Slice): void {
    const numKeys = this.#aggregator.keyTypes.length
    for (const { length, columns } of this.#aggregator.read(this.#slices.rowsOf(slice))) {
      this.#times.ensureCapacity(length)
      this.#times.values.fill(slice.end - 1, 0, length)
      const all: readonly Column[] = [...columns.slice(0, numKeys), this.#times, ...columns.slice(numKeys)]
      this.#output.emit({ length, columns: all, kinds: null })
    }
  }
}
