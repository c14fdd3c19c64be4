/**
 * DeleteGroups (key 42), versions 0–2.
 *
 *   request  => [group]
 *   response => throttle_ms:i32 [group error:i16]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, string, struct } from './codec.ts'

const request = struct({ groupIds: array(string) })
const response = struct({
  throttleTimeMs: int32,
  results: array(struct({ groupId: string, errorCode: int16 })),
})

export type DeleteGroupsRequest = Infer<typeof request>
export type DeleteGroupsResponse = Infer<typeof response>

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request,
  response,
  failure: (request: DeleteGroupsRequest, code): DeleteGroupsResponse => ({
    throttleTimeMs: 0,
    results: request.groupIds.map(groupId => ({ groupId, errorCode: code })),
  }),
})
