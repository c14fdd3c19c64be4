/** Produce and Fetch over the wire: sequences, validation, sizes, long polling, leaders. */
import { expect, test } from 'vitest'
import { type DevBrokerOptions, startDevBroker } from '../../../src/dev-broker/index.ts'
import { hasValidChecksum } from '../../../src/dev-broker/log/record-batch.ts'
import { listOffsets } from '../../../src/dev-broker/protocol/list-offsets.ts'
import { metadata } from '../../../src/dev-broker/protocol/metadata.ts'
import { offsetForLeaderEpoch } from '../../../src/dev-broker/protocol/offset-for-leader-epoch.ts'
import { batchOf } from './batches.ts'
import { WireClient } from './wire-client.ts'

async function setUp(options: DevBrokerOptions = {}) {
  const broker = await startDevBroker({ topics: [{ name: 't' }], ...options })
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

const sizeOf = (chunks: readonly Buffer[]) => chunks.reduce((sum, chunk) => sum + chunk.length, 0)

test('offsets are assigned, the checksum stays valid, every version of Produce is answered', async () => {
  await using context = await setUp()
  const { client, broker } = context
  for (let version = 3; version <= 9; version++) {
    const answer = await client.produce('t', batchOf(['a', 'b']), { version })
    expect(answer).toMatchObject({ errorCode: 0, baseOffset: (version - 3) * 2, logAppendTimeMs: -1 })
  }
  const batches = broker.readLog('t', 0)
  expect(batches.map(batch => batch.baseOffset)).toEqual([0, 2, 4, 6, 8, 10, 12])
  expect(batches.every(batch => hasValidChecksum(batch.bytes))).toBe(true)
})

test('every version of Fetch gives the bytes that were produced', async () => {
  await using context = await setUp()
  const { client } = context
  const batch = batchOf(['a', 'b'])
  await client.produce('t', Buffer.from(batch))
  for (let version = 4; version <= 12; version++) {
    const answer = await client.fetch('t', 1, { version })
    expect(answer).toMatchObject({ errorCode: 0, highWatermark: 2, lastStableOffset: 2 })
    expect(answer.records[0]!.subarray(21)).toEqual(batch.subarray(21))
  }
})

test('sequence numbers: duplicates keep their offset, gaps read 45, old epochs 47', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const producer = await client.init(null)
  const send = (sequence: number, count = 2, epoch = 0) => {
    const values = Array.from({ length: count }, () => 'v')
    return client.produce('t', batchOf(values, { producer: { ...producer, producerEpoch: epoch }, sequence }))
  }
  for (let sequence = 0; sequence < 14; sequence += 2)
    expect((await send(sequence)).baseOffset).toBe(sequence)
  expect(await send(12)).toMatchObject({ errorCode: 0, baseOffset: 12 })
  expect(await send(4)).toMatchObject({ errorCode: 0, baseOffset: 4 })
  expect((await send(2)).errorCode).toBe(45)
  expect((await send(16)).errorCode).toBe(45)
  expect((await send(12, 1)).errorCode).toBe(45)
  expect(broker.describeLog('t', 0).endOffset).toBe(14)
  expect((await send(1, 2, 1)).errorCode).toBe(45)
  expect(await send(0, 2, 1)).toMatchObject({ errorCode: 0, baseOffset: 14 })
  expect((await send(14)).errorCode).toBe(47)
})

test('sequence numbers go on with 0 after 2^31 - 1; an unknown producer may start anywhere', async () => {
  await using context = await setUp()
  const { client } = context
  const producer = await client.init(null)
  const send = (sequence: number) => client.produce('t', batchOf(['a', 'b', 'c'], { producer, sequence }))
  expect((await send(2147483646)).errorCode).toBe(0)
  expect((await send(2)).errorCode).toBe(45)
  expect((await send(1)).errorCode).toBe(0)
  expect((await send(4)).errorCode).toBe(0)
})

