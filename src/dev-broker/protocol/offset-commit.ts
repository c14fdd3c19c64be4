/**
 * OffsetCommit (key 8), versions 1–8.
 *
 *   request  => group generation:i32 member group_instance? (7+) retention_ms:i64 (2–4) [name [partition:i32 offset:i64
 *               leader_epoch:i32 (6+) commit_timestamp:i64 (1) metadata?]]
 *   response => throttle_ms:i32 (3+) [name [partition:i32 error:i16]]
 */
import { defineApi } from './api.ts'
import {
  array,
  between,
  type Infer,
  int16,
  int32,
  int64,
  nullableString,
  since,
  string,
  struct,
} from './codec.ts'

const request = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(7, nullableString, null),
  retentionTimeMs: between(2, 4, int64, -1),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          partition: int32,
          offset: int64,
          leaderEpoch: since(6, int32, -1),
          commitTimestamp: between(1, 1, int64, -1),
          metadata: nullableString,
        }),
      ),
    }),
  ),
})

const response = struct({
  throttleTimeMs: since(3, int32, 0),
  topics: array(struct({ name: string, partitions: array(struct({ partition: int32, errorCode: int16 })) })),
})

export type OffsetCommitRequest = Infer<typeof request>
export type OffsetCommitResponse = Infer<typeof response>

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  minVersion: 1,
  maxVersion: 8,
  flexibleSince: 8,
  request,
  response,
  failure: (request: OffsetCommitRequest, code): OffsetCommitResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(({ partition }) => ({ partition, errorCode: code })),
    })),
  }),
})
