/**
 * DescribeGroups (key 15), versions 0–5.
 *
 *   request  => [group] include_operations:bool (3+)
 *   response => throttle_ms:i32 (1+) [error:i16 group state protocol_type protocol [member group_instance? (4+) client_id client_host
 *               metadata assignment] operations:i32 (3+)]
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

const request = struct({ groupIds: array(string), includeOperations: since(3, boolean, false) })

const response = struct({
  throttleTimeMs: since(1, int32, 0),
  groups: array(
    struct({
      errorCode: int16,
      groupId: string,
      state: string,
      protocolType: string,
      protocol: string,
      members: array(
        struct({
          memberId: string,
          groupInstanceId: since(4, nullableString, null),
          clientId: string,
          clientHost: string,
          metadata: bytes,
          assignment: bytes,
        }),
      ),
      operations: since(3, int32, -2147483648),
    }),
  ),
})

export type DescribeGroupsRequest = Infer<typeof request>
export type DescribeGroupsResponse = Infer<typeof response>

export const groupFailure = (
  groupId: string,
  errorCode: number,
): DescribeGroupsResponse['groups'][number] => ({
  errorCode,
  groupId,
  state: '',
  protocolType: '',
  protocol: '',
  members: [],
  operations: -2147483648,
})

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 5,
  request,
  response,
  failure: (request: DescribeGroupsRequest, code): DescribeGroupsResponse => ({
    throttleTimeMs: 0,
    groups: request.groupIds.map(groupId => groupFailure(groupId, code)),
  }),
})
