/** The fault injector, and the faults a broker has by itself: bounces, killed connections, lost answers. */
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { type FaultRule, startDevBroker } from '../../../src/dev-broker/index.ts'
import type { ProduceRequest } from '../../../src/dev-broker/protocol/produce.ts'
import { batchOf } from './batches.ts'
import { until } from './until.ts'
import { WireClient } from './wire-client.ts'

async function setUp() {
  const broker = await startDevBroker({ topics: [{ name: 't', partitions: 2 }] })
  const client = await WireClient.connect(broker.brokers[0]!)
  return {
    broker,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
      await broker.close()
    },
  }
}

test('a dropped answer: the request was processed, the resend is recognized', async () => {
  await using context = await setUp()
  const { broker, client } = context
  const producer = await client.init(null)
  const batch = batchOf(['a'], { producer })
  const fault = broker.faults.add({ api: 'Produce', when: 1, action: { kind: 'drop-answer', close: true } })
  await expect(client.produce('t', Buffer.from(batch))).rejects.toThrow('closed')
  expect(fault.hits).toBe(1)
  expect(broker.describeLog('t', 0).endOffset).toBe(1)
  using again = await WireClient.connect(broker.brokers[0]!)
  expect(await again.produce('t', batch)).toMatchObject({ errorCode: 0, baseOffset: 0 })
  expect(broker.describeLog('t', 0).endOffset).toBe(1)
  expect(fault.seen).toBe(2)
})

test('a killed connection: the request was not processed', async () => {
  await using context = await setUp()
  const { broker, client } = context
  broker.faults.add({ api: 'Produce', action: { kind: 'kill-connection' } })
  await expect(client.produce('t', batchOf(['a']))).rejects.toThrow('closed')
  expect(broker.describeLog('t', 0).endOffset).toBe(0)
})

test('an error code instead of the work, only where the predicate holds, until removed', async () => {
  await using context = await setUp()
  const { broker, client } = context
  const rule: FaultRule = {
    api: 'Produce',
    when: ({ request }) => (request as ProduceRequest).topics[0]!.partitions[0]!.index === 1,
    action: { kind: 'error', code: 19 },
  }
  const fault = broker.faults.add(rule)
  expect((await client.produce('t', batchOf(['a']), { partition: 0 })).errorCode).toBe(0)
  expect((await client.produce('t', batchOf(['a']), { partition: 1 })).errorCode).toBe(19)
  expect(broker.describeLog('t', 1).endOffset).toBe(0)
  fault.remove()
  expect((await client.produce('t', batchOf(['a']), { partition: 1 })).errorCode).toBe(0)
  expect(fault.hits).toBe(1)
})

test('an error code for one partition of a request: the others are processed', async () => {
  await using context = await setUp()
  const { broker } = context
  using fault = broker.faults.add({
    api: 'Produce',
    times: 1,
    action: { kind: 'error', code: 19, only: (topic, partition) => topic === 't' && partition === 1 },
  })
  const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } })
  const producer = kafka.producer()
  await producer.connect()
  const messages = [0, 1].map(partition => ({ value: 'a', partition }))
  await expect(producer.send({ topic: 't', messages })).rejects.toThrow(/in-sync replicas/)
  await producer.disconnect()
  expect(fault.hits).toBe(1)
  expect([0, 1].map(partition => broker.describeLog('t', partition).endOffset)).toEqual([1, 0])
  const impossible: FaultRule = { api: 'EndTxn', action: { kind: 'error', code: 51, only: () => true } }
  expect(() => broker.faults.add(impossible)).toThrow(/not possible for EndTxn/)
})

test('an error code limited in number reaches kafkajs as a retriable error that it gets over', async () => {
  await using context = await setUp()
  const { broker } = context
  using fault = broker.faults.add({ api: 'Produce', times: 2, action: { kind: 'error', code: 6 } })
  const retry = { initialRetryTime: 1, maxRetryTime: 5, retries: 10 }
  const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING, retry })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 't', messages: [{ value: 'a', partition: 0 }] })
  await producer.disconnect()
  expect(fault.hits).toBe(2)
  expect(broker.describeLog('t', 0).endOffset).toBe(1)
})

