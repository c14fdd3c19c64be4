/**
 * SaslHandshake (key 17), versions 0–1. Only version 1 is followed by SaslAuthenticate; version 0 (raw tokens on the socket) is refused.
 *
 *   request  => mechanism
 *   response => error:i16 [mechanism]
 */
import { defineApi, neverFlexible } from './api.ts'
import { array, type Infer, int16, string, struct } from './codec.ts'

const request = struct({ mechanism: string })
const response = struct({ errorCode: int16, mechanisms: array(string) })

export type SaslHandshakeRequest = Infer<typeof request>
export type SaslHandshakeResponse = Infer<typeof response>

export const saslHandshake = defineApi({
  key: 17,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  flexibleSince: neverFlexible,
  request,
  response,
  failure: (_request: SaslHandshakeRequest, code): SaslHandshakeResponse => ({
    errorCode: code,
    mechanisms: [],
  }),
})
