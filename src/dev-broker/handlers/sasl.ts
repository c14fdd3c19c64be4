import { errorCode } from '../protocol/error-code.ts'
import type { SaslAuthenticateRequest, SaslAuthenticateResponse } from '../protocol/sasl-authenticate.ts'
import { saslAuthenticate } from '../protocol/sasl-authenticate.ts'
import type { SaslHandshakeRequest, SaslHandshakeResponse } from '../protocol/sasl-handshake.ts'
import type { RequestContext } from '../server/request-context.ts'
import { saslMechanisms } from '../server/sasl.ts'

export function handleSaslHandshake(
  { mechanism }: SaslHandshakeRequest,
  { sasl }: RequestContext,
): SaslHandshakeResponse {
  if (!sasl.isRequired) return { errorCode: errorCode.illegalSaslState, mechanisms: [] }
  const isKnown = sasl.begin(mechanism)
  return {
    errorCode: isKnown ? errorCode.none : errorCode.unsupportedSaslMechanism,
    mechanisms: saslMechanisms,
  }
}

export function handleSaslAuthenticate(
  request: SaslAuthenticateRequest,
  { sasl }: RequestContext,
): SaslAuthenticateResponse {
  if (!sasl.isRequired || !sasl.hasMechanism)
    return saslAuthenticate.failure(request, errorCode.illegalSaslState)
  const step = sasl.step(request.authBytes)
  if (step.kind === 'failed') {
    const failure = saslAuthenticate.failure(request, errorCode.saslAuthenticationFailed)
    return { ...failure, errorMessage: step.message }
  }
  return { errorCode: errorCode.none, errorMessage: null, authBytes: step.answer, sessionLifetimeMs: 0 }
}
