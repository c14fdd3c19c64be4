/**
 * SaslAuthenticate (key 36), versions 0–2.
 *
 *   request  => auth_bytes
 *   response => error:i16 message? auth_bytes session_lifetime_ms:i64 (1+)
 */
import { defineApi } from './api.ts'
import { bytes, type Infer, int16, int64, nullableString, since, struct } from './codec.ts'

const request = struct({ authBytes: bytes })
const response = struct({
  errorCode: int16,
  errorMessage: nullableString,
  authBytes: bytes,
  sessionLifetimeMs: since(1, int64, 0),
})

export type SaslAuthenticateRequest = Infer<typeof request>
export type SaslAuthenticateResponse = Infer<typeof response>

export const saslAuthenticate = defineApi({
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request,
  response,
  failure: (_request: SaslAuthenticateRequest, code): SaslAuthenticateResponse => ({
    errorCode: code,
    errorMessage: null,
    authBytes: Buffer.alloc(0),
    sessionLifetimeMs: 0,
  }),
})
