/** The source against any broker: start-up and bounded modes, restore, discovery, read_committed, metadata. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  Source,
  SourceReader,
  SplitState,
  TableDefinition,
} from '../../../src/connectors/contract/index.ts'
import { kafkaConnector } from '../../../src/connectors/kafka/kafka-connector.ts'
import type { KafkaSource } from '../../../src/connectors/kafka/source/kafka-source.ts'
import { upsertKafkaConnector } from '../../../src/connectors/upsert-kafka/upsert-kafka-connector.ts'
import {
  arrayType,
  bigintType,
  bytesType,
  integerType,
  type LogicalType,
  mapType,
  ROW_DELETE,
  readPlain,
  rowKindNames,
  rowType,
  stringType,
  timestampLtzType,
} from '../../../src/types/index.ts'
import { testJob } from '../kafka-job.ts'
import { attempt, prepare, rowsOf, sinkConfig, startFresh } from '../kafka-sink-fixture.ts'
import { TopicTool } from '../kafka-topics.ts'
import { TopicAdmin } from '../topic-admin.ts'
import type { SuiteBroker } from './transaction-suite.ts'

type Wanted = readonly {
  readonly kind: 'physical' | 'metadata'
  readonly name: string
  readonly type: LogicalType
}[]

const physical = (name: string) => ({ kind: 'physical' as const, name, type: stringType() })
const columnV = [physical('v')]

export function tableOf(
  bootstrap: string,
  options: Readonly<Record<string, string>>,
  overrides: Partial<TableDefinition['schema']> = {},
): TableDefinition {
  return {
    name: 'src',
    options: {
      connector: 'kafka',
      'properties.bootstrap.servers': bootstrap,
      format: 'text',
      'scan.startup.mode': 'earliest-offset',
      ...options,
    },
    schema: { columns: [physical('k'), physical('v')], ...overrides },
  }
}

/** Polls until `count` rows have come or the reader is finished, as row arrays with the kind in front of others than +I. */
async function take(
  reader: SourceReader,
  wanted: Wanted,
  count = Number.POSITIVE_INFINITY,
): Promise<unknown[][]> {
  const rows: unknown[][] = []
  while (rows.length < count && !reader.finished) {
    const next = reader.poll()
    if (next === null) {
      await reader.ready()
      // A closed reader is always ready: a test that has timed out must not spin.
      await turn()
      continue
    }
    const { batch } = next
    for (let row = 0; row < batch.length; row++) {
      const kind = batch.kinds?.[row] ?? 0
      const values = batch.columns.map((column, c) => readPlain(column, row, wanted[c]!.type))
      rows.push(kind === 0 ? values : [rowKindNames[kind], ...values])
    }
  }
  return rows
}

