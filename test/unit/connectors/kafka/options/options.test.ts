import { describe, expect, test } from 'vitest'
import { parseOptions } from '../../../../../src/catalog/index.ts'
import type { TableDefinition } from '../../../../../src/connectors/contract/index.ts'
import { kafkaConnector } from '../../../../../src/connectors/kafka/kafka-connector.ts'
import {
  bootstrapServers,
  connectionConfig,
} from '../../../../../src/connectors/kafka/options/connection-options.ts'
import {
  honouredProperties,
  ignoredProperties,
  refusedProperties,
} from '../../../../../src/connectors/kafka/options/java-properties.ts'
import { kafkaOptions } from '../../../../../src/connectors/kafka/options/option-specs.ts'
import { upsertKafkaConnector } from '../../../../../src/connectors/upsert-kafka/upsert-kafka-connector.ts'
import { MillraceError } from '../../../../../src/errors/index.ts'
import { stringType } from '../../../../../src/types/index.ts'
import { testJob, textFormat } from '../../../../support/kafka-job.ts'

const findFormat = (name: string) => (name === 'text' ? textFormat : undefined)
const column = (name: string) => ({ kind: 'physical' as const, name, type: stringType() })
const base = { connector: 'kafka', topic: 't', 'properties.bootstrap.servers': 'h:9092', format: 'text' }
const upsertBase = {
  ...{ connector: 'upsert-kafka', topic: 't', 'properties.bootstrap.servers': 'h:9092' },
  ...{ 'key.format': 'text', 'value.format': 'text' },
}

const table = (options: Record<string, string | undefined>, key?: string): TableDefinition => ({
  name: 'orders',
  options: Object.fromEntries(
    Object.entries(options).filter((e): e is [string, string] => e[1] !== undefined),
  ),
  schema: {
    columns: [column('k_id'), column('v')],
    ...(key === undefined ? {} : { primaryKey: { columns: [key] } }),
  },
})

