/**
 * LeaveGroup (key 13), versions 0–5.
 *
 *   request  => group member (0–2) [member group_instance? reason? (5+)] (3+)
 *   response => throttle_ms:i32 (1+) error:i16 [member group_instance? error:i16] (3+)
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, nullableString, since, string, struct, until } from './codec.ts'

const request = struct({
  groupId: string,
  memberId: until(2, string, ''),
  members: since(
    3,
    array(
      struct({
        memberId: string,
        groupInstanceId: nullableString,
        reason: since(5, nullableString, null),
      }),
    ),
    [],
  ),
})

const response = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: int16,
  members: since(
    3,
    array(struct({ memberId: string, groupInstanceId: nullableString, errorCode: int16 })),
    [],
  ),
})

export type LeaveGroupRequest = Infer<typeof request>
export type LeaveGroupResponse = Infer<typeof response>

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 4,
  request,
  response,
  failure: (_request: LeaveGroupRequest, code): LeaveGroupResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    members: [],
  }),
})
