/**
 * ListOffsets (key 2), versions 1–7. Timestamp -1 is the latest offset, -2 the earliest, -3 (7+) that of the largest timestamp.
 *
 *   request  => replica:i32 isolation:i8 (2+) [name [partition:i32 current_leader_epoch:i32 (4+) timestamp:i64]]
 *   response => throttle_ms:i32 (2+) [name [partition:i32 error:i16 timestamp:i64 offset:i64 leader_epoch:i32 (4+)]]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int8, int16, int32, int64, since, string, struct } from './codec.ts'

const request = struct({
  replicaId: int32,
  isolationLevel: since(2, int8, 0),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({ partition: int32, currentLeaderEpoch: since(4, int32, -1), timestamp: int64 }),
      ),
    }),
  ),
})

const response = struct({
  throttleTimeMs: since(2, int32, 0),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          partition: int32,
          errorCode: int16,
          timestamp: int64,
          offset: int64,
          leaderEpoch: since(4, int32, -1),
        }),
      ),
    }),
  ),
})

export type ListOffsetsRequest = Infer<typeof request>
export type ListOffsetsResponse = Infer<typeof response>
export type ListOffsetsPartitionResponse = ListOffsetsResponse['topics'][number]['partitions'][number]

export const listOffsetsPartitionFailure = (
  partition: number,
  errorCode: number,
): ListOffsetsPartitionResponse => ({ partition, errorCode, timestamp: -1, offset: -1, leaderEpoch: -1 })

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 7,
  flexibleSince: 6,
  request,
  response,
  failure: (request: ListOffsetsRequest, code): ListOffsetsResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(partition => listOffsetsPartitionFailure(partition.partition, code)),
    })),
  }),
})
