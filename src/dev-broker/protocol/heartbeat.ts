/**
 * Heartbeat (key 12), versions 0–4.
 *
 *   request  => group generation:i32 member group_instance? (3+)
 *   response => throttle_ms:i32 (1+) error:i16
 */
import { defineApi } from './api.ts'
import { type Infer, int16, int32, nullableString, since, string, struct } from './codec.ts'

const request = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(3, nullableString, null),
})
const response = struct({ throttleTimeMs: since(1, int32, 0), errorCode: int16 })

export type HeartbeatRequest = Infer<typeof request>
export type HeartbeatResponse = Infer<typeof response>

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 4,
  request,
  response,
  failure: (_request: HeartbeatRequest, code): HeartbeatResponse => ({ throttleTimeMs: 0, errorCode: code }),
})
