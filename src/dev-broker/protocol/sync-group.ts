/**
 * SyncGroup (key 14), versions 0–5.
 *
 *   request  => group generation:i32 member group_instance? (3+) protocol_type? (5+) protocol_name? (5+) [member assignment]
 *   response => throttle_ms:i32 (1+) error:i16 protocol_type? (5+) protocol_name? (5+) assignment
 */
import { defineApi } from './api.ts'
import { array, bytes, type Infer, int16, int32, nullableString, since, string, struct } from './codec.ts'

const request = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(3, nullableString, null),
  protocolType: since(5, nullableString, null),
  protocolName: since(5, nullableString, null),
  assignments: array(struct({ memberId: string, assignment: bytes })),
})

const response = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: int16,
  protocolType: since(5, nullableString, null),
  protocolName: since(5, nullableString, null),
  assignment: bytes,
})

export type SyncGroupRequest = Infer<typeof request>
export type SyncGroupResponse = Infer<typeof response>

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 4,
  request,
  response,
  failure: (_request: SyncGroupRequest, code): SyncGroupResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    protocolType: null,
    protocolName: null,
    assignment: Buffer.alloc(0),
  }),
})
