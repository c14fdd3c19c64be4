/** The transaction protocol over the wire: real-kafka.md §2–§4 with the codes each request version reads. */
import { describe, expect, test } from 'vitest'
import { type DevBroker, type DevBrokerOptions, startDevBroker } from '../../../src/dev-broker/index.ts'
import { describeTransactions } from '../../../src/dev-broker/protocol/describe-transactions.ts'
import { listTransactions } from '../../../src/dev-broker/protocol/list-transactions.ts'
import { batchOf } from './batches.ts'
import { until } from './until.ts'
import { type Producer, WireClient } from './wire-client.ts'

async function setUp(options: DevBrokerOptions = {}) {
  const broker = await startDevBroker({
    markerDelayMs: 1,
    topics: [{ name: 't', partitions: 2 }],
    ...options,
  })
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

const visible = (broker: DevBroker, id = 'tx') =>
  until(() => broker.transaction(id)?.status.startsWith('Complete') ?? false)

/** Initialises and opens a transaction with one batch on t-0. */
async function open(
  client: WireClient,
  values: readonly string[] = ['a', 'b'],
  id = 'tx',
): Promise<Producer> {
  const producer = await client.init(id)
  expect(producer.errorCode).toBe(0)
  expect(await client.addPartitions(id, producer, 't')).toEqual([0])
  const batch = batchOf(values, { producer, isTransactional: true })
  expect((await client.produce('t', batch, { transactionalId: id })).errorCode).toBe(0)
  return producer
}

test('a dead epoch reads 47 in old versions and 90 in new ones', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const dead = await open(client)
  expect((await client.init('tx')).errorCode).toBe(51)
  expect(await client.end('tx', dead, true, 1)).toBe(47)
  expect(await client.end('tx', dead, true, 3)).toBe(90)
  await visible(broker)
  expect(await client.addPartitions('tx', dead, 't', [0], 1)).toEqual([47])
  expect(await client.addPartitions('tx', dead, 't', [0], 3)).toEqual([90])
  expect(await client.addOffsets('tx', dead, 'g', 1)).toBe(47)
  expect(await client.addOffsets('tx', dead, 'g', 3)).toBe(90)
  expect(await client.commitInTxn('tx', dead, 'g', { topic: 't', offset: 1 })).toBe(47)
  const late = batchOf(['late'], { producer: dead, sequence: 2, isTransactional: true })
  expect((await client.produce('t', late, { transactionalId: 'tx' })).errorCode).toBe(47)
  expect((await client.init('tx', dead, 3)).errorCode).toBe(47)
  expect((await client.init('tx', dead, 4)).errorCode).toBe(90)
  expect(await client.init('tx')).toMatchObject({ errorCode: 0, producerEpoch: 2 })
})

test('a partition that was not added reads 48, an unknown one 3 and its neighbours 55', async () => {
  await using context = await setUp()
  const { client } = context
  const producer = await open(client)
  const batch = batchOf(['x'], { producer, isTransactional: true })
  expect((await client.produce('t', batch, { transactionalId: 'tx', partition: 1 })).errorCode).toBe(48)
  expect(await client.addPartitions('tx', producer, 't', [1, 9])).toEqual([55, 3])
  expect((await client.init('other', undefined, 1)).errorCode).toBe(0)
  expect((await client.init('big')).errorCode).toBe(0)
})

test('51 is really seen between the decision and the markers', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const producer = await open(client)
  const release = broker.holdMarkers()
  expect(await client.end('tx', producer)).toBe(0)
  expect(await client.end('tx', producer)).toBe(51)
  expect((await client.init('tx')).errorCode).toBe(51)
  expect(await client.addPartitions('tx', producer, 't')).toEqual([51])
  expect((await client.fetch('t', 0, { isolationLevel: 1 })).records[0]!.length).toBe(0)
  release()
  expect(await client.end('tx', producer)).toBe(0)
  expect((await client.fetch('t', 0, { isolationLevel: 1 })).records[0]!.length).toBeGreaterThan(0)
})

