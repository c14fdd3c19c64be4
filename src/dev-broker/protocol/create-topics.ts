/**
 * CreateTopics (key 19), versions 0–7.
 *
 *   request  => [name partitions:i32 replication:i16 [partition:i32 [broker:i32]] [config value?]] timeout_ms:i32 validate_only:bool (1+)
 *   response => throttle_ms:i32 (2+) [name topic_id:uuid (7+) error:i16 message? (1+) partitions:i32 (5+) replication:i16 (5+)
 *               [config value? read_only:bool source:i8 sensitive:bool]? (5+)]
 */
import { defineApi } from './api.ts'
import {
  array,
  boolean,
  type Infer,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
  zeroUuid,
} from './codec.ts'

const request = struct({
  topics: array(
    struct({
      name: string,
      numPartitions: int32,
      replicationFactor: int16,
      assignments: array(struct({ partition: int32, brokerIds: array(int32) })),
      configs: array(struct({ name: string, value: nullableString })),
    }),
  ),
  timeoutMs: int32,
  validateOnly: since(1, boolean, false),
})

const response = struct({
  throttleTimeMs: since(2, int32, 0),
  topics: array(
    struct({
      name: string,
      topicId: since(7, uuid, zeroUuid),
      errorCode: int16,
      errorMessage: since(1, nullableString, null),
      numPartitions: since(5, int32, -1),
      replicationFactor: since(5, int16, -1),
      configs: since(
        5,
        nullableArray(
          struct({
            name: string,
            value: nullableString,
            readOnly: boolean,
            source: int8,
            isSensitive: boolean,
          }),
        ),
        null,
      ),
    }),
  ),
})

export type CreateTopicsRequest = Infer<typeof request>
export type CreateTopicsResponse = Infer<typeof response>

export const createTopicFailure = (
  name: string,
  errorCode: number,
  errorMessage: string | null,
): CreateTopicsResponse['topics'][number] => ({
  name,
  topicId: zeroUuid,
  errorCode,
  errorMessage,
  numPartitions: -1,
  replicationFactor: -1,
  configs: null,
})

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  minVersion: 0,
  maxVersion: 7,
  flexibleSince: 5,
  request,
  response,
  failure: (request: CreateTopicsRequest, code): CreateTopicsResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => createTopicFailure(topic.name, code, null)),
  }),
})
