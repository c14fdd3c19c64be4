/**
 * What the runtime asks of a source. One reader per subtask; splits (Kafka partitions, files, one generator)
 * are the connector's, watermarks and idleness per split are the runtime's.
 */
import type { Batch, LogicalType } from '../../types/index.ts'

/** Rows of one split, borrowed until the reader's next `poll`. */
export interface SourceBatch {
  readonly split: string
  readonly batch: Batch
  /**
   * Set by sources that state time themselves (`values`): the watermark to emit after this batch, epoch ms.
   * Overrides the table's watermark expression.
   */
  readonly watermark?: number
}

/** What idleness and the live view need to know of a split. */
export interface SplitStatus {
  readonly split: string
  /** Everything up to the end (high watermark or last stable offset) known at the last fetch was handed out. */
  readonly caughtUp: boolean
  /** The split has never held a record, so it holds nobody's watermark back. */
  readonly neverHeldRecords: boolean
  /** A bounded split that has been read to its end. */
  readonly finished: boolean
  /** Records behind the end, if known. */
  readonly lag: number | null
}

/** JSON state of a split in a checkpoint, keyed by table + split id (topic and partition). */
export interface SplitState {
  readonly split: string
  readonly position: unknown
}

export interface SourceReader {
  /** The next rows, or null when nothing is ready now. Synchronous; never blocks. Throws on fatal errors. */
  poll(): SourceBatch | null
  /** Resolves when `poll` may have something, a split's status changed, or the reader failed (then `poll` throws). */
  ready(): Promise<void>
  /** True when every split of a bounded source is finished and handed out. */
  readonly finished: boolean
  splits(): readonly SplitStatus[]
  /**
   * Grows when a split comes, and when one that was caught up or had never held a record no longer is so: until then
   * nothing that `splits` says can hold a watermark back that was free to go. Without it `splits` is asked after each
   * batch, which costs as much as there are splits.
   */
  readonly splitsRevision?: number
  /** Positions after the rows handed out so far. */
  snapshot(): readonly SplitState[]
  /** Metrics under Flink's names, added to the job handle. */
  metrics?(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** The reader of a subtask that has no split. */
export const nothingToRead: SourceReader = {
  poll: () => null,
  ready: () => Promise.resolve(),
  finished: true,
  splits: () => [],
  snapshot: () => [],
  close: () => Promise.resolve(),
}

export interface SourceColumnRequest {
  readonly kind: 'physical' | 'metadata'
  /** Column name, or metadata key. */
  readonly name: string
  readonly type: LogicalType
}

export interface SourceReaderContext {
  readonly subtask: number
  readonly parallelism: number
  /** Every split state of the restored checkpoint for this table, or null on a fresh start. */
  readonly restored: readonly SplitState[] | null
}

export interface Source {
  /**
   * Resolves start-up offsets once for the whole job, before any reader is made (design.md: they are written as
   * manifest 0). Not called when state was restored. Returns the initial split states.
   */
  initialSplits(): Promise<readonly SplitState[]>
  /** `restored` holds the states of `initialSplits` or of the checkpoint; the reader picks its own share. */
  createReader(context: SourceReaderContext): Promise<SourceReader>
  /**
   * Called after each completed and confirmed checkpoint, for lag monitors only. Failures are logged. `close` waits
   * a short time for one that runs.
   */
  publishOffsets?(checkpointId: number, splits: readonly SplitState[]): Promise<void>
  close(): Promise<void>
}