test('the broker times a transaction out: 47, records aborted, epoch + 1', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const producer = await open(client)
  broker.advanceClock(60_001)
  expect(await client.end('tx', producer)).toBe(47)
  await visible(broker)
  expect(broker.transaction('tx')).toMatchObject({ status: 'CompleteAbort', producerEpoch: 1 })
  expect(broker.describeLog('t', 0).aborted).toEqual([
    { producerId: producer.producerId, firstOffset: 0, lastOffset: 2 },
  ])
})

test('expired ids read 49, exhausted epochs get a new producer id', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const first = await client.init('tx')
  broker.overrideProducerEpoch('tx', 32766)
  const last = { ...first, producerEpoch: 32766 }
  const rotated = await client.init('tx', last)
  expect(rotated).toMatchObject({ errorCode: 0, producerEpoch: 0 })
  expect(rotated.producerId).not.toBe(first.producerId)
  expect(await client.end('tx', last)).toBe(49)
  expect((await client.init('tx', last)).errorCode).toBe(-1)
  expect(broker.expireTransaction('tx')).toBe(true)
  expect(await client.end('tx', rotated)).toBe(49)
})

test('control batches: attributes 0x30, key 0000 0000 for abort and 0000 0001 for commit; aborted list in completion order', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const a = await open(client, ['a1'], 'a')
  const b = await open(client, ['b1'], 'b')
  const c = await open(client, ['c1'], 'c')
  await client.end('b', b, false)
  await visible(broker, 'b')
  await client.end('c', c, true)
  await visible(broker, 'c')
  await client.end('a', a, false)
  await visible(broker, 'a')
  const answer = await client.fetch('t', 0, { isolationLevel: 1 })
  expect(answer.abortedTransactions).toEqual([
    { producerId: b.producerId, firstOffset: 1 },
    { producerId: a.producerId, firstOffset: 0 },
  ])
  const controls = broker.readLog('t', 0).filter(batch => batch.header.isControl)
  expect(controls.map(batch => batch.bytes.readInt16BE(21))).toEqual([0x30, 0x30, 0x30])
  expect(controls.map(batch => batch.bytes.subarray(66, 70).toString('hex'))).toEqual([
    '00000000',
    '00000001',
    '00000000',
  ])
  expect((await client.fetch('t', 0, { isolationLevel: 0 })).abortedTransactions).toBeNull()
  expect((await client.fetch('t', 4, { isolationLevel: 1 })).abortedTransactions).toEqual([
    { producerId: a.producerId, firstOffset: 0 },
  ])
})

test('a topic deleted while a transaction is open: EndTxn answers 0; recreated, it takes a batch with base sequence > 0', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const producer = await open(client)
  broker.deleteTopic('t')
  broker.createTopic('t', 2)
  const batch = batchOf(['after'], { producer, sequence: 2, isTransactional: true })
  expect((await client.produce('t', batch, { transactionalId: 'tx' })).errorCode).toBe(0)
  broker.deleteTopic('t')
  expect(await client.end('tx', producer)).toBe(0)
  await visible(broker)
})

test('transactions are listed and described', async () => {
  await using context = await setUp()
  const { client } = context
  const { producerId } = await open(client)
  const listed = await client.send(listTransactions, 0, {
    stateFilters: ['Ongoing', 'Odd'],
    producerIdFilters: [],
  })
  expect(listed.transactions).toEqual([{ transactionalId: 'tx', producerId, state: 'Ongoing' }])
  expect(listed.unknownStateFilters).toEqual(['Odd'])
  const described = await client.send(describeTransactions, 0, { transactionalIds: ['tx', 'none'] })
  expect(described.transactions[0]).toMatchObject({
    state: 'Ongoing',
    topics: [{ topic: 't', partitions: [0] }],
  })
  expect(described.transactions[1]).toMatchObject({ errorCode: 105 })
})

