/**
 * DeleteTopics (key 20), versions 0–6.
 *
 *   request  => [name? topic_id:uuid] (6+) [name] (0–5) timeout_ms:i32
 *   response => throttle_ms:i32 (1+) [name (null allowed 6+) topic_id:uuid (6+) error:i16 message? (5+)]
 */
import { defineApi } from './api.ts'
import {
  array,
  type Infer,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
  until,
  uuid,
  zeroUuid,
} from './codec.ts'

const request = struct({
  topics: since(6, array(struct({ name: nullableString, topicId: uuid })), []),
  names: until(5, array(string), []),
  timeoutMs: int32,
})

const response = struct({
  throttleTimeMs: since(1, int32, 0),
  topics: array(
    struct({
      name: nullableString,
      topicId: since(6, uuid, zeroUuid),
      errorCode: int16,
      errorMessage: since(5, nullableString, null),
    }),
  ),
})

export type DeleteTopicsRequest = Infer<typeof request>
export type DeleteTopicsResponse = Infer<typeof response>

/** The topics of a request of any version. */
export const deletedTopics = (request: DeleteTopicsRequest): DeleteTopicsRequest['topics'] => [
  ...request.topics,
  ...request.names.map(name => ({ name, topicId: zeroUuid })),
]

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  minVersion: 0,
  maxVersion: 6,
  flexibleSince: 4,
  request,
  response,
  failure: (request: DeleteTopicsRequest, code): DeleteTopicsResponse => ({
    throttleTimeMs: 0,
    topics: deletedTopics(request).map(topic => ({ ...topic, errorCode: code, errorMessage: null })),
  }),
})