function refusal(act: () => unknown): MillraceError {
  try {
    act()
  } catch (error) {
    if (error instanceof MillraceError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
const kafkaRefusal = (options: Record<string, string | undefined>, key?: string) =>
  refusal(() => kafkaConnector.capabilities(table({ ...base, ...options }, key), findFormat))

describe('options of kafka tables', () => {
  test('a plain table reads and writes inserts', () => {
    const { source, sink } = kafkaConnector.capabilities(table(base), findFormat)
    expect(source).toMatchObject({ bounded: false, changelogMode: 'insert' })
    expect(sink).toMatchObject({ changelogMode: 'insert', deliveryGuarantee: 'at-least-once' })
    expect(source!.metadata.filter(m => m.writable).map(m => m.key)).toEqual([
      'topic',
      'headers',
      'header-list',
      'timestamp',
    ])
  })

  test('bounded tables, exactly-once tables and the old name of the guarantee', () => {
    const of = (options: Record<string, string>) =>
      kafkaConnector.capabilities(table({ ...base, ...options }), findFormat)
    expect(of({ 'scan.bounded.mode': 'latest-offset' }).source!.bounded).toBe(true)
    const prefix = { 'sink.transactional-id-prefix': 'p' }
    expect(of({ 'sink.delivery-guarantee': 'exactly-once', ...prefix }).sink!.deliveryGuarantee).toBe(
      'exactly-once',
    )
    expect(of({ 'sink.semantic': 'exactly-once', ...prefix }).sink!.deliveryGuarantee).toBe('exactly-once')
  })

  test.each<[string, Record<string, string | undefined>, RegExp]>([
    ['no topic', { topic: undefined }, /needs the option 'topic' or 'topic-pattern'/],
    ['topic and pattern', { 'topic-pattern': 'a.*' }, /both 'topic' and 'topic-pattern'/],
    ['a broken pattern', { topic: undefined, 'topic-pattern': '(' }, /no regular expression/],
    ['no servers', { 'properties.bootstrap.servers': undefined }, /properties\.bootstrap\.servers/],
    ['no format', { format: undefined }, /needs the option 'format'/],
    ['two formats', { 'value.format': 'text' }, /both 'format' and 'value.format'/],
    ['key format without fields', { 'key.format': 'text' }, /'key.format' but not 'key.fields'/],
    ['key fields without format', { 'key.fields': 'v' }, /'key.fields' but not 'key.format'/],
    ['unknown key field', { 'key.format': 'text', 'key.fields': 'k_if' }, /no physical column 'k_if'/],
    [
      'prefix without EXCEPT_KEY',
      { 'key.format': 'text', 'key.fields': 'k_id', 'key.fields-prefix': 'k_' },
      /value holds the key/,
    ],
    [
      'key column without prefix',
      {
        'key.format': 'text',
        'key.fields': 'v',
        'key.fields-prefix': 'k_',
        'value.fields-include': 'EXCEPT_KEY',
      },
      /does not start with/,
    ],
    [
      'timestamp mode without time',
      { 'scan.startup.mode': 'timestamp' },
      /not 'scan.startup.timestamp-millis'/,
    ],
    [
      'specific offsets of two topics',
      {
        topic: 'a;b',
        'scan.startup.mode': 'specific-offsets',
        'scan.startup.specific-offsets': 'partition:0,offset:1',
      },
      /single topic/,
    ],
    [
      'offsets that do not parse',
      { 'scan.startup.mode': 'specific-offsets', 'scan.startup.specific-offsets': '0:1' },
      /wrong value '0:1'/,
    ],
    ['a group of witnesses', { 'properties.group.id': '__millrace.p' }, /begins with '__millrace\.'/],
    ['bounded by an unknown group', { 'scan.bounded.mode': 'group-offsets' }, /no 'properties.group.id'/],
    [
      'exactly once without prefix',
      { 'sink.delivery-guarantee': 'exactly-once' },
      /no 'sink.transactional-id-prefix'/,
    ],
    [
      'exactly once with acks 1',
      {
        'sink.delivery-guarantee': 'exactly-once',
        'sink.transactional-id-prefix': 'p',
        'properties.acks': '1',
      },
      /acks' is not all/,
    ],
    ['a Java partitioner', { 'sink.partitioner': 'com.acme.P' }, /wrong value 'com.acme.P'/],
    [
      'round-robin with a key',
      { 'sink.partitioner': 'round-robin', 'key.format': 'text', 'key.fields': 'v' },
      /round-robin/,
    ],
    ['a property with a Java class', { 'properties.interceptor.classes': 'x' }, /cannot be used/],
    ['transactional.id', { 'properties.transactional.id': 'x' }, /cannot be used/],
    ['a wrong enum', { 'properties.isolation.level': 'dirty' }, /wrong value 'dirty'/],
  ])('refused: %s', (_, options, message) => {
    expect(kafkaRefusal(options).message).toMatch(message)
  })

  test('typos are answered with the nearest name', () => {
    expect(kafkaRefusal({ 'properties.group.idd': 'x' }).details.nearest).toBe('properties.group.id')
    expect(kafkaRefusal({ 'scan.startup.mod': 'x' }).details.nearest).toBe('scan.startup.mode')
    expect(kafkaRefusal({ 'text.ignore-error': 'true' }).details.nearest).toBe('text.ignore-errors')
  })

  test('an append table refuses a PRIMARY KEY, an upsert table wants one', () => {
    expect(kafkaRefusal({}, 'v').code).toBe('MR_KAFKA_PRIMARY_KEY')
    const without = refusal(() => upsertKafkaConnector.capabilities(table(upsertBase), findFormat))
    expect(without.message).toMatch(/needs a PRIMARY KEY/)
    const { source, sink } = upsertKafkaConnector.capabilities(table(upsertBase, 'k_id'), findFormat)
    expect([source!.changelogMode, sink!.changelogMode]).toEqual(['upsert', 'upsert'])
  })

  test('upsert-kafka: no key.fields, no start mode, both flush options or none', () => {
    const of = (options: Record<string, string>) =>
      refusal(() =>
        upsertKafkaConnector.capabilities(table({ ...upsertBase, ...options }, 'k_id'), findFormat),
      )
    expect(of({ 'key.fields': 'k_id' }).code).toBe('MR_CONFIG_UNKNOWN_OPTION')
    expect(of({ 'scan.startup.mode': 'latest-offset' }).code).toBe('MR_CONFIG_UNKNOWN_OPTION')
    expect(of({ 'sink.buffer-flush.max-rows': '10' }).message).toMatch(/both/)
  })

  test('what only a job can tell: checkpointing, timeouts, start at group offsets', () => {
    const eos = { ...base, 'sink.delivery-guarantee': 'exactly-once', 'sink.transactional-id-prefix': 'p' }
    const request = {
      table: table(eos),
      columns: [column('k_id'), column('v')],
      primaryKey: null,
      updating: false,
    }
    const create = (job: Parameters<typeof testJob>[0], options = {}) =>
      refusal(() =>
        kafkaConnector.createSink!({ ...request, table: table({ ...eos, ...options }) }, testJob(job)),
      )
    expect(create({ checkpointIntervalMs: 0 }).code).toBe('MR_KAFKA_NO_CHECKPOINTS')
    expect(
      create({ checkpointIntervalMs: 10_000 }, { 'properties.transaction.timeout.ms': '50000' }).message,
    ).toMatch(/50000 ms is too short for checkpoints every 10000 ms.*60000 ms/)
    const scan = { table: table(base), columns: [column('v')], id: 's' }
    expect(refusal(() => kafkaConnector.createSource!(scan, testJob())).message).toMatch(
      /starts at group offsets/,
    )
  })

  test('exactly-once tables of one job on one cluster must agree', () => {
    const job = testJob()
    const create = (name: string, options: Record<string, string>) => {
      const eos = {
        ...base,
        'sink.delivery-guarantee': 'exactly-once',
        'sink.transactional-id-prefix': 'p',
        ...options,
      }
      const definition = { ...table(eos), name }
      return kafkaConnector.createSink!(
        { table: definition, columns: [column('k_id'), column('v')], primaryKey: null, updating: false },
        job,
      )
    }
    const one = create('one', {})
    expect(create('two', {}).committer).toBe(one.committer)
    expect(refusal(() => create('three', { 'sink.transactional-id-prefix': 'q' })).message).toMatch(
      /'one' and 'three'.*'p' and 'q'/,
    )
    expect(refusal(() => create('four', { 'properties.transaction.timeout.ms': '60000' })).message).toMatch(
      /transaction.timeout.ms differ/,
    )
    expect(refusal(() => create('five', { 'properties.bootstrap.servers': 'other:1' })).details.hint).toMatch(
      /different clusters/,
    )
    expect(
      create('six', { 'properties.bootstrap.servers': 'other:1', 'sink.transactional-id-prefix': 'r' })
        .committer?.id,
    ).toBe('kafka:r')
  })

  test('several topics need the topic column', () => {
    const request = {
      table: table({ ...base, topic: 'a;b' }),
      columns: [column('k_id'), column('v')],
      primaryKey: null,
      updating: false,
    }
    expect(refusal(() => kafkaConnector.createSink!(request, testJob())).message).toMatch(/several topics/)
  })
})

describe('properties', () => {
  test('no key stands in two tables', () => {
    const all = [
      ...honouredProperties.map(p => p.key),
      ...ignoredProperties,
      ...Object.keys(refusedProperties),
    ]
    expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([])
  })

  test('bootstrap servers', () => {
    expect(bootstrapServers('a:1, b.c:29092 ,[::1]:3,PLAINTEXT://d:4')).toEqual([
      ...[
        { host: 'a', port: 1 },
        { host: 'b.c', port: 29092 },
        { host: '::1', port: 3 },
        { host: 'd', port: 4 },
      ],
    ])
    for (const bad of ['', 'a', 'a:', 'a:0', 'a:99999', 'a b:1:2'])
      expect(() => bootstrapServers(bad)).toThrow(/wrong value/)
  })

  const parse = (properties: Record<string, string>) =>
    connectionConfig(
      parseOptions(
        {
          connector: 'kafka',
          ...Object.fromEntries(
            Object.entries({ 'bootstrap.servers': 'h:1', ...properties }).map(([k, v]) => [
              `properties.${k}`,
              v,
            ]),
          ),
        },
        kafkaOptions,
        'kafka connector',
      ),
      'job',
    )

  test('JAAS texts as people write them', () => {
    for (const jaas of [
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p;\\"q";',
      "x.ScramLoginModule required\n  username='u'\n  password='p;\"q' ;",
    ])
      expect(parse({ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.jaas.config': jaas }).sasl).toEqual({
        mechanism: 'plain',
        username: 'u',
        password: 'p;"q',
      })
    expect(() => parse({ 'security.protocol': 'SASL_SSL' })).toThrow(/sasl.jaas.config/)
    const bad = refusal(() =>
      parse({ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.jaas.config': 'x username=u pass=topsecret;' }),
    )
    expect(bad.render()).not.toContain('topsecret')
  })

  test('TLS: a missing file is named, host name checks can be switched off', () => {
    expect(() => parse({ 'security.protocol': 'SSL', 'ssl.truststore.location': '/none.pem' })).toThrow(
      /\/none\.pem/,
    )
    expect(parse({ 'security.protocol': 'SSL' }).tls).toEqual({ checkHostName: true })
    expect(parse({ 'security.protocol': 'SSL', 'ssl.endpoint.identification.algorithm': '' }).tls).toEqual({
      checkHostName: false,
    })
    expect(parse({}).tls).toBeNull()
  })
})
