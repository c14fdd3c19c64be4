/** What a failed first contact means, in words that say what to change. */
import { connectorError, MillraceError } from '../../../errors/index.ts'
import type { ConnectionConfig } from './connection-config.ts'

interface KafkajsError extends Error {
  readonly type?: string
  readonly code?: number | string
}

const CERTIFICATE =
  /unable to verify|self[- ]signed|unable to get (local )?issuer|certificate has expired|altnames|UNABLE_TO_VERIFY|SELF_SIGNED/i

/** True for failures of the wire (not of the request): another try, perhaps at another broker, makes sense. */
export const isTransportError = (error: unknown): boolean =>
  error instanceof MillraceError ? error.retriable : true

/** The coded error of a failed connection to `address`. */
export function connectFailure(thrown: unknown, address: string, config: ConnectionConfig): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  const error = thrown as KafkajsError
  const text = error instanceof Error ? error.message : String(thrown)
  const make = (code: string, message: string, hint: string, retriable = false): MillraceError =>
    connectorError(code, message, { hint, retriable, cause: thrown })
  const mechanism = config.sasl?.mechanism.toUpperCase()
  if (
    error.code === 33 ||
    error.type === 'UNSUPPORTED_SASL_MECHANISM' ||
    /mechanism is not supported/.test(text)
  ) {
    return make(
      'MR_KAFKA_SASL_MECHANISM',
      `Broker ${address} does not have the SASL mechanism ${mechanism} enabled.`,
      "Set 'properties.sasl.mechanism' to a mechanism the listener offers.",
    )
  }
  if (error.code === 34 || error.type === 'ILLEGAL_SASL_STATE') {
    return make(
      'MR_KAFKA_SASL_NOT_EXPECTED',
      `The listener ${address} does not use SASL, but 'properties.security.protocol' asks for it.`,
      "Use the port of the SASL listener, or set 'properties.security.protocol' to PLAINTEXT or SSL.",
    )
  }
  if (error.name === 'KafkaJSSASLAuthenticationError' || error.type === 'SASL_AUTHENTICATION_FAILED') {
    return make(
      'MR_KAFKA_AUTHENTICATION',
      `Broker ${address} refused the login of user '${config.sasl?.username ?? ''}' (${mechanism}).`,
      "Check user name and password in 'properties.sasl.jaas.config'.",
    )
  }
  if (config.tls !== null && CERTIFICATE.test(text)) {
    return make(
      'MR_KAFKA_TLS_CERTIFICATE',
      `The certificate of broker ${address} is not trusted: ${text}.`,
      "Point 'properties.ssl.truststore.location' at the PEM file of the CA, or use a host name the certificate names.",
    )
  }
  if (/alert|handshake failure|bad certificate|certificate required/i.test(text) && config.tls !== null) {
    return make(
      'MR_KAFKA_TLS_REFUSED',
      `Broker ${address} refused the TLS handshake: ${text}.`,
      config.tls.cert === undefined
        ? "The listener seems to want a client certificate: set 'properties.ssl.keystore.location'."
        : "Check that the broker trusts the certificate in 'properties.ssl.keystore.location'.",
    )
  }
  if (config.tls !== null && /before secure TLS|wrong version number|packet length too long/i.test(text)) {
    return make(
      'MR_KAFKA_TLS_NOT_EXPECTED',
      `The listener ${address} does not speak TLS, but 'properties.security.protocol' asks for it.`,
      "Use the port of the TLS listener, or set 'properties.security.protocol' to PLAINTEXT or SASL_PLAINTEXT.",
    )
  }
  if (/Closed connection|Connection closed|ECONNRESET|EPIPE/i.test(text)) {
    return make(
      'MR_KAFKA_CONNECTION_CLOSED',
      `Broker ${address} closed the connection during the first exchange.`,
      "The listener may want TLS or SASL: check 'properties.security.protocol' and the port.",
      true,
    )
  }
  return make(
    'MR_KAFKA_UNREACHABLE',
    `Cannot reach Kafka broker ${address}: ${text}.`,
    "Check 'properties.bootstrap.servers' and that the broker is running.",
    true,
  )
}
