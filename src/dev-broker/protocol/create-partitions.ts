/**
 * CreatePartitions (key 37), versions 0–3. `count` is the new total.
 *
 *   request  => [name count:i32 [[broker:i32]]?] timeout_ms:i32 validate_only:bool
 *   response => throttle_ms:i32 [name error:i16 message?]
 */
import { defineApi } from './api.ts'
import {
  array,
  boolean,
  type Infer,
  int16,
  int32,
  nullableArray,
  nullableString,
  string,
  struct,
} from './codec.ts'

const request = struct({
  topics: array(
    struct({
      name: string,
      count: int32,
      assignments: nullableArray(struct({ brokerIds: array(int32) })),
    }),
  ),
  timeoutMs: int32,
  validateOnly: boolean,
})
const response = struct({
  throttleTimeMs: int32,
  results: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
})

export type CreatePartitionsRequest = Infer<typeof request>
export type CreatePartitionsResponse = Infer<typeof response>

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleSince: 2,
  request,
  response,
  failure: (request: CreatePartitionsRequest, code): CreatePartitionsResponse => ({
    throttleTimeMs: 0,
    results: request.topics.map(({ name }) => ({ name, errorCode: code, errorMessage: null })),
  }),
})
