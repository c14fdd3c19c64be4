import { configError } from '../../../errors/index.ts'
import type { CompressionType } from '../records/compression.ts'
import type { DeliveryGuarantee, Partitioner, SinkConfig } from '../sink/sink-config.ts'
import { connectionConfig } from './connection-options.ts'
import { type KafkaTable, problem } from './table-options.ts'

const partitioners: readonly string[] = ['default', 'fixed', 'round-robin'] satisfies Partitioner[]

export function deliveryGuarantee({ values }: KafkaTable): DeliveryGuarantee {
  const alias = values.optionalString('sink.semantic')
  return (alias ?? values.string('sink.delivery-guarantee')) as DeliveryGuarantee
}

/** Checks what can be checked without files, network and the job's settings. */
export function checkSink(table: KafkaTable): void {
  const { values } = table
  if (deliveryGuarantee(table) === 'exactly-once') {
    if (!values.has('sink.transactional-id-prefix')) {
      throw problem(
        table,
        "is exactly-once but has no 'sink.transactional-id-prefix'",
        "Set it to a name that no other job on this cluster uses, for example the job's name.",
      )
    }
    if (!['all', '-1'].includes(values.string('properties.acks')))
      throw problem(table, "is exactly-once but 'properties.acks' is not all", undefined)
    if (!values.boolean('properties.enable.idempotence'))
      throw problem(table, "is exactly-once but 'properties.enable.idempotence' is false", undefined)
  }
  partitioner(table)
  const [rows, interval] = bufferFlush(table)
  if (rows > 0 !== interval > 0) {
    throw problem(
      table,
      "must set both 'sink.buffer-flush.max-rows' and 'sink.buffer-flush.interval', or none",
      undefined,
    )
  }
}

function partitioner(table: KafkaTable): Partitioner {
  if (table.upsert) return 'default'
  const name = table.values.string('sink.partitioner')
  if (!partitioners.includes(name)) {
    throw configError(
      'MR_CONFIG_OPTION_VALUE',
      `option 'sink.partitioner' of table '${table.name}' has a wrong value '${name}'`,
      {
        expected: partitioners,
        hint: 'Java partitioner classes cannot run here.',
      },
    )
  }
  if (name === 'round-robin' && table.key !== null)
    throw problem(
      table,
      "has 'sink.partitioner' = 'round-robin' together with 'key.fields'",
      'Records of a key would not stay in order.',
    )
  return name as Partitioner
}

const bufferFlush = ({ upsert, values }: KafkaTable): [rows: number, intervalMs: number] =>
  upsert
    ? [values.integer('sink.buffer-flush.max-rows'), values.duration('sink.buffer-flush.interval')]
    : [0, 0]

export function sinkConfig(table: KafkaTable, jobName: string): SinkConfig {
  const { values } = table
  const int = (key: string): number => values.integer(`properties.${key}`)
  const acks = values.string('properties.acks')
  const [bufferFlushRows, bufferFlushMs] = bufferFlush(table)
  return {
    tableName: table.name,
    connection: connectionConfig(values, jobName),
    topics: values.has('topic') ? values.list('topic') : null,
    topicPattern: values.has('topic-pattern') ? new RegExp(values.string('topic-pattern')) : null,
    guarantee: deliveryGuarantee(table),
    transactionalIdPrefix: values.optionalString('sink.transactional-id-prefix') ?? '',
    transactionTimeoutMs: int('transaction.timeout.ms'),
    produce: {
      acks: acks === 'all' ? -1 : Number(acks),
      idempotent: values.boolean('properties.enable.idempotence') && ['all', '-1'].includes(acks),
      compression: values.string('properties.compression.type') as CompressionType,
      batchSize: Math.min(int('batch.size'), int('max.request.size')),
      maxRequestSize: int('max.request.size'),
      lingerMs: values.optionalInteger('properties.linger.ms') ?? null,
      bufferMemory: int('buffer.memory'),
      requestTimeoutMs: int('request.timeout.ms'),
      deliveryTimeoutMs: int('delivery.timeout.ms'),
    },
    partitioner: partitioner(table),
    upsert: table.upsert,
    bufferFlushRows,
    bufferFlushMs,
  }
}