export function sourceSuite(name: string, start: () => Promise<SuiteBroker>): void {
  describe(`source on ${name}`, () => {
    let broker: SuiteBroker
    let tool: TopicTool
    let admin: TopicAdmin
    const open: (() => Promise<void>)[] = []
    beforeAll(async () => {
      broker = await start()
      tool = new TopicTool(broker.bootstrap)
      admin = await TopicAdmin.connect(broker.bootstrap)
    })
    afterAll(async () => {
      for (const close of open) await close()
      await admin?.close()
      await tool?.close()
      await broker?.stop()
    })

    async function newTopic(partitions = 1): Promise<string> {
      const topic = `s-${randomUUID().slice(0, 8)}`
      await tool.create(topic, partitions, { 'retention.ms': '-1' })
      return topic
    }

    /** Writes values at least once; the key is `k`. With the partitioner `fixed`, to partition `subtask`. */
    async function fill(
      topic: string,
      values: readonly string[],
      config: Partial<ReturnType<typeof sinkConfig>> = {},
      subtask = 0,
    ) {
      const run = attempt(sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once', ...config }))
      const writer = await run.writer(subtask)
      writer.write(rowsOf(values.map(value => ['k', `k|${value}`])))
      await writer.finish()
      await run.die()
    }

    function sourceOf(
      options: Readonly<Record<string, string>>,
      wanted: Wanted = columnV,
      table: TableDefinition = tableOf(broker.bootstrap, options),
      connector = kafkaConnector,
    ): Source {
      const job = testJob()
      connector.capabilities(table, job.findFormat)
      const source = connector.createSource!({ table, columns: wanted, id: 'scan' }, job)
      open.push(async () => {
        await source.close()
        await job.close()
      })
      return source
    }

    async function readAll(
      options: Readonly<Record<string, string>>,
      wanted: Wanted = columnV,
    ): Promise<unknown[][]> {
      const source = sourceOf({ 'scan.bounded.mode': 'latest-offset', ...options }, wanted)
      const restored = await source.initialSplits()
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      return take(reader, wanted)
    }

    test('bounded: everything up to the end, then finished', async () => {
      const topic = await newTopic(3)
      await fill(topic, ['a', 'b', 'c'])
      expect(await readAll({ topic })).toEqual([['a'], ['b'], ['c']])
    })

    test('unbounded: rows that come later; caught up, lag and positions say the truth', async () => {
      const topic = await newTopic()
      const source = sourceOf({ topic })
      const restored = await source.initialSplits()
      expect(restored).toMatchObject([{ split: `${topic}/0`, position: { offset: 0, stop: null } }])
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      expect(reader.splits()[0]).toMatchObject({ caughtUp: false, neverHeldRecords: false })
      while (!reader.splits()[0]!.caughtUp) {
        expect(reader.poll()).toBeNull()
        await reader.ready()
      }
      expect(reader.splits()).toEqual([
        { split: `${topic}/0`, caughtUp: true, neverHeldRecords: true, finished: false, lag: 0 },
      ])
      await fill(topic, ['a', 'b'])
      expect(await take(reader, columnV, 2)).toEqual([['a'], ['b']])
      expect(reader.snapshot()).toMatchObject([{ split: `${topic}/0`, position: { offset: 2, stop: null } }])
      expect(reader.splits()[0]).toMatchObject({ neverHeldRecords: false, lag: 0, caughtUp: true })
    })

    test('a restored position is where reading goes on', async () => {
      const topic = await newTopic()
      await fill(topic, ['a', 'b', 'c', 'd'])
      const source = sourceOf({ topic })
      const restored: SplitState[] = [{ split: `${topic}/0`, position: { offset: 2, stop: null } }]
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      expect(await take(reader, columnV, 2)).toEqual([['c'], ['d']])
    })

    test('a restored position that retention has removed is an error that says so', async () => {
      const topic = await newTopic()
      await fill(topic, ['a'])
      const source = sourceOf({ topic })
      const restored: SplitState[] = [{ split: `${topic}/0`, position: { offset: 99, stop: null } }]
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      await expect(take(reader, columnV, 1)).rejects.toMatchObject({
        code: 'MR_KAFKA_OFFSET_OUT_OF_RANGE',
        message: expect.stringMatching(/Offset 99 .*the checkpoint.*(ends at|begins at)/),
      })
    })

    test('start modes: latest, timestamp, specific offsets, group offsets', async () => {
      const topic = await newTopic()
      await fill(topic, ['a', 'b', 'c'])
      const [, , third] = await tool.read(topic)
      const first = async (options: Readonly<Record<string, string>>): Promise<unknown> => {
        const [split] = await sourceOf({ topic, ...options }).initialSplits()
        return (split!.position as { offset: number }).offset
      }
      expect(await first({ 'scan.startup.mode': 'latest-offset' })).toBe(3)
      expect(
        await first({
          'scan.startup.mode': 'timestamp',
          'scan.startup.timestamp-millis': String(third!.timestamp + 60_000),
        }),
      ).toBe(3)
      expect(await first({ 'scan.startup.mode': 'timestamp', 'scan.startup.timestamp-millis': '1000' })).toBe(
        0,
      )
      const specific = {
        'scan.startup.mode': 'specific-offsets',
        'scan.startup.specific-offsets': 'partition:0,offset:1',
      }
      expect(await first(specific)).toBe(1)
      const group = { 'scan.startup.mode': 'group-offsets', 'properties.group.id': `g-${topic}` }
      await expect(first(group)).rejects.toMatchObject({ code: 'MR_KAFKA_NO_GROUP_OFFSET' })
      expect(await first({ ...group, 'properties.auto.offset.reset': 'latest' })).toBe(3)
      const source = sourceOf({ topic, ...group })
      await source.publishOffsets!(1, [{ split: `${topic}/0`, position: { offset: 2, stop: null } }])
      expect(await first(group)).toBe(2)
    })

    test('bounded modes: specific offsets, timestamp', async () => {
      const topic = await newTopic(2)
      await fill(topic, ['a', 'b', 'c'], { partitioner: 'fixed' })
      const bounded = {
        'scan.bounded.mode': 'specific-offsets',
        'scan.bounded.specific-offsets': 'partition:0,offset:2',
      }
      expect(await readAll({ topic, ...bounded })).toEqual([['a'], ['b']])
      const byTime = { 'scan.bounded.mode': 'timestamp', 'scan.bounded.timestamp-millis': '1000' }
      expect(await readAll({ topic, ...byTime })).toEqual([])
    })

    test('several subtasks share the partitions, each row once', async () => {
      const topic = await newTopic(5)
      const run = attempt(sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' }))
      const writer = await run.writer()
      writer.write(rowsOf(Array.from({ length: 400 }, (_, i) => [`k${i}`, `k|${i}`])))
      await writer.finish()
      await run.die()
      const source = sourceOf({ topic, 'scan.bounded.mode': 'latest-offset' })
      const restored = await source.initialSplits()
      const readers = await Promise.all(
        [0, 1, 2].map(subtask => source.createReader({ subtask, parallelism: 3, restored })),
      )
      expect(readers.map(reader => reader.splits().length).sort()).toEqual([1, 2, 2])
      const rows = (await Promise.all(readers.map(reader => take(reader, columnV)))).flat()
      expect(rows.map(([v]) => Number(v)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 400 }, (_, i) => i),
      )
    })

    test('read_committed: aborted transactions interleaved on one partition are left out, at every fetch size', async () => {
      const topic = await newTopic()
      const expected: string[] = []
      for (let round = 0; round < 6; round++) {
        const kept = await startFresh(
          sinkConfig(broker.bootstrap, topic, { transactionalIdPrefix: `keep-${topic}-${round}` }),
        )
        const lost = await startFresh(
          sinkConfig(broker.bootstrap, topic, { transactionalIdPrefix: `lose-${topic}-${round}` }),
        )
        for (let i = 0; i < 5; i++) {
          lost.main.write(rowsOf([['x', `x|lost-${round}-${i}`]]))
          await lost.main.finish()
          kept.main.write(rowsOf([['x', `x|kept-${round}-${i}`]]))
          await kept.main.finish()
          expected.push(`kept-${round}-${i}`)
        }
        const [stored] = await prepare(kept.group, [kept.main], 1)
        await kept.group.commit(stored!)
        await lost.group.abort()
        await kept.die()
        await lost.die()
      }
      await tool.untilDecided(topic)
      const committed = { topic, 'properties.isolation.level': 'read_committed' }
      expect((await tool.read(topic)).map(r => r.value)).toEqual(expected.map(v => `x|${v}`))
      for (const size of ['80', '300', '1048576']) {
        const rows = await readAll({ ...committed, 'properties.max.partition.fetch.bytes': size })
        expect(rows.map(([v]) => v)).toEqual(expected)
      }
      expect(await readAll({ topic })).toHaveLength(60)
    })

    test('read_committed: rows of an open transaction come when it is committed', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      run.main.write(rowsOf([['k', 'k|a']]))
      await run.main.finish()
      const source = sourceOf({ topic, 'properties.isolation.level': 'read_committed' })
      const restored = await source.initialSplits()
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      while (!reader.splits()[0]!.caughtUp) {
        expect(reader.poll()).toBeNull()
        await reader.ready()
      }
      const [stored] = await prepare(run.group, [run.main], 1)
      await run.group.commit(stored!)
      expect(await take(reader, columnV, 1)).toEqual([['a']])
      // The commit marker counts as an offset.
      while (!reader.splits()[0]!.caughtUp) {
        reader.poll()
        await reader.ready()
      }
      expect(reader.snapshot()[0]!.position).toMatchObject({ offset: 2, stop: null })
      await run.die()
    })

    test('every codec is read back', async () => {
      const topic = await newTopic()
      const base = sinkConfig(broker.bootstrap, topic)
      const expected: unknown[][] = []
      for (const compression of ['gzip', 'snappy', 'lz4', 'zstd', 'none'] as const) {
        const values = Array.from({ length: 50 }, (_, i) => `${compression}-${'y'.repeat(i)}`)
        await fill(topic, values, { produce: { ...base.produce, compression } })
        expected.push(...values.map(v => [v]))
      }
      expect(await readAll({ topic })).toEqual(expected)
    })

    test('many small batches and rows beyond one batch of the engine', async () => {
      const topic = await newTopic()
      const base = sinkConfig(broker.bootstrap, topic)
      await fill(
        topic,
        Array.from({ length: 20_000 }, (_, i) => `v${i}`),
        { produce: { ...base.produce, batchSize: 200 } },
      )
      const rows = await readAll({ topic })
      expect(rows).toHaveLength(20_000)
      expect(rows[19_999]).toEqual(['v19999'])
      expect(rows.every(([v], i) => v === `v${i}`)).toBe(true)
    })

    test('new partitions and topics are found and read from their start', async () => {
      const stem = `d-${randomUUID().slice(0, 6)}`
      await tool.create(`${stem}-a`, 1)
      const table = tableOf(broker.bootstrap, {
        'topic-pattern': `${stem}-.*`,
        'scan.topic-partition-discovery.interval': '0',
        'scan.startup.mode': 'latest-offset',
      })
      const source = sourceOf({}, columnV, table) as KafkaSource
      const reader = await source.createReader({
        subtask: 0,
        parallelism: 1,
        restored: await source.initialSplits(),
      })
      await tool.create(`${stem}-b`, 2)
      await fill(`${stem}-b`, ['new'])
      await source.discover()
      expect(reader.splits()).toHaveLength(3)
      expect(await take(reader, columnV, 1)).toEqual([['new']])
    })

    test('a new partition is found and read while a fetch waits for long', async () => {
      const topic = await newTopic(1)
      const source = sourceOf({
        topic,
        // Longer than this test may last.
        'properties.fetch.max.wait.ms': '250000',
        'properties.request.timeout.ms': '300000',
        'scan.topic-partition-discovery.interval': '300 ms',
      })
      const restored = await source.initialSplits()
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      while (!reader.splits()[0]!.caughtUp) {
        expect(reader.poll()).toBeNull()
        await reader.ready()
      }
      // The end is known: the next request, which is sent now, waits as long as it may.
      await sleep(200)
      await admin.addPartitions(topic, 3)
      // Not to partition 0: its rows would end the wait.
      await fill(topic, ['a', 'b'], { partitioner: 'fixed' }, 1)
      await fill(topic, ['c'], { partitioner: 'fixed' }, 2)
      expect((await take(reader, columnV, 3)).flat().sort()).toEqual(['a', 'b', 'c'])
      expect(reader.splits()).toHaveLength(3)
    })

    test('partitions that came while the job was down start at their earliest offset', async () => {
      const topic = await newTopic(2)
      await fill(topic, ['a'], { partitioner: 'round-robin' })
      const source = sourceOf({ topic })
      const restored: SplitState[] = [{ split: `${topic}/1`, position: { offset: 0, stop: null } }]
      const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
      expect(await take(reader, columnV, 1)).toEqual([['a']])
    })

    test('metadata columns', async () => {
      const topic = await newTopic()
      const table = tableOf(broker.bootstrap, { topic, connector: 'kafka' })
      const job = testJob()
      const sink = kafkaConnector.createSink!(
        {
          table,
          columns: [
            physical('k'),
            physical('v'),
            { kind: 'metadata', name: 'timestamp', type: timestampLtzType(3) },
            { kind: 'metadata', name: 'headers', type: mapType(stringType(false), bytesType()) },
          ],
          primaryKey: null,
          updating: false,
        },
        job,
      )
      const writer = await sink.createWriter({ subtask: 0, parallelism: 1 })
      const rows = rowsOf([
        ['k', 'v1'],
        ['k', 'v2'],
      ])
      const { createColumnFor } = await import('../../../src/types/index.ts')
      const time = createColumnFor(timestampLtzType(3), 2)
      const headers = createColumnFor(mapType(stringType(), bytesType()), 2)
      if (time.storage === 'f64') time.values.set([1_700_000_000_123, 5])
      if (headers.storage === 'object') headers.values = [new Map([['h', Buffer.from('x')]]), new Map()]
      writer.write({ length: 2, columns: [...rows.columns, time, headers], kinds: null })
      await writer.finish()
      await sink.close()
      await job.close()
      const wanted: Wanted = [
        physical('v'),
        { kind: 'metadata', name: 'topic', type: stringType(false) },
        { kind: 'metadata', name: 'partition', type: integerType(false) },
        { kind: 'metadata', name: 'offset', type: bigintType(false) },
        { kind: 'metadata', name: 'timestamp', type: timestampLtzType(3) },
        { kind: 'metadata', name: 'timestamp-type', type: stringType() },
        { kind: 'metadata', name: 'headers', type: mapType(stringType(), bytesType()) },
        { kind: 'metadata', name: 'header-list', type: arrayType(rowType([])) },
        { kind: 'metadata', name: 'leader-epoch', type: integerType() },
      ]
      expect(await readAll({ topic }, wanted)).toEqual([
        [
          ...['v1', topic, 0, 0n, 1_700_000_000_123, 'CreateTime'],
          ...[new Map([['h', new Uint8Array([120])]]), [['h', new Uint8Array([120])]], expect.any(Number)],
        ],
        ['v2', topic, 0, 1n, 5, 'CreateTime', new Map(), [], expect.any(Number)],
      ])
    })

    test('a malformed record names topic, partition, offset and the option that skips it', async () => {
      const topic = await newTopic()
      const run = attempt(sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' }))
      const writer = await run.writer()
      writer.write(
        rowsOf([
          ['k', 'k|a'],
          ['k', '!bad'],
          ['k', 'k|b'],
        ]),
      )
      await writer.finish()
      await run.die()
      await expect(readAll({ topic })).rejects.toMatchObject({
        code: 'MR_KAFKA_MALFORMED_RECORD',
        message: `The value of topic '${topic}' partition 0 offset 1 cannot be read: not a text.`,
        details: { hint: "Set 'text.ignore-errors' = 'true' to skip such records." },
      })
      expect(await readAll({ topic, 'text.ignore-errors': 'true' })).toEqual([['a'], ['b']])
    })

    test('key columns, their prefix, and records without a key', async () => {
      const topic = await newTopic()
      const options = {
        topic,
        'key.format': 'text',
        'key.fields': 'k_id',
        'key.fields-prefix': 'k_',
        'value.fields-include': 'EXCEPT_KEY',
      }
      const table = tableOf(broker.bootstrap, options, { columns: [physical('k_id'), physical('v')] })
      const job = testJob()
      const request = { table, columns: [physical('k_id'), physical('v')], primaryKey: null, updating: false }
      const sink = kafkaConnector.createSink!(request, job)
      const writer = await sink.createWriter({ subtask: 0, parallelism: 1 })
      writer.write(
        rowsOf([
          ['1', 'a'],
          ['2', 'b'],
        ]),
      )
      await writer.finish()
      await sink.close()
      await job.close()
      const keyless = attempt(
        sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' }),
        {},
        (await import('../kafka-sink-fixture.ts')).keylessLayout,
      )
      const other = await keyless.writer()
      other.write(rowsOf([['', 'c']]))
      await other.finish()
      await keyless.die()
      expect((await tool.read(topic)).map(({ key, value }) => [key, value])).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        [null, 'c'],
      ])
      const wanted = [physical('v'), physical('k_id')]
      const source = sourceOf({}, wanted, {
        ...table,
        options: { ...table.options, 'scan.bounded.mode': 'latest-offset' },
      })
      const reader = await source.createReader({
        subtask: 0,
        parallelism: 1,
        restored: await source.initialSplits(),
      })
      expect(await take(reader, wanted)).toEqual([
        ['a', '1'],
        ['b', '2'],
        ['c', null],
      ])
    })

    test('upsert-kafka: values are upserts, null values deletes; −U is left out; one partition per key', async () => {
      const topic = await newTopic(4)
      const table: TableDefinition = {
        name: 'up',
        options: {
          connector: 'upsert-kafka',
          topic,
          'properties.bootstrap.servers': broker.bootstrap,
          'key.format': 'text',
          'value.format': 'text',
          'scan.bounded.mode': 'latest-offset',
        },
        schema: { columns: [physical('k'), physical('v')], primaryKey: { columns: ['k'] } },
      }
      const job = testJob()
      const columns = [physical('k'), physical('v')]
      const sink = upsertKafkaConnector.createSink!({ table, columns, primaryKey: [0], updating: true }, job)
      const writer = await sink.createWriter({ subtask: 0, parallelism: 1 })
      writer.write(
        rowsOf(
          [
            ['a', '1'],
            ['b', '1'],
            ['a', '1'],
            ['a', '2'],
            ['b', '1'],
          ],
          [0, 0, 1, 2, ROW_DELETE],
        ),
      )
      await writer.finish()
      await sink.close()
      await job.close()
      const records = await tool.read(topic)
      expect(new Set(records.map(({ key, partition }) => `${key}${partition}`)).size).toBe(2)
      const source = sourceOf({}, columns, table, upsertKafkaConnector)
      const reader = await source.createReader({
        subtask: 0,
        parallelism: 1,
        restored: await source.initialSplits(),
      })
      const rows = await take(reader, columns)
      expect(rows.filter(row => row.includes('a'))).toEqual([
        ['a', '1'],
        ['a', '2'],
      ])
      expect(rows.filter(row => row.includes('b'))).toEqual([
        ['b', '1'],
        ['-D', 'b', null],
      ])
    })

    test('upsert-kafka with a flush buffer sends the last row of each key', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic, {
        guarantee: 'exactly-once',
        upsert: true,
        bufferFlushRows: 100,
        bufferFlushMs: 60_000,
      })
      const run = await startFresh(config)
      run.main.write(
        rowsOf(
          [
            ['a', '1'],
            ['b', '1'],
            ['a', '2'],
            ['c', '1'],
            ['c', '1'],
          ],
          [0, 0, 2, 0, ROW_DELETE],
        ),
      )
      const [stored] = await prepare(run.group, [run.main], 1)
      await run.group.commit(stored!)
      expect((await tool.read(topic)).map(({ key, value }) => [key, value])).toEqual([
        ['b', '1'],
        ['a', '2'],
        ['c', null],
      ])
      await run.die()
    })

    test('a missing topic and a pattern without match are clear errors', async () => {
      await expect(sourceOf({ topic: 'nowhere' }).initialSplits()).rejects.toMatchObject({
        code: 'MR_KAFKA_TOPIC_MISSING',
        message: "Topic 'nowhere' does not exist.",
      })
      const table = tableOf(broker.bootstrap, { 'topic-pattern': 'zzz-.*' })
      await expect(sourceOf({}, columnV, table).initialSplits()).rejects.toMatchObject({
        code: 'MR_KAFKA_TOPIC_MISSING',
      })
    })
  })
}
