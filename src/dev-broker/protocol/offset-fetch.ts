/**
 * OffsetFetch (key 9), versions 1–7. A null topic list (2+) asks for every offset of the group.
 *
 *   request  => group [name [partition:i32]]? require_stable:bool (7+)
 *   response => throttle_ms:i32 (3+) [name [partition:i32 offset:i64 leader_epoch:i32 (5+) metadata? error:i16]] error:i16 (2+)
 */
import { defineApi } from './api.ts'
import {
  array,
  boolean,
  type Infer,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
} from './codec.ts'

const request = struct({
  groupId: string,
  topics: nullableArray(struct({ name: string, partitions: array(int32) })),
  requireStable: since(7, boolean, false),
})

const response = struct({
  throttleTimeMs: since(3, int32, 0),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          partition: int32,
          offset: int64,
          leaderEpoch: since(5, int32, -1),
          metadata: nullableString,
          errorCode: int16,
        }),
      ),
    }),
  ),
  errorCode: since(2, int16, 0),
})

export type OffsetFetchRequest = Infer<typeof request>
export type OffsetFetchResponse = Infer<typeof response>

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 7,
  flexibleSince: 6,
  request,
  response,
  failure: (request: OffsetFetchRequest, code): OffsetFetchResponse => ({
    throttleTimeMs: 0,
    topics: (request.topics ?? []).map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(partition => ({
        partition,
        offset: -1,
        leaderEpoch: -1,
        metadata: '',
        errorCode: code,
      })),
    })),
    errorCode: code,
  }),
})
