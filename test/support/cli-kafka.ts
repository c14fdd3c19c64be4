/** Tables and records for tests of the CLI against a broker. */
import { Kafka, logLevel, Partitioners } from 'kafkajs'

export const checkpointing = (interval = '200 ms') =>
  `SET 'execution.checkpointing.interval' = '${interval}';\n`

const withOptions = (options: Readonly<Record<string, string>>) =>
  Object.entries(options)
    .map(([key, value]) => `  '${key}' = '${value.replaceAll("'", "''")}'`)
    .join(',\n')

export const kafkaTable = (
  name: string,
  bootstrap: string,
  options: Readonly<Record<string, string>> = {},
  columns = 'id BIGINT, name STRING',
): string => `CREATE TABLE ${name} (${columns}) WITH (
${withOptions({
  connector: 'kafka',
  topic: name,
  'properties.bootstrap.servers': bootstrap,
  'scan.startup.mode': 'earliest-offset',
  format: 'json',
  ...options,
})}
);
`

export const exactlyOnce = (prefix: string) => ({
  'sink.delivery-guarantee': 'exactly-once',
  'sink.transactional-id-prefix': prefix,
})

/** Options of a SASL listener. */
export const login = (username: string, password: string) => ({
  'properties.security.protocol': 'SASL_PLAINTEXT',
  'properties.sasl.mechanism': 'PLAIN',
  'properties.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required username="${username}" password="${password}";`,
})

/** Writes values to one partition of a topic. */
export async function produce(
  bootstrap: string,
  topic: string,
  values: readonly string[],
  partition = 0,
): Promise<void> {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({ topic, messages: values.map(value => ({ value, partition })) })
  await producer.disconnect()
}
