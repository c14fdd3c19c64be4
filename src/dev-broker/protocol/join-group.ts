/**
 * JoinGroup (key 11), versions 0–9.
 *
 *   request  => group session_timeout_ms:i32 rebalance_timeout_ms:i32 (1+) member group_instance? (5+) protocol_type
 *               [name metadata] reason? (8+)
 *   response => throttle_ms:i32 (2+) error:i16 generation:i32 protocol_type? (7+) protocol_name (null allowed 7+) leader
 *               skip_assignment:bool (9+) member [member group_instance? (5+) metadata]
 */
import { defineApi } from './api.ts'
import {
  array,
  boolean,
  bytes,
  type Infer,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
} from './codec.ts'

const request = struct({
  groupId: string,
  sessionTimeoutMs: int32,
  rebalanceTimeoutMs: since(1, int32, -1),
  memberId: string,
  groupInstanceId: since(5, nullableString, null),
  protocolType: string,
  protocols: array(struct({ name: string, metadata: bytes })),
  reason: since(8, nullableString, null),
})

const response = struct({
  throttleTimeMs: since(2, int32, 0),
  errorCode: int16,
  generationId: int32,
  protocolType: since(7, nullableString, null),
  protocolName: nullableString,
  leader: string,
  skipAssignment: since(9, boolean, false),
  memberId: string,
  members: array(
    struct({ memberId: string, groupInstanceId: since(5, nullableString, null), metadata: bytes }),
  ),
})

export type JoinGroupRequest = Infer<typeof request>
export type JoinGroupResponse = Infer<typeof response>

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  flexibleSince: 6,
  request,
  response,
  failure: (request: JoinGroupRequest, code): JoinGroupResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    generationId: -1,
    protocolType: null,
    protocolName: '',
    leader: '',
    skipAssignment: false,
    memberId: request.memberId,
    members: [],
  }),
})
