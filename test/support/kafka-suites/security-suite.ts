/** First contact: what a user reads when the address, the login, TLS, a topic or a permission is wrong. */
import { expect } from 'vitest'
import { parseOptions } from '../../../src/catalog/index.ts'
import { connectionConfig } from '../../../src/connectors/kafka/options/connection-options.ts'
import { kafkaOptions } from '../../../src/connectors/kafka/options/option-specs.ts'
import { KafkaCluster } from '../../../src/connectors/kafka/transport/cluster.ts'
import { silentLogger } from '../../../src/logger/logger.ts'

/** Connects with `properties.*` options; the cluster is closed again. */
export async function tryConnect(
  bootstrap: string,
  properties: Readonly<Record<string, string>>,
): Promise<string> {
  const options = { connector: 'kafka', 'properties.bootstrap.servers': bootstrap } as Record<string, string>
  for (const [key, value] of Object.entries(properties)) options[`properties.${key}`] = value
  const values = parseOptions(options, kafkaOptions, 'kafka connector')
  const cluster = new KafkaCluster(connectionConfig(values, 'test'), silentLogger)
  try {
    await cluster.connect()
    return cluster.clusterId
  } finally {
    await cluster.close()
  }
}

/** Fails with this code within ten seconds, and no secret is in the text. */
export async function expectRefusal(
  bootstrap: string,
  properties: Readonly<Record<string, string>>,
  code: string,
  hint: RegExp,
): Promise<void> {
  const started = performance.now()
  const error = await tryConnect(bootstrap, properties).then(
    () => undefined,
    thrown => thrown,
  )
  expect(error).toMatchObject({ code, details: { hint: expect.stringMatching(hint) } })
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(error.render()).not.toContain('secret')
}

export const jaas = (user: string, password: string): string =>
  `org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${password}";`
