/**
 * ListGroups (key 16), versions 0–5.
 *
 *   request  => [state] (4+) [type] (5+)
 *   response => throttle_ms:i32 (1+) error:i16 [group protocol_type state (4+) type (5+)]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, since, string, struct } from './codec.ts'

const request = struct({
  stateFilters: since(4, array(string), []),
  typeFilters: since(5, array(string), []),
})
const response = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: int16,
  groups: array(
    struct({
      groupId: string,
      protocolType: string,
      state: since(4, string, ''),
      type: since(5, string, 'classic'),
    }),
  ),
})

export type ListGroupsRequest = Infer<typeof request>
export type ListGroupsResponse = Infer<typeof response>

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 3,
  request,
  response,
  failure: (_request: ListGroupsRequest, code): ListGroupsResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    groups: [],
  }),
})
