/** What waits to be written to one partition, in order: closed batches, and the one being filled. */
import type { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import type { ProduceOptions } from './produce-options.ts'

export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  /** Of the first sink that writes here. */
  readonly options: ProduceOptions
  /** The batch being filled. */
  builder: RecordBatchBuilder
  /** Closed, not yet sent. */
  readonly closed: RecordBatchBuilder[] = []
  /** Sent, not yet acknowledged: its bytes are fixed, so a retry sends the same. */
  inFlight: { readonly builder: RecordBatchBuilder; bytes: Uint8Array; sentAt: number } | null = null
  nextSequence = 0
  /** Since when (on performance.now()'s clock) no leader is known; 0 = there is one. */
  leaderlessSince = 0
  /** Whether the partition is part of the transaction; always true outside transactions. */
  added: boolean
  /** Bytes of `builder` already counted in the send buffer. */
  accounted = 0
  /** When `builder` has lingered for `linger.ms` (on performance.now()'s clock); 0 = that is not set, or it is empty. */
  dueAt = 0
  /** `builder` has been filling while the batch before it was under way. */
  hasWaited = false

  constructor(
    topic: string,
    partition: number,
    options: ProduceOptions,
    builder: RecordBatchBuilder,
    added: boolean,
  ) {
    this.topic = topic
    this.partition = partition
    this.options = options
    this.added = added
    this.builder = builder
  }
}

const MAX_SEQUENCE = 2147483647

/** Sequences run to 2^31 - 1 and start again at 0. */
export const advanceSequence = (sequence: number, count: number): number =>
  sequence > MAX_SEQUENCE - count ? count - (MAX_SEQUENCE - sequence) - 1 : sequence + count
