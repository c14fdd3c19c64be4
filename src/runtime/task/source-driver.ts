/**
 * Drives one source reader inside a subtask: polls, runs the scan's kernel, tracks watermarks per split. Its
 * state is one value: the split positions and watermarks, restored by split id at any parallelism.
 */
import type { SourceReader, SplitState } from '../../connectors/contract/index.ts'
import type { CalcKernel } from '../../expressions/kernel/kernel.ts'
import type { OperatorMetricGroup } from '../../metrics/operator-metrics.ts'
import type { StateWriter } from '../../state/state-io.ts'
import { MAX_WATERMARK, MIN_WATERMARK } from '../channels/stream-element.ts'
import type { ChainOutput } from './chain-output.ts'
import type { SplitWatermark, SplitWatermarks } from './split-watermarks.ts'

export const SOURCE_STATE = 'splits'

export interface SourceState {
  readonly splits: readonly SplitState[]
  readonly watermarks: readonly SplitWatermark[]
  /** The subtask's emitted watermark; null before the first. */
  readonly watermark: number | null
}

/** All subtasks' states as one: every split, and the minimum watermark. */
export function mergeSourceStates(values: readonly unknown[]): SourceState {
  const states = values as readonly SourceState[]
  const watermarks = states.map(state => state.watermark)
  const known = watermarks.filter(watermark => watermark !== null)
  return {
    splits: states.flatMap(state => state.splits),
    watermarks: states.flatMap(state => state.watermarks),
    watermark: known.length === 0 || known.length < watermarks.length ? null : Math.min(...known),
  }
}

export class SourceDriver {
  readonly nodeId: string
  readonly reader: SourceReader
  readonly #kernel: CalcKernel
  readonly #output: ChainOutput
  readonly #metrics: OperatorMetricGroup
  readonly watermarks: SplitWatermarks
  /** Whether the table has a watermark, or the source has stated one itself. */
  #hasWatermark: boolean
  #emitted = MIN_WATERMARK
  /** The reader's, when `splits` was last asked. */
  #splitsRevision: number | undefined
  #ended = false
  /** On performance.now()'s clock; the start when there was none. */
  lastRecordAtMs = performance.now()

  constructor(options: {
    readonly nodeId: string
    readonly reader: SourceReader
    readonly kernel: CalcKernel
    readonly output: ChainOutput
    readonly metrics: OperatorMetricGroup
    readonly watermarks: SplitWatermarks
    readonly hasWatermark: boolean
    readonly restored: SourceState | null
  }) {
    this.nodeId = options.nodeId
    this.reader = options.reader
    this.#kernel = options.kernel
    this.#output = options.output
    this.#metrics = options.metrics
    this.watermarks = options.watermarks
    this.#hasWatermark = options.hasWatermark
    if (options.restored !== null) this.#restore(options.restored)
  }

  #restore(state: SourceState): void {
    const own = new Set(this.reader.splits().map(status => status.split))
    const watermark = state.watermark ?? MIN_WATERMARK
    this.watermarks.restore(
      state.watermarks.filter(({ split }) => own.has(split)),
      watermark,
    )
    if (state.watermarks.some(split => split.watermark !== null)) this.#hasWatermark = true
  }

  /** Whether all rows of a bounded source are out and `end` was emitted. */
  get ended(): boolean {
    return this.#ended
  }

  /** Handles one batch of the reader. False when nothing was ready. */
  step(): boolean {
    if (this.#ended) return false
    const next = this.reader.poll()
    if (next === null) {
      if (!this.reader.finished) return false
      this.#ended = true
      this.#emitWatermark(MAX_WATERMARK)
      return true
    }
    const { batch } = next
    this.#metrics.numRecordsIn += batch.length
    this.lastRecordAtMs = performance.now()
    const rows = this.#kernel.process(batch)
    const maxWatermark = this.#kernel.maxWatermark
    this.#output.emit(rows)
    if (next.watermark !== undefined) this.#hasWatermark = true
    this.watermarks.observe(next.split, next.watermark ?? maxWatermark)
    if (!this.#follow(next.split)) this.advance()
    return true
  }

  /** As `advance`, at a cost that does not grow with the splits; false when that is not enough. */
  #follow(split: string): boolean {
    const { splitsRevision } = this.reader
    if (splitsRevision === undefined || splitsRevision !== this.#splitsRevision) return false
    if (!this.#hasWatermark || !this.watermarks.follow(split)) return false
    this.#emitWatermark(this.watermarks.current)
    return true
  }

  /** Emits the watermark if it moved; false when it did not. */
  advance(): boolean {
    if (this.#ended || !this.#hasWatermark) return false
    this.#splitsRevision = this.reader.splitsRevision
    this.watermarks.update(this.reader.splits())
    return this.#emitWatermark(this.watermarks.current)
  }

  #emitWatermark(timestampMs: number): boolean {
    if (timestampMs <= this.#emitted) return false
    this.#emitted = timestampMs
    this.#output.emitWatermark(timestampMs)
    return true
  }

  /** True when no split of this subtask can hold a watermark back: downstream must not wait for it. */
  get idle(): boolean {
    return this.#hasWatermark && !this.#ended && this.watermarks.idle
  }

  snapshot(writer: StateWriter): void {
    const watermark = Number.isFinite(this.#emitted) ? this.#emitted : null
    const state: SourceState = {
      splits: this.reader.snapshot(),
      watermarks: this.watermarks.snapshot(),
      watermark,
    }
    writer.writeValue(SOURCE_STATE, state)
  }
}
