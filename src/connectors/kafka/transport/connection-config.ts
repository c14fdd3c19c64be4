/** How to reach a cluster, made by `options/` from the `properties.*` of a table. */
export interface SaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer'
  readonly username?: string
  readonly password?: string
  /** For OAUTHBEARER: a fresh token at every (re)authentication. */
  readonly oauthBearerProvider?: () => Promise<{ readonly value: string }>
}

export interface TlsConfig {
  readonly ca?: readonly string[]
  readonly cert?: string
  readonly key?: string
  /** A PKCS#12 key store, base64. */
  readonly pfx?: string
  readonly passphrase?: string
  /** False when `ssl.endpoint.identification.algorithm` is empty. */
  readonly checkHostName: boolean
}

export interface ConnectionConfig {
  readonly bootstrap: readonly { readonly host: string; readonly port: number }[]
  readonly clientId: string
  /** The user gave none: it only names the job in the brokers' logs. */
  readonly hasDefaultClientId?: boolean
  readonly tls: TlsConfig | null
  readonly sasl: SaslConfig | null
  readonly requestTimeoutMs: number
  /** One connection attempt, TCP and TLS. */
  readonly connectTimeoutMs: number
  readonly metadataMaxAgeMs: number
}

/**
 * Equal for configurations that may share connections: the same servers, credentials and limits. A client id that the
 * user has given may have quotas of its own, which brokers enforce by holding up connections. Holds secrets: never log it.
 */
export const connectionKey = (config: ConnectionConfig): string =>
  JSON.stringify([
    config.bootstrap.map(({ host, port }) => `${host.toLowerCase()}:${port}`).sort(),
    config.hasDefaultClientId === true ? null : config.clientId,
    config.tls,
    config.sasl,
    config.sasl?.oauthBearerProvider === undefined ? 0 : identityOf(config.sasl.oauthBearerProvider),
    config.requestTimeoutMs,
    config.connectTimeoutMs,
  ])

const identities = new WeakMap<object, number>()
let numIdentities = 0

/** A number for each object: functions have no text that tells them apart. */
function identityOf(object: object): number {
  let identity = identities.get(object)
  if (identity === undefined) identities.set(object, (identity = ++numIdentities))
  return identity
}

/** For requests that are sent on behalf of several jobs. */
export const sharedConfig = (config: ConnectionConfig): ConnectionConfig =>
  config.hasDefaultClientId === true ? { ...config, clientId: 'millrace' } : config

export const bootstrapText = (config: ConnectionConfig): string =>
  config.bootstrap.map(({ host, port }) => `${host}:${port}`).join(',')

/** Who the broker takes us for, as far as the configuration says. */
export const principalOf = (config: ConnectionConfig): string =>
  config.sasl?.username ??
  (config.tls?.cert === undefined && config.tls?.pfx === undefined ? 'ANONYMOUS' : 'TLS client')
