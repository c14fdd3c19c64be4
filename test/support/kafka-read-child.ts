/** Prints the committed values of TOPIC, one a line, read by the Kafka source. */
import { kafkaConnector } from '../../src/connectors/kafka/kafka-connector.ts'
import { readPlain, stringType } from '../../src/types/index.ts'
import { testJob } from './kafka-job.ts'

const column = { kind: 'physical' as const, name: 'v', type: stringType() }
const job = testJob()
const options = {
  connector: 'kafka',
  topic: process.env['TOPIC']!,
  'properties.bootstrap.servers': process.env['BOOTSTRAP']!,
  'properties.isolation.level': 'read_committed',
  format: 'text',
  'scan.startup.mode': 'earliest-offset',
  'scan.bounded.mode': 'latest-offset',
}
const table = { name: 'src', options, schema: { columns: [column] } }
const source = kafkaConnector.createSource!({ table, columns: [column], id: 'scan' }, job)
const restored = await source.initialSplits()
const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
while (!reader.finished) {
  const next = reader.poll()
  if (next === null) await reader.ready()
  else
    for (let row = 0; row < next.batch.length; row++)
      console.log(readPlain(next.batch.columns[0]!, row, column.type))
}
await source.close()
await job.close()
