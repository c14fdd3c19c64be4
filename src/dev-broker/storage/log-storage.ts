import type { Batch } from '../log/record-batch.ts'

/** Where a partition's batches live beyond the process. */
export interface LogStorage {
  /** Every whole batch, oldest first. */
  load(): Iterable<Batch>
  append(bytes: Buffer): void
  /** Everything but `kept`, the last of what was appended, may go. */
  deleteBefore(kept: readonly Batch[]): void
  close(): void
}
