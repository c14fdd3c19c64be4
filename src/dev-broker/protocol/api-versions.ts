/**
 * ApiVersions (key 18), versions 0–4. The answer's header never has tags; an unknown version is answered in version 0 with code 35.
 *
 *   request  => client_software_name (3+) client_software_version (3+)
 *   response => error:i16 [api_key:i16 min:i16 max:i16] throttle_ms:i32 (1+)
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, since, string, struct } from './codec.ts'

const request = struct({ softwareName: since(3, string, ''), softwareVersion: since(3, string, '') })

const response = struct({
  errorCode: int16,
  apis: array(struct({ key: int16, minVersion: int16, maxVersion: int16 })),
  throttleTimeMs: since(1, int32, 0),
})

export type ApiVersionsRequest = Infer<typeof request>
export type ApiVersionsResponse = Infer<typeof response>

export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 3,
  request,
  response,
  failure: (_request: ApiVersionsRequest, code): ApiVersionsResponse => ({
    errorCode: code,
    apis: [{ key: 18, minVersion: 0, maxVersion: 4 }],
    throttleTimeMs: 0,
  }),
})
