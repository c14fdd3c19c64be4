import type { CompressionType } from '../records/compression.ts'

/** How records are put into batches and sent; made by `options/` from `properties.*`. */
export interface ProduceOptions {
  /** -1, 0 or 1. */
  readonly acks: number
  readonly idempotent: boolean
  readonly compression: CompressionType
  /** A batch is closed when it has grown to this many bytes. */
  readonly batchSize: number
  /** No batch and no request (of more than one batch) is larger. */
  readonly maxRequestSize: number
  /** How long a batch that is not full waits for more records; null = it adapts to the load. */
  readonly lingerMs: number | null
  /** `buffer.memory`. */
  readonly bufferMemory: number
  readonly requestTimeoutMs: number
  /** A batch not acknowledged after this long fails the job. */
  readonly deliveryTimeoutMs: number
}
