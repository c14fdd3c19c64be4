/**
 * Produce (key 0), versions 3–9; 0–2 (message formats before v2) are advertised as by Kafka 4.x but close the connection.
 *
 *   request  => transactional_id? acks:i16 timeout_ms:i32 [name [index:i32 records?]]
 *   response => [name [index:i32 error:i16 base_offset:i64 log_append_time:i64 log_start_offset:i64 (5+)
 *               [batch_index:i32 message?] (8+) message? (8+)]] throttle_ms:i32
 */
import { defineApi } from './api.ts'
import {
  array,
  type Infer,
  int16,
  int32,
  int64,
  nullableBytes,
  nullableString,
  since,
  string,
  struct,
} from './codec.ts'

const request = struct({
  transactionalId: nullableString,
  acks: int16,
  timeoutMs: int32,
  topics: array(
    struct({ name: string, partitions: array(struct({ index: int32, records: nullableBytes })) }),
  ),
})

const response = struct({
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          index: int32,
          errorCode: int16,
          baseOffset: int64,
          logAppendTimeMs: int64,
          logStartOffset: since(5, int64, -1),
          recordErrors: since(8, array(struct({ batchIndex: int32, message: nullableString })), []),
          errorMessage: since(8, nullableString, null),
        }),
      ),
    }),
  ),
  throttleTimeMs: int32,
})

export type ProduceRequest = Infer<typeof request>
export type ProduceResponse = Infer<typeof response>
export type ProducePartitionResponse = ProduceResponse['topics'][number]['partitions'][number]

export const producePartitionFailure = (index: number, errorCode: number): ProducePartitionResponse => ({
  index,
  errorCode,
  baseOffset: -1,
  logAppendTimeMs: -1,
  logStartOffset: -1,
  recordErrors: [],
  errorMessage: null,
})

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  minVersion: 0,
  maxVersion: 9,
  flexibleSince: 9,
  request,
  response,
  failure: (request: ProduceRequest, code): ProduceResponse => ({
    topics: request.topics.map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(partition => producePartitionFailure(partition.index, code)),
    })),
    throttleTimeMs: 0,
  }),
})
