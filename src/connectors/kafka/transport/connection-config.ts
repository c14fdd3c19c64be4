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
  readonly tls: TlsConfig | null
  readonly sasl: SaslConfig | null
  readonly requestTimeoutMs: number
  /** One connection attempt, TCP and TLS. */
  readonly connectTimeoutMs: number
  readonly metadataMaxAgeMs: number
}

/** Equal for configurations that may share connections. Holds secrets: never log it. */
export const connectionKey = (config: ConnectionConfig): string =>
  JSON.stringify([config.bootstrap, config.clientId, config.tls, config.sasl, config.requestTimeoutMs])

export const bootstrapText = (config: ConnectionConfig): string =>
  config.bootstrap.map(({ host, port }) => `${host}:${port}`).join(',')

/** Who the broker takes us for, as far as the configuration says. */
export const principalOf = (config: ConnectionConfig): string =>
  config.sasl?.username ??
  (config.tls?.cert === undefined && config.tls?.pfx === undefined ? 'ANONYMOUS' : 'TLS client')