test('a duplicated request: the log takes an idempotent batch once and a plain one twice', async () => {
  await using context = await setUp()
  const { broker, client } = context
  const producer = await client.init(null)
  broker.faults.add({ api: 'Produce', action: { kind: 'duplicate' } })
  expect(await client.produce('t', batchOf(['a'], { producer }))).toMatchObject({
    errorCode: 0,
    baseOffset: 0,
  })
  expect(broker.describeLog('t', 0).endOffset).toBe(1)
  expect(await client.produce('t', batchOf(['b']))).toMatchObject({ errorCode: 0, baseOffset: 2 })
  expect(broker.readLog('t', 0).map(batch => batch.bytes.readBigInt64BE(0))).toEqual([0n, 1n, 2n])
})

test('delays hold back the work or only its answer', async () => {
  await using context = await setUp()
  const { broker, client } = context
  broker.faults.add({ api: 'Produce', when: 1, action: { kind: 'delay', ms: 30 } })
  broker.faults.add({ api: 'Produce', when: 2, action: { kind: 'delay-answer', ms: 30 } })
  let endBefore = -1
  broker.faults.add({
    api: 'Fetch',
    action: {
      kind: 'call',
      run: () => {
        endBefore = broker.describeLog('t', 0).endOffset
      },
    },
  })
  const slow = client.produce('t', batchOf(['a']))
  using other = await WireClient.connect(broker.brokers[0]!)
  await other.fetch('t', 0)
  expect(endBefore).toBe(0)
  expect((await slow).baseOffset).toBe(0)
  const late = client.produce('t', batchOf(['b']))
  await until(() => broker.describeLog('t', 0).endOffset === 2)
  expect((await late).baseOffset).toBe(1)
})

test('a lost answer to EndTxn: repeating it reads 51, then 0', async () => {
  await using context = await setUp()
  const { broker, client } = context
  const producer = await client.init('tx')
  await client.addPartitions('tx', producer, 't')
  const release = broker.holdMarkers()
  broker.faults.add({ api: 'EndTxn', when: 1, action: { kind: 'drop-answer', close: true } })
  await expect(client.end('tx', producer)).rejects.toThrow('closed')
  using again = await WireClient.connect(broker.brokers[0]!)
  expect(await again.end('tx', producer)).toBe(51)
  release()
  expect(await again.end('tx', producer)).toBe(0)
})

test('stop and restart keep the port, the log and the open transaction', async () => {
  await using context = await setUp()
  const { broker, client } = context
  const producer = await client.init('tx')
  await client.addPartitions('tx', producer, 't')
  const batch = batchOf(['a'], { producer, isTransactional: true })
  await client.produce('t', batch, { transactionalId: 'tx' })
  const waiting = client.fetch('t', 1, { maxWaitMs: 60_000 })
  const before = broker.bootstrap
  const closed = expect(waiting).rejects.toThrow('closed')
  await broker.stop()
  await closed
  await expect(WireClient.connect(broker.brokers[0]!)).rejects.toThrow(/ECONNREFUSED/)
  await broker.restart()
  expect(broker.bootstrap).toBe(before)
  using again = await WireClient.connect(broker.brokers[0]!)
  expect(await again.end('tx', producer)).toBe(0)
})

test('a timed-out, an expired transaction and deleted group offsets on demand', async () => {
  await using context = await setUp()
  const { broker, client } = context
  const producer = await client.init('tx')
  await client.addPartitions('tx', producer, 't')
  expect(broker.timeoutTransaction('tx')).toBe(true)
  expect(broker.timeoutTransaction('tx')).toBe(false)
  expect(await client.end('tx', producer)).toBe(47)
  expect(broker.expireTransaction('tx')).toBe(true)
  expect(await client.end('tx', producer)).toBe(49)
  const next = await client.init('tx')
  await client.addOffsets('tx', next, 'g')
  await client.commitInTxn('tx', next, 'g', { topic: 't', offset: 7 })
  await client.end('tx', next)
  await until(() => broker.committedOffset('g', 't', 0) !== undefined)
  broker.deleteGroupOffsets('g')
  expect(await client.committed('g', 't', 7)).toMatchObject({ offset: -1 })
})

test('a port that is taken is told by name', async () => {
  await using broker = await startDevBroker()
  const port = Number(broker.bootstrap.split(':')[1])
  await expect(startDevBroker({ port })).rejects.toMatchObject({ code: 'MR_DEV_BROKER_LISTEN' })
})
