/** Reading through lost connections, moved leaders, error codes, retention: every row once and in order. */
import { randomUUID } from 'node:crypto'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SourceReader } from '../../../src/connectors/contract/index.ts'
import { kafkaConnector } from '../../../src/connectors/kafka/kafka-connector.ts'
import { BrokerConnection } from '../../../src/connectors/kafka/transport/broker-connection.ts'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import { readPlain, stringType } from '../../../src/types/index.ts'
import { type TestJob, testJob } from '../../support/kafka-job.ts'
import {
  attempt,
  keylessLayout,
  prepare,
  rowsOf,
  sinkConfig,
  startFresh,
} from '../../support/kafka-sink-fixture.ts'
import { TopicTool, testConnection } from '../../support/kafka-topics.ts'

const column = { kind: 'physical' as const, name: 'v', type: stringType() }
const NUM_ROWS = 600

/** Connects to a server that says these bytes to everyone. */
async function connectTo(greeting: Uint8Array): Promise<void> {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.write(greeting)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connection = new BrokerConnection('127.0.0.1', port, testConnection(`127.0.0.1:${port}`))
  try {
    await connection.open()
  } finally {
    connection.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

test.each([
  ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a TLS listener', Buffer.of(0x15, 3, 3, 0, 2, 2, 0x46)],
  ['a frame of 2 GB', Buffer.of(0x7f, 0xff, 0xff, 0xff)],
  ['a negative frame', Buffer.of(0xff, 0xff, 0xff, 0xff, 0, 0)],
])('%s is no broker: refused at once', async (_, greeting) => {
  await expect(connectTo(greeting)).rejects.toMatchObject({
    code: 'MR_KAFKA_NO_FRAME',
    message: expect.stringContaining('127.0.0.1'),
  })
})

describe('source faults', () => {
  let broker: DevBroker
  let tool: TopicTool
  let topic: string
  let job: TestJob
  beforeEach(async () => {
    broker = await startDevBroker({ numBrokers: 2 })
    tool = new TopicTool(broker.bootstrap)
    topic = `r-${randomUUID().slice(0, 8)}`
    job = testJob()
    await tool.create(topic, 4)
    const base = sinkConfig(broker.bootstrap, topic, {
      guarantee: 'at-least-once',
      partitioner: 'round-robin',
    })
    const run = attempt({ ...base, produce: { ...base.produce, batchSize: 300 } }, {}, keylessLayout)
    const writer = await run.writer()
    writer.write(rowsOf(Array.from({ length: NUM_ROWS }, (_, i) => ['', String(i)])))
    await writer.finish()
    await run.die()
  })
  afterEach(async () => {
    await job.close()
    await tool.close()
    await broker.close()
  })

  const sourceOf = (options: Readonly<Record<string, string>> = {}) =>
    kafkaConnector.createSource!(
      {
        table: {
          name: 'src',
          options: {
            connector: 'kafka',
            topic,
            'properties.bootstrap.servers': broker.bootstrap,
            'properties.max.partition.fetch.bytes': '500',
            'properties.request.timeout.ms': '2000',
            format: 'text',
            'scan.startup.mode': 'earliest-offset',
            'scan.bounded.mode': 'latest-offset',
            ...options,
          },
          schema: { columns: [column] },
        },
        columns: [column],
        id: 'scan',
      },
      job,
    )

  async function readAll(
    reader: SourceReader,
    each: (numRows: number) => void = () => {},
  ): Promise<Map<string, number[]>> {
    const bySplit = new Map<string, number[]>()
    let numRows = 0
    while (!reader.finished) {
      const next = reader.poll()
      if (next === null) {
        await reader.ready()
        continue
      }
      const rows = bySplit.get(next.split) ?? []
      for (let row = 0; row < next.batch.length; row++)
        rows.push(Number(readPlain(next.batch.columns[0]!, row, column.type)))
      bySplit.set(next.split, rows)
      numRows += next.batch.length
      each(numRows)
    }
    return bySplit
  }

  function expectAll(bySplit: Map<string, number[]>): void {
    const all = [...bySplit.values()]
    for (const rows of all) expect(rows).toEqual([...rows].sort((a, b) => a - b))
    expect(all.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: NUM_ROWS }, (_, i) => i))
  }

  async function open(options: Readonly<Record<string, string>> = {}): Promise<SourceReader> {
    const source = sourceOf(options)
    return source.createReader({ subtask: 0, parallelism: 1, restored: await source.initialSplits() })
  }

  test('connections are closed again and again', async () => {
    const reader = await open()
    let drops = 0
    expectAll(
      await readAll(reader, () => {
        if (drops++ < 8) broker.dropConnections()
      }),
    )
    await reader.close()
  })

  test('the topic is deleted while connections are lost: the reader says so', async () => {
    const reader = await open({ 'scan.bounded.mode': 'unbounded' })
    const rows = readAll(reader, numRows => {
      if (numRows < NUM_ROWS) return
      broker.dropConnections()
      broker.deleteTopic(topic)
    })
    await expect(rows).rejects.toMatchObject({ code: 'MR_KAFKA_TOPIC_MISSING' })
    await reader.close()
  })

  test('leaders move back and forth', async () => {
    const reader = await open()
    let moves = 0
    const rows = await readAll(reader, () => {
      if (moves++ > 10) return
      for (let p = 0; p < 4; p++) broker.moveLeader(topic, p, broker.leaderOf(topic, p) === 1 ? 2 : 1)
    })
    expectAll(rows)
    await reader.close()
  })

  test.each([3, 5, 6, 9, 56, 74, 75, 78])('fetch answers %i for a while', async code => {
    broker.faults.add({
      api: 'Fetch',
      times: 6,
      action: { kind: 'error', code, only: (_topic, p) => p % 2 === 0 },
    })
    const reader = await open()
    expectAll(await readAll(reader))
    await reader.close()
  })

  test('answers are lost, late and doubled', async () => {
    broker.faults.add({ api: 'Fetch', when: 2, action: { kind: 'drop-answer', close: true } })
    broker.faults.add({ api: 'Fetch', when: 4, action: { kind: 'delay-answer', ms: 200 } })
    broker.faults.add({ api: 'Fetch', when: 6, action: { kind: 'duplicate' } })
    broker.faults.add({ api: 'Fetch', when: 7, action: { kind: 'drop-answer' } })
    const reader = await open()
    expectAll(await readAll(reader))
    await reader.close()
  })

  test('a restored offset below the start of the log names retention; another start is a mode', async () => {
    broker.deleteRecordsBefore(topic, 0, 50)
    const source = sourceOf()
    const reader = await source.createReader({
      subtask: 0,
      parallelism: 1,
      restored: [{ split: `${topic}/0`, position: { offset: 10, stop: 100 } }],
    })
    await expect(readAll(reader)).rejects.toMatchObject({
      code: 'MR_KAFKA_OFFSET_OUT_OF_RANGE',
      message: expect.stringContaining('Offset 10 of topic'),
    })
    await reader.close()
    const fresh = await open()
    expect((await readAll(fresh)).get(`${topic}/0`)).toHaveLength(100)
    await fresh.close()
  })

  test('a record with four zero bytes as its key is data, not an abort marker', async () => {
    const zero = '\u0000\u0000\u0000\u0000'
    await tool.create('zero', 1)
    const run = await startFresh(sinkConfig(broker.bootstrap, 'zero'))
    const other = await startFresh(
      sinkConfig(broker.bootstrap, 'zero', { transactionalIdPrefix: 'zero-lost' }),
    )
    other.main.write(rowsOf([['a', 'lost-1']]))
    await other.main.finish()
    run.main.write(rowsOf([[zero, 'kept-1']]))
    await run.main.finish()
    other.main.write(
      rowsOf([
        [zero, 'lost-2'],
        ['b', 'lost-3'],
      ]),
    )
    await other.main.finish()
    const [stored] = await prepare(run.group, [run.main], 1)
    await run.group.commit(stored!)
    await other.group.abort()
    await tool.untilDecided('zero')
    const reader = await open({ topic: 'zero', 'properties.isolation.level': 'read_committed' })
    const values: unknown[] = []
    while (!reader.finished) {
      const next = reader.poll()
      if (next === null) await reader.ready()
      else
        for (let i = 0; i < next.batch.length; i++)
          values.push(readPlain(next.batch.columns[0]!, i, column.type))
    }
    expect(values).toEqual(['kept-1'])
    await reader.close()
    await run.die()
    await other.die()
  })

  test('a paused reader holds a bounded number of bytes', async () => {
    const reader = await open({ 'scan.bounded.mode': 'unbounded' })
    await reader.ready()
    await new Promise(resolve => setTimeout(resolve, 300))
    // Four partitions, each at most its budget plus the response that filled it.
    expect(reader.metrics!()['numBytesIn']).toBeLessThan(4 * (500 + 1_000))
    await reader.close()
  })
})
