/**
 * DeleteRecords (key 21), versions 0–2. Offset -1 is the high watermark.
 *
 *   request  => [name [partition:i32 offset:i64]] timeout_ms:i32
 *   response => throttle_ms:i32 [name [partition:i32 low_watermark:i64 error:i16]]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, int64, string, struct } from './codec.ts'

const request = struct({
  topics: array(struct({ name: string, partitions: array(struct({ partition: int32, offset: int64 })) })),
  timeoutMs: int32,
})

const response = struct({
  throttleTimeMs: int32,
  topics: array(
    struct({
      name: string,
      partitions: array(struct({ partition: int32, lowWatermark: int64, errorCode: int16 })),
    }),
  ),
})

export type DeleteRecordsRequest = Infer<typeof request>
export type DeleteRecordsResponse = Infer<typeof response>

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request,
  response,
  failure: (request: DeleteRecordsRequest, code): DeleteRecordsResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(({ partition }) => ({ partition, lowWatermark: -1, errorCode: code })),
    })),
  }),
})