test('what is refused: damage 2, size 10, acks 21, unknown topic 3, old formats and several batches 87', async () => {
  await using context = await setUp({ topics: [{ name: 't', configs: { 'max.message.bytes': '200' } }] })
  const { client, broker } = context
  const damaged = batchOf(['value'])
  damaged[damaged.length - 2]! ^= 1
  expect((await client.produce('t', damaged)).errorCode).toBe(2)
  const old = batchOf(['value'])
  old[16] = 1
  expect((await client.produce('t', old)).errorCode).toBe(87)
  expect((await client.produce('t', Buffer.concat([batchOf(['a']), batchOf(['b'])]))).errorCode).toBe(87)
  expect((await client.produce('t', Buffer.alloc(0))).errorCode).toBe(87)
  expect((await client.produce('t', batchOf(['x'.repeat(150)]))).errorCode).toBe(10)
  expect((await client.produce('t', batchOf(['x']), { acks: 2 })).errorCode).toBe(21)
  expect((await client.produce('none', batchOf(['x']))).errorCode).toBe(3)
  expect((await client.produce('t', batchOf(['x']), { partition: 1 })).errorCode).toBe(3)
  expect(broker.describeLog('t', 0).endOffset).toBe(0)
  await expect(client.produce('t', batchOf(['x']), { version: 3, acks: 0, partition: 1 })).rejects.toThrow(
    'closed',
  )
})

test('acks 0 is not answered, and what follows it on the connection is', async () => {
  await using context = await setUp()
  const { client, broker } = context
  const unanswered = client.produce('t', batchOf(['x']), { acks: 0 })
  unanswered.catch(() => {})
  expect((await client.produce('t', batchOf(['y']))).baseOffset).toBe(1)
  expect(broker.describeLog('t', 0).endOffset).toBe(2)
})

test('Produce before version 3, unknown versions and unknown APIs close the connection', async () => {
  await using context = await setUp()
  await expect(context.client.produce('t', batchOf(['x']), { version: 2 })).rejects.toThrow('closed')
  for (const [key, version] of [
    [1, 3],
    [1, 13],
    [9999, 0],
  ] as const) {
    using client = await WireClient.connect(context.broker.brokers[0]!)
    const odd = { ...metadata, key }
    await expect(
      client.send(odd, version, {
        topics: null,
        allowAutoTopicCreation: true,
        includeClusterOperations: false,
        includeTopicOperations: false,
      }),
    ).rejects.toThrow('closed')
  }
})

test('a fetch is cut at max bytes, but its first batch is whole', async () => {
  await using context = await setUp()
  const { client } = context
  const size = batchOf(['x'.repeat(100)]).length
  for (let i = 0; i < 5; i++) await client.produce('t', batchOf(['x'.repeat(100)]))
  expect(sizeOf((await client.fetch('t', 0, { maxBytes: 1 })).records)).toBe(size)
  expect(sizeOf((await client.fetch('t', 0, { maxBytes: size * 2 })).records)).toBe(size * 2)
  expect(sizeOf((await client.fetch('t', 0, { maxBytes: size * 2 + 10 })).records)).toBe(size * 2 + 10)
  expect(sizeOf((await client.fetch('t', 3, { maxBytes: size * 9 })).records)).toBe(size * 2)
})

test('a fetch outside the log reads 1', async () => {
  await using context = await setUp()
  const { client, broker } = context
  await client.produce('t', batchOf(['a', 'b', 'c']))
  await client.produce('t', batchOf(['d']))
  expect(await client.fetch('t', 5)).toMatchObject({ errorCode: 1, highWatermark: -1 })
  expect(await client.fetch('t', 4, { maxWaitMs: 0 })).toMatchObject({ errorCode: 0 })
  broker.deleteRecordsBefore('t', 0, 3)
  expect(await client.fetch('t', 0)).toMatchObject({ errorCode: 1, logStartOffset: -1 })
  expect((await client.fetch('none', 0)).errorCode).toBe(3)
})

test('a long poll ends with the append, the marker or the leader change it waits for', async () => {
  await using context = await setUp({ numBrokers: 2 })
  const { client, broker } = context
  const leader = broker.leaderOf('t', 0)
  broker.moveLeader('t', 0, 1)
  expect(leader).toBe(1)
  using writer = await WireClient.connect(broker.brokers[0]!)
  const size = batchOf(['a']).length
  const waiting = client.fetch('t', 0, { maxWaitMs: 60_000, minBytes: size * 2 })
  await writer.produce('t', batchOf(['a']))
  await writer.produce('t', batchOf(['b']))
  expect(sizeOf((await waiting).records)).toBe(size * 2)

  broker.moveCoordinator('transaction', 'tx', 1)
  const producer = await writer.init('tx')
  await writer.addPartitions('tx', producer, 't')
  await writer.produce('t', batchOf(['c'], { producer, isTransactional: true }), { transactionalId: 'tx' })
  const committed = client.fetch('t', 2, { maxWaitMs: 60_000, isolationLevel: 1 })
  await writer.end('tx', producer)
  expect(sizeOf((await committed).records)).toBeGreaterThan(size)

  const moved = client.fetch('t', 4, { maxWaitMs: 60_000 })
  expect((await writer.fetch('t', 4)).errorCode).toBe(0)
  broker.moveLeader('t', 0, 2)
  expect((await moved).errorCode).toBe(6)
})

