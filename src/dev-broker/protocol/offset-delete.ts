/**
 * OffsetDelete (key 47), version 0.
 *
 *   request  => group [name [partition:i32]]
 *   response => error:i16 throttle_ms:i32 [name [partition:i32 error:i16]]
 */
import { defineApi, neverFlexible } from './api.ts'
import { array, type Infer, int16, int32, string, struct } from './codec.ts'

const request = struct({
  groupId: string,
  topics: array(struct({ name: string, partitions: array(struct({ partition: int32 })) })),
})
const response = struct({
  errorCode: int16,
  throttleTimeMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ partition: int32, errorCode: int16 })) })),
})

export type OffsetDeleteRequest = Infer<typeof request>
export type OffsetDeleteResponse = Infer<typeof response>

export const offsetDelete = defineApi({
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: neverFlexible,
  request,
  response,
  failure: (_request: OffsetDeleteRequest, code): OffsetDeleteResponse => ({
    errorCode: code,
    throttleTimeMs: 0,
    topics: [],
  }),
})
