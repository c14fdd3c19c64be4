/**
 * OffsetForLeaderEpoch (key 23), versions 0–4.
 *
 *   request  => replica:i32 (3+) [topic [partition:i32 current_leader_epoch:i32 (2+) leader_epoch:i32]]
 *   response => throttle_ms:i32 (2+) [topic [error:i16 partition:i32 leader_epoch:i32 (1+) end_offset:i64]]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, int64, since, string, struct } from './codec.ts'

const request = struct({
  replicaId: since(3, int32, -2),
  topics: array(
    struct({
      topic: string,
      partitions: array(
        struct({ partition: int32, currentLeaderEpoch: since(2, int32, -1), leaderEpoch: int32 }),
      ),
    }),
  ),
})

const response = struct({
  throttleTimeMs: since(2, int32, 0),
  topics: array(
    struct({
      topic: string,
      partitions: array(
        struct({ errorCode: int16, partition: int32, leaderEpoch: since(1, int32, -1), endOffset: int64 }),
      ),
    }),
  ),
})

export type OffsetForLeaderEpochRequest = Infer<typeof request>
export type OffsetForLeaderEpochResponse = Infer<typeof response>

export const offsetForLeaderEpoch = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 4,
  request,
  response,
  failure: (request: OffsetForLeaderEpochRequest, code): OffsetForLeaderEpochResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      topic: topic.topic,
      partitions: topic.partitions.map(({ partition }) => ({
        errorCode: code,
        partition,
        leaderEpoch: -1,
        endOffset: -1,
      })),
    })),
  }),
})
