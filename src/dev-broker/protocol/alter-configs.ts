/**
 * AlterConfigs (key 33), versions 0–2: replaces all settings of a topic. IncrementalAlterConfigs (key 44), versions 0–1: operation 0 sets, 1 deletes.
 *
 *   33 request => [type:i8 name [key value?]] validate_only:bool
 *   44 request => [type:i8 name [key operation:i8 value?]] validate_only:bool
 *   response   => throttle_ms:i32 [error:i16 message? type:i8 name]
 */
import { defineApi } from './api.ts'
import { array, boolean, type Infer, int8, int16, int32, nullableString, string, struct } from './codec.ts'

const request = struct({
  resources: array(
    struct({ type: int8, name: string, configs: array(struct({ name: string, value: nullableString })) }),
  ),
  validateOnly: boolean,
})

const incrementalRequest = struct({
  resources: array(
    struct({
      type: int8,
      name: string,
      configs: array(struct({ name: string, operation: int8, value: nullableString })),
    }),
  ),
  validateOnly: boolean,
})

const response = struct({
  throttleTimeMs: int32,
  results: array(struct({ errorCode: int16, errorMessage: nullableString, type: int8, name: string })),
})

export type AlterConfigsRequest = Infer<typeof request>
export type IncrementalAlterConfigsRequest = Infer<typeof incrementalRequest>
export type AlterConfigsResponse = Infer<typeof response>

const failure = (
  request: AlterConfigsRequest | IncrementalAlterConfigsRequest,
  code: number,
): AlterConfigsResponse => ({
  throttleTimeMs: 0,
  results: request.resources.map(({ type, name }) => ({ errorCode: code, errorMessage: null, type, name })),
})

export const alterConfigs = defineApi<AlterConfigsRequest, AlterConfigsResponse>({
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request,
  response,
  failure,
})

export const incrementalAlterConfigs = defineApi<IncrementalAlterConfigsRequest, AlterConfigsResponse>({
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleSince: 1,
  request: incrementalRequest,
  response,
  failure,
})
