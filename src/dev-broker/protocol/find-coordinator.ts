/**
 * FindCoordinator (key 10), versions 0–4. Key type 0 is a consumer group, 1 a transactional id.
 *
 *   request  => key (0–3) key_type:i8 (1+) [key] (4+)
 *   response => throttle_ms:i32 (1+) error:i16 message? (1+) node:i32 host port:i32 (0–3)
 *               [key node:i32 host port:i32 error:i16 message?] (4+)
 */
import { defineApi } from './api.ts'
import {
  array,
  between,
  type Infer,
  int8,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
  until,
} from './codec.ts'

const request = struct({
  key: until(3, string, ''),
  keyType: since(1, int8, 0),
  keys: since(4, array(string), []),
})

const response = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: until(3, int16, 0),
  errorMessage: between(1, 3, nullableString, null),
  nodeId: until(3, int32, -1),
  host: until(3, string, ''),
  port: until(3, int32, -1),
  coordinators: since(
    4,
    array(
      struct({
        key: string,
        nodeId: int32,
        host: string,
        port: int32,
        errorCode: int16,
        errorMessage: nullableString,
      }),
    ),
    [],
  ),
})

export type FindCoordinatorRequest = Infer<typeof request>
export type FindCoordinatorResponse = Infer<typeof response>

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 3,
  request,
  response,
  failure: (request: FindCoordinatorRequest, code): FindCoordinatorResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    errorMessage: null,
    nodeId: -1,
    host: '',
    port: -1,
    coordinators: request.keys.map(key => ({
      key,
      nodeId: -1,
      host: '',
      port: -1,
      errorCode: code,
      errorMessage: null,
    })),
  }),
})
