/** `properties.*` → how to connect. Reads the PEM files, so it is called when a job is built, not before. */
import { readFileSync } from 'node:fs'
import type { OptionValues } from '../../../catalog/index.ts'
import { configError } from '../../../errors/index.ts'
import type { ConnectionConfig, SaslConfig, TlsConfig } from '../transport/connection-config.ts'

export function connectionConfig(values: OptionValues, jobName: string): ConnectionConfig {
  const protocol = values.string('properties.security.protocol')
  const clientId =
    values.optionalString('properties.client.id') ?? values.optionalString('properties.client.id.prefix')
  return {
    bootstrap: bootstrapServers(values.string('properties.bootstrap.servers')),
    clientId: clientId ?? `millrace-${jobName}`,
    hasDefaultClientId: clientId === undefined,
    tls: protocol === 'SSL' || protocol === 'SASL_SSL' ? tlsConfig(values) : null,
    sasl: protocol.startsWith('SASL') ? saslConfig(values) : null,
    requestTimeoutMs: values.integer('properties.request.timeout.ms'),
    connectTimeoutMs: values.integer('properties.socket.connection.setup.timeout.ms'),
    metadataMaxAgeMs: values.integer('properties.metadata.max.age.ms'),
  }
}

/** `host:port,…`, with [v6] addresses in brackets. Throws on anything else. */
export function bootstrapServers(text: string): { host: string; port: number }[] {
  const parts = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
  if (parts.length === 0) throw wrongServers(text)
  return parts.map(part => {
    const match = /^(?:[A-Z_]+:\/\/)?(?:\[([^\]]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(part)
    const port = Number(match?.[3])
    if (match === null || port < 1 || port > 65535) throw wrongServers(part)
    return { host: match[1] ?? match[2]!, port }
  })
}

const wrongServers = (text: string) =>
  configError('MR_CONFIG_OPTION_VALUE', `option 'properties.bootstrap.servers' has a wrong value '${text}'`, {
    expected: ['host:port,host:port'],
  })

function saslConfig(values: OptionValues): SaslConfig {
  const mechanism = values.string('properties.sasl.mechanism').toLowerCase() as SaslConfig['mechanism']
  const jaas = values.optionalString('properties.sasl.jaas.config')
  if (jaas === undefined) {
    throw configError('MR_CONFIG_MISSING_OPTION', "SASL needs the option 'properties.sasl.jaas.config'", {
      hint: `For example 'org.apache.kafka.common.security.scram.ScramLoginModule required username="…" password="…";'.`,
    })
  }
  const entry = (name: string): string | undefined => {
    const match = new RegExp(`\\b${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|'([^']*)'|([^\\s;]+))`).exec(jaas)
    return match === null ? undefined : (match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? match[3])
  }
  const [username, password] = [entry('username'), entry('password')]
  if (username === undefined || password === undefined) {
    throw configError(
      'MR_CONFIG_OPTION_VALUE',
      "option 'properties.sasl.jaas.config' has no username or password",
      {
        expected: ['…LoginModule required username="…" password="…";'],
      },
    )
  }
  return { mechanism, username, password }
}

function tlsConfig(values: OptionValues): TlsConfig {
  const text = (key: string): string | undefined => values.optionalString(`properties.${key}`)
  const ca =
    text('ssl.truststore.certificates') ??
    readOption(text('ssl.truststore.location'), 'ssl.truststore.location')
  const keyStore = text('ssl.keystore.location')
  const isPkcs12 = values.string('properties.ssl.keystore.type') === 'PKCS12'
  const store = isPkcs12 ? undefined : readOption(keyStore, 'ssl.keystore.location')
  const cert = text('ssl.keystore.certificate.chain') ?? store
  const key = text('ssl.keystore.key') ?? store
  const passphrase = text('ssl.key.password') ?? text('ssl.keystore.password')
  return {
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(isPkcs12 && keyStore !== undefined
      ? { pfx: readBytes(keyStore, 'ssl.keystore.location').toString('base64') }
      : {}),
    ...(passphrase === undefined ? {} : { passphrase }),
    checkHostName: values.string('properties.ssl.endpoint.identification.algorithm') !== '',
  }
}

const readOption = (path: string | undefined, option: string): string | undefined =>
  path === undefined ? undefined : readBytes(path, option).toString('utf8')

function readBytes(path: string, option: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw configError(
      'MR_CONFIG_OPTION_VALUE',
      `option 'properties.${option}' names a file that cannot be read: ${path}`,
      { cause: error },
    )
  }
}