describe('witness reads', () => {
  const previous = { offset: 110, metadata: 'l110', errorCode: 0 }
  const unstable = { offset: -1, metadata: '', errorCode: 88 }

  async function witness(client: WireClient, label: number): Promise<Producer> {
    const producer = await client.init('tx')
    expect(await client.addOffsets('tx', producer, 'g')).toBe(0)
    const place = { topic: 't', offset: label, metadata: `l${label}` }
    expect(await client.commitInTxn('tx', producer, 'g', place)).toBe(0)
    return producer
  }

  test('never written: -1 and code 0', async () => {
    await using context = await setUp()
    const nothing = { offset: -1, metadata: '', errorCode: 0 }
    expect(await context.client.committed('g', 't', 4)).toEqual(nothing)
    expect(await context.client.committed('g', 't', 7)).toEqual(nothing)
  })

  test('pending, decided, committed, aborted', async () => {
    await using context = await setUp()
    const { client, broker } = context
    await client.end('tx', await witness(client, 110))
    await visible(broker)
    expect(await client.committed('g', 't', 7)).toEqual(previous)
    const next = await witness(client, 111)
    expect(await client.committed('g', 't', 4)).toEqual(previous)
    expect(await client.committed('g', 't', 7)).toEqual(unstable)
    const release = broker.holdMarkers()
    expect(await client.end('tx', next)).toBe(0)
    expect(await client.committed('g', 't', 4)).toEqual(previous)
    expect(await client.committed('g', 't', 7)).toEqual(unstable)
    release()
    const committed = { offset: 111, metadata: 'l111', errorCode: 0 }
    expect(await client.committed('g', 't', 4)).toEqual(committed)
    expect(await client.committed('g', 't', 7)).toEqual(committed)
    await client.end('tx', await witness(client, 112), false)
    await visible(broker)
    expect(await client.committed('g', 't', 7)).toEqual(committed)
  })

  test('without AddOffsetsToTxn 48, unknown topic 3, metadata over 4,096 bytes 12', async () => {
    await using context = await setUp()
    const { client } = context
    const producer = await client.init('tx')
    expect(await client.commitInTxn('tx', producer, 'g', { topic: 't', offset: 1 })).toBe(48)
    await client.addOffsets('tx', producer, 'g')
    expect(await client.commitInTxn('tx', producer, 'g', { topic: 'none', offset: 1 })).toBe(3)
    const metadata = 'm'.repeat(4097)
    expect(await client.commitInTxn('tx', producer, 'g', { topic: 't', offset: 1, metadata })).toBe(12)
    expect(
      await client.commitInTxn('tx', producer, 'g', { topic: 't', offset: 1, metadata: metadata.slice(1) }),
    ).toBe(0)
  })

  test('deleting the topic deletes the witness, also for a topic of the same name made later', async () => {
    await using context = await setUp()
    const { client, broker } = context
    await client.end('tx', await witness(client, 110))
    await visible(broker)
    broker.deleteTopic('t')
    broker.createTopic('t', 1)
    expect(await client.committed('g', 't', 7)).toMatchObject({ offset: -1, errorCode: 0 })
  })
})

test('a moved coordinator answers 16 on the old broker and goes on from the same state on the new one', async () => {
  await using context = await setUp({ numBrokers: 2 })
  const { broker } = context
  broker.moveCoordinator('transaction', 'tx', 1)
  for (const partition of [0, 1]) broker.moveLeader('t', partition, 1)
  const producer = await open(context.client)
  broker.moveCoordinator('transaction', 'tx', 2)
  expect(await context.client.end('tx', producer)).toBe(16)
  expect((await context.client.init('tx')).errorCode).toBe(16)
  using other = await WireClient.connect(broker.brokers[1]!)
  expect(await other.end('tx', producer)).toBe(0)
})
