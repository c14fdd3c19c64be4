import type { KafkaRequest } from '../transport/request.ts'
import { byTopic, type TopicPartition } from './offsets.ts'

export interface FetchItem extends TopicPartition {
  readonly offset: number
  readonly maxBytes: number
}

export interface FetchOptions {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly readCommitted: boolean
}

/** One partition of a fetch response. The record batches stay in the socket's buffer: `bytes[start, end)`. */
export interface FetchedPartition extends TopicPartition {
  readonly code: number
  readonly highWatermark: number
  /** -1 with read_uncommitted on some brokers. */
  readonly lastStableOffset: number
  readonly logStartOffset: number
  /** Pairs of (producer id, first offset), in completion order as the broker lists them. */
  readonly aborted: readonly number[]
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

export interface FetchResponse {
  readonly code: number
  readonly partitions: readonly FetchedPartition[]
}

/** Fetch v11 without a fetch session. */
export const fetchRequest = (
  items: readonly FetchItem[],
  { maxWaitMs, minBytes, maxBytes, readCommitted }: FetchOptions,
): KafkaRequest<FetchResponse> => ({
  apiKey: 1,
  apiName: 'Fetch',
  apiVersion: 11,
  sizeHint: 64 + items.length * 48,
  encode(w) {
    w.int32(-1)
      .int32(maxWaitMs)
      .int32(minBytes)
      .int32(maxBytes)
      .int8(readCommitted ? 1 : 0)
      .int32(0)
      .int32(-1)
    w.array(byTopic(items), ([topic, group]) => {
      w.string(topic).array(group, item =>
        w.int32(item.partition).int32(-1).int64(item.offset).int64(-1).int32(item.maxBytes),
      )
    })
    w.int32(0).string('')
  },
  decode(r) {
    r.int32()
    const code = r.int16()
    r.int32()
    // Decoders are compiled for plain arrays; a Buffer's hidden class would slow them down.
    const bytes = new Uint8Array(r.buf.buffer, r.buf.byteOffset, r.buf.length)
    const partitions: FetchedPartition[] = []
    r.array(() => {
      const topic = r.string()
      r.array(() => {
        const partition = r.int32()
        const partitionCode = r.int16()
        const highWatermark = r.int64()
        const lastStableOffset = r.int64()
        const logStartOffset = r.int64()
        const aborted: number[] = []
        r.array(() => aborted.push(r.int64(), r.int64()))
        r.int32()
        const length = Math.max(0, r.int32())
        const start = r.offset
        r.skip(length)
        partitions.push({
          ...{ topic, partition, code: partitionCode, highWatermark, lastStableOffset, logStartOffset },
          ...{ aborted, bytes, start, end: start + length },
        })
      })
    })
    return { code, partitions }
  },
})
