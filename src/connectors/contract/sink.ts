/**
 * What the runtime asks of a sink: writers per subtask, and for transactional sinks one committer per
 * transaction group, shared by all sinks and subtasks of a job.
 */
import type { Batch } from '../../types/index.ts'

export interface SinkWriter {
  /** Takes the rows at once (encodes or copies them); `batch` is borrowed. Throws on fatal errors. */
  write(batch: Batch): void
  /** null when there is room; otherwise a promise that resolves when writing may go on. */
  ready(): Promise<void> | null
  /**
   * The barrier of `checkpointId` has come: rows written before belong to it, rows written after to the next.
   * The split happens synchronously in this call; the promise resolves when every row before it is
   * acknowledged by the outside, and rejects if one cannot be.
   */
  flush(checkpointId: number): Promise<void>
  /** The job ends (bounded input, no checkpointing): everything must be out. */
  finish(): Promise<void>
  metrics?(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** A transaction that was prepared but not confirmed; plain JSON, kept in manifests. */
export interface PreparedTransaction {
  /** The committer's id. */
  readonly committer: string
  /** The checkpoint it belongs to: the label in its witness. */
  readonly label: number
  /** Whatever the committer needs to commit after `kill -9` (transactional id, producer id, epoch …). */
  readonly handle: Readonly<Record<string, string | number>>
}

export interface RecoveryRequest {
  /** Under which the job goes on. */
  readonly jobId: string
  /** The job that wrote the checkpoint: another one when it came from another state directory. */
  readonly writtenBy: string
  /** Raised at every start of the job on the same state directory. */
  readonly incarnation: number
  /** Entries of the newest manifest for this committer, in label order; empty when it was confirmed. */
  readonly prepared: readonly PreparedTransaction[]
  /** Id of the newest manifest, 0 = none. */
  readonly newestCheckpoint: number
  /** Highest label known to be confirmed before, 0 = none. */
  readonly lastConfirmed: number
  /** False when the job starts without state and the user did not say `--resume none`: a live witness of another job is refused. */
  readonly mayTakeOver: boolean
  /** A fresh start without state. */
  readonly fresh: boolean
  /** The user named this checkpoint: later ones may have been committed, and their rows will be written again. */
  readonly explicit: boolean
  /** This job has said outside that its transactions are its own: if another says so now, it was taken over. */
  readonly claimed: boolean
}

export type RecoveryOutcome =
  /** Everything prepared is committed and all slots are fenced. */
  | { readonly kind: 'recovered'; readonly numResumed: number; readonly committedThrough: number }
  /** The broker aborted this label; nothing after it was committed by us. All slots are fenced. */
  | {
      readonly kind: 'lost'
      readonly label: number
      readonly committedThrough: number
      readonly reason: string
    }
  /** A zombie committed a later checkpoint meanwhile: read the manifests again. */
  | { readonly kind: 'retry'; readonly committedThrough: number }

/** Two-phase commit, one per transaction group (kafka-exactly-once.md §5). */
export interface Committer {
  /** Stable over restarts: made of cluster, principal and prefix. */
  readonly id: string
  /**
   * The longest a checkpoint may take so that its transaction cannot time out (design.md §5). Throws ConfigError
   * when the settings cannot work together.
   */
  checkpointTimeoutMs(configured: { readonly timeoutMs: number; readonly intervalMs: number }): number
  /**
   * Of transactions a manifest names: the first one that is certainly lost, or null. Changes nothing; asked of every
   * committer before the first one recovers, when there are several.
   */
  findEnded?(prepared: readonly PreparedTransaction[], writtenBy: string): Promise<PreparedTransaction | null>
  /** Steps R3–R5. Never called while a writer is open. */
  recover(request: RecoveryRequest): Promise<RecoveryOutcome>
  /**
   * Says outside whose the transactions are, unless that was done before, and opens the first one. Called once
   * after recovery and before writers are made; the initial checkpoint is confirmed when it resolves.
   */
  begin(nextCheckpoint: number): Promise<void>
  /**
   * After every writer of the group has flushed `checkpointId`: writes the witness into the transaction.
   * Empty when nothing was written. More than one, in label order, when an earlier checkpoint was flushed but
   * given up before it was prepared: its rows belong to this checkpoint, in a transaction of its own.
   */
  prepare(checkpointId: number): Promise<readonly PreparedTransaction[]>
  /** After the manifest rename. Retries for as long as the job lives; rejects only when the transaction is dead. */
  commit(transaction: PreparedTransaction): Promise<void>
  /** The job stops without committing what is open: aborts it, best effort. */
  abort(): Promise<void>
  close(): Promise<void>
}

export interface Sink {
  createWriter(context: { readonly subtask: number; readonly parallelism: number }): Promise<SinkWriter>
  /** The committer of this sink's group, the same object for every sink of the group; null = no transactions. */
  readonly committer: Committer | null
  close(): Promise<void>
}
