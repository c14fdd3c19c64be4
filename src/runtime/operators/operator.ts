/**
 * The contract of operators. An operator is one object per subtask; it is called from one thread, never while
 * another call on it runs, and everything is synchronous: waiting belongs to tasks, sources and sinks.
 */
import type { StateReader, StateWriter } from '../../state/state-io.ts'
import type { Batch } from '../../types/index.ts'

/** Where an operator's rows go: the next operator of the chain, or an exchange. `batch` is borrowed. */
export interface Output {
  emit(batch: Batch): void
  /** Monotonic; the watermark of a batch is emitted after it. */
  emitWatermark(timestampMs: number): void
}

export interface OperatorMetrics {
  /** Rows dropped because they were later than watermark and allowed lateness: `numLateRecordsDropped`. */
  lateRecordsDropped(count: number): void
  /** Named gauges and counters, e.g. `stateRows`. */
  set(name: string, value: number): void
}

export interface OperatorContext {
  readonly output: Output
  readonly metrics: OperatorMetrics
  readonly subtask: number
  readonly parallelism: number
  /** Key groups [first, last] this subtask owns; state is restored by key group. */
  readonly keyGroups: { readonly first: number; readonly last: number; readonly max: number }
  readonly timeZone: string
  /** Processing time, epoch ms; tests inject a clock. */
  now(): number
  /** Asks for `processTimer` at or after this processing time; the earliest request wins until it fires. */
  requestTimer(timestampMs: number): void
}

export interface Operator {
  processBatch(batch: Batch, input: number): void
  /**
   * The minimum over all inputs; strictly larger than the one before. Must forward it (after what it fires). After
   * `restore` it may be lower than what the state says: a split that was idle before holds time back again.
   */
  processWatermark(timestampMs: number): void
  /** The processing-time timer asked for by `requestTimer`. */
  processTimer?(timestampMs: number): void
  /** All inputs have ended; called after the maximum watermark. Emits what is left. */
  finish?(): void
  /** Writes the state as of now; must not keep references that later calls change (freeze or copy). */
  snapshot?(writer: StateWriter): void
  /** Called before any other call, with the state of the key groups this subtask owns. */
  restore?(reader: StateReader): void
  close?(): void
}