test('a long poll that gets nothing answers when its time is over', async () => {
  await using context = await setUp()
  const answer = await context.client.fetch('t', 0, { maxWaitMs: 20 })
  expect(answer).toMatchObject({ errorCode: 0, highWatermark: 0 })
})

test('a moved leader: 6 from the old one, 74 and 75 for other epochs, the new one goes on', async () => {
  await using context = await setUp({ numBrokers: 2 })
  const { client, broker } = context
  await client.produce('t', batchOf(['a']))
  broker.moveLeader('t', 0, 2)
  expect((await client.produce('t', batchOf(['b']))).errorCode).toBe(6)
  expect((await client.fetch('t', 0)).errorCode).toBe(6)
  using other = await WireClient.connect(broker.brokers[1]!)
  expect(await other.produce('t', batchOf(['b']))).toMatchObject({ errorCode: 0, baseOffset: 1 })
  expect((await other.fetch('t', 0, { leaderEpoch: 0 })).errorCode).toBe(74)
  expect((await other.fetch('t', 0, { leaderEpoch: 1 })).errorCode).toBe(0)
  expect((await other.fetch('t', 0, { leaderEpoch: 2 })).errorCode).toBe(75)
  const epochs = await other.send(offsetForLeaderEpoch, 4, {
    replicaId: -1,
    topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: 1, leaderEpoch: 0 }] }],
  })
  expect(epochs.topics[0]!.partitions[0]).toMatchObject({ leaderEpoch: 0, endOffset: 1 })
})

test('ListOffsets: latest is the last stable offset for read_committed', async () => {
  await using context = await setUp()
  const { client } = context
  await client.produce('t', batchOf(['a']))
  const producer = await client.init('tx')
  await client.addPartitions('tx', producer, 't')
  await client.produce('t', batchOf(['b'], { producer, isTransactional: true }), { transactionalId: 'tx' })
  const latest = async (isolationLevel: number, version: number) => {
    const topics = [{ name: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, timestamp: -1 }] }]
    return (await client.send(listOffsets, version, { replicaId: -1, isolationLevel, topics })).topics[0]!
      .partitions[0]!.offset
  }
  for (let version = 2; version <= 7; version++) {
    expect([await latest(1, version), await latest(0, version)]).toEqual([1, 2])
  }
})

test('Metadata in every version: all topics, auto-creation, topic ids', async () => {
  await using context = await setUp({ numBrokers: 3, defaultPartitions: 2 })
  const { client } = context
  const ask = (version: number, names: readonly string[] | null, mayCreate = true) =>
    client.send(metadata, version, {
      topics: names?.map(name => ({ topicId: '0'.repeat(32), name })) ?? null,
      allowAutoTopicCreation: mayCreate,
      includeClusterOperations: false,
      includeTopicOperations: false,
    })
  for (let version = 1; version <= 12; version++) {
    const all = await ask(version, null)
    expect(all.brokers.map(node => node.nodeId)).toEqual([1, 2, 3])
    expect(all.topics.map(topic => topic.name)).toEqual(['t'])
  }
  expect((await ask(0, [])).topics.map(topic => topic.name)).toEqual(['t'])
  expect((await ask(12, ['new'], false)).topics[0]).toMatchObject({ errorCode: 3 })
  expect((await ask(12, ['bad name'])).topics[0]).toMatchObject({ errorCode: 17 })
  const made = (await ask(12, ['new'])).topics[0]!
  expect(made.partitions).toHaveLength(2)
  context.broker.deleteTopic('new')
  expect((await ask(12, ['new'])).topics[0]!.topicId).not.toBe(made.topicId)
})
