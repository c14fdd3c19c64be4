/**
 * TxnOffsetCommit (key 28), versions 0–3.
 *
 *   request  => transactional_id group producer_id:i64 producer_epoch:i16 generation:i32 (3+) member (3+) group_instance? (3+)
 *               [name [partition:i32 offset:i64 leader_epoch:i32 (2+) metadata?]]
 *   response => throttle_ms:i32 [name [partition:i32 error:i16]]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, int64, nullableString, since, string, struct } from './codec.ts'

const request = struct({
  transactionalId: string,
  groupId: string,
  producerId: int64,
  producerEpoch: int16,
  generationId: since(3, int32, -1),
  memberId: since(3, string, ''),
  groupInstanceId: since(3, nullableString, null),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          partition: int32,
          offset: int64,
          leaderEpoch: since(2, int32, -1),
          metadata: nullableString,
        }),
      ),
    }),
  ),
})

const response = struct({
  throttleTimeMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ partition: int32, errorCode: int16 })) })),
})

export type TxnOffsetCommitRequest = Infer<typeof request>
export type TxnOffsetCommitResponse = Infer<typeof response>

export const txnOffsetCommit = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 3,
  flexibleSince: 3,
  request,
  response,
  failure: (request: TxnOffsetCommitRequest, code): TxnOffsetCommitResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(({ partition }) => ({ partition, errorCode: code })),
    })),
  }),
})
