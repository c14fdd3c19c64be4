/**
 * Fetch (key 1), versions 4–12. Session id 0 is always answered: no fetch sessions, so clients send full requests.
 *
 *   request  => replica:i32 max_wait_ms:i32 min_bytes:i32 max_bytes:i32 isolation:i8 session_id:i32 (7+)
 *               session_epoch:i32 (7+) [topic [partition:i32 current_leader_epoch:i32 (9+) fetch_offset:i64
 *               last_fetched_epoch:i32 (12+) log_start_offset:i64 (5+) max_bytes:i32]]
 *               [topic [partition:i32]] (7+, forgotten) rack (11+)
 *   response => throttle_ms:i32 error:i16 (7+) session_id:i32 (7+) [topic [partition:i32 error:i16 high_watermark:i64
 *               last_stable_offset:i64 log_start_offset:i64 (5+) [producer_id:i64 first_offset:i64]? (aborted)
 *               preferred_read_replica:i32 (11+) records]]
 */
import { defineApi } from './api.ts'
import {
  array,
  type Infer,
  int8,
  int16,
  int32,
  int64,
  nullableArray,
  records,
  since,
  string,
  struct,
} from './codec.ts'
import { errorCode } from './error-code.ts'

const request = struct({
  replicaId: int32,
  maxWaitMs: int32,
  minBytes: int32,
  maxBytes: int32,
  isolationLevel: int8,
  sessionId: since(7, int32, 0),
  sessionEpoch: since(7, int32, -1),
  topics: array(
    struct({
      topic: string,
      partitions: array(
        struct({
          partition: int32,
          currentLeaderEpoch: since(9, int32, -1),
          fetchOffset: int64,
          lastFetchedEpoch: since(12, int32, -1),
          logStartOffset: since(5, int64, -1),
          maxBytes: int32,
        }),
      ),
    }),
  ),
  forgottenTopics: since(7, array(struct({ topic: string, partitions: array(int32) })), []),
  rackId: since(11, string, ''),
})

const response = struct({
  throttleTimeMs: int32,
  errorCode: since(7, int16, 0),
  sessionId: since(7, int32, 0),
  topics: array(
    struct({
      topic: string,
      partitions: array(
        struct({
          partition: int32,
          errorCode: int16,
          highWatermark: int64,
          lastStableOffset: int64,
          logStartOffset: since(5, int64, -1),
          abortedTransactions: nullableArray(struct({ producerId: int64, firstOffset: int64 })),
          preferredReadReplica: since(11, int32, -1),
          records,
        }),
      ),
    }),
  ),
})

export type FetchRequest = Infer<typeof request>
export type FetchResponse = Infer<typeof response>
export type FetchPartitionRequest = FetchRequest['topics'][number]['partitions'][number]
export type FetchPartitionResponse = FetchResponse['topics'][number]['partitions'][number]

export const fetchPartitionFailure = (partition: number, code: number): FetchPartitionResponse => ({
  partition,
  errorCode: code,
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  // Brokers answer an empty list for a partition they do not know, none for other errors.
  abortedTransactions: code === errorCode.unknownTopicOrPartition ? [] : null,
  preferredReadReplica: -1,
  records: [],
})

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 12,
  flexibleSince: 12,
  request,
  response,
  failure: (request: FetchRequest, code): FetchResponse => ({
    throttleTimeMs: 0,
    errorCode: 0,
    sessionId: 0,
    topics: request.topics.map(topic => ({
      topic: topic.topic,
      partitions: topic.partitions.map(partition => fetchPartitionFailure(partition.partition, code)),
    })),
  }),
})
