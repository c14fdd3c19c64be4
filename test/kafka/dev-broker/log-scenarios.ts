/** Produce, Fetch, offsets by time. */
import { gzipSync } from 'node:zlib'
import { batchHeaderSize, encodeBatch } from '../../../src/dev-broker/log/record-batch.ts'
import { deleteRecords } from '../../../src/dev-broker/protocol/delete-records.ts'
import { listOffsets } from '../../../src/dev-broker/protocol/list-offsets.ts'
import { batchOf } from '../../broker/dev-broker/batches.ts'
import { until } from '../../broker/dev-broker/until.ts'
import { create, init, open, type Scenario, settled, sizes } from './stage.ts'

const sequences: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const producer = await client.init(null)
  const send = async (sequence: number, count = 2, epoch = 0) => {
    const values = Array.from({ length: count }, () => 'v')
    const answer = await client.produce(
      name,
      batchOf(values, { producer: { ...producer, producerEpoch: epoch }, sequence }),
    )
    say(`sequence ${sequence}, ${count} records, epoch ${epoch}`, [answer.errorCode, answer.baseOffset])
  }
  for (let sequence = 0; sequence < 14; sequence += 2) await send(sequence)
  await send(12)
  await send(4)
  await send(2)
  await send(0)
  await send(16)
  await send(12, 1)
  await send(1, 2, 1)
  await send(0, 2, 1)
  await send(14)
  await send(2, 2, 1)
  const next = await client.init(null)
  const start = batchOf(['a', 'b', 'c'], { producer: next, sequence: 2147483646 })
  say('wrapping', (await client.produce(name, start)).errorCode)
  say('wrapped', (await client.produce(name, batchOf(['d'], { producer: next, sequence: 1 }))).errorCode)
}

const refusedBatches: Scenario = async ({ client, say, name }) => {
  await create(client, name, 1, { 'max.message.bytes': '200' })
  const code = async (batch: Buffer, options = {}) => (await client.produce(name, batch, options)).errorCode
  const damaged = batchOf(['value'])
  damaged[damaged.length - 2]! ^= 1
  say('damaged', await code(damaged))
  say('too large', await code(batchOf(['x'.repeat(150)])))
  say('acks 2', await code(batchOf(['x']), { acks: 2 }))
  say('unknown partition', await code(batchOf(['x']), { partition: 7 }))
  say('unknown topic', (await client.produce(`${name}-none`, batchOf(['x']))).errorCode)
  const control = { timestamp: 1, producerId: 1, producerEpoch: 0, baseSequence: 0, recordCount: 1 }
  const record = batchOf(['x']).subarray(batchHeaderSize)
  say(
    'control batch',
    await code(encodeBatch({ ...control, attributes: 0x30, records: record }), { transactionalId: name }),
  )
  say('two plain batches', await code(Buffer.concat([batchOf(['a']), batchOf(['b'])])))
  const producer = await client.init(null)
  const pair = [batchOf(['a'], { producer }), batchOf(['b'], { producer, sequence: 1 })]
  say('two idempotent batches', await code(Buffer.concat(pair)))
  say('nothing', await code(Buffer.alloc(0)))
  const logged = await client.fetch(name, 0)
  say('end', logged.highWatermark)
}

const fetching: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const size = batchOf(['x'.repeat(100), 'y']).length
  for (let i = 0; i < 5; i++) await client.produce(name, batchOf(['x'.repeat(100), 'y']))
  for (const [offset, maxBytes] of [
    [0, 1],
    [0, size * 2],
    [0, size * 2 + 10],
    [3, size],
    [7, 1 << 20],
    [10, 100],
  ] as const) {
    const answer = await client.fetch(name, offset, { maxBytes })
    say(`from ${offset}, ${maxBytes} bytes`, { ...answer, records: sizes(answer.records) })
  }
  for (const offset of [-1, 11]) say(`from ${offset}`, await client.fetch(name, offset))
  say('unknown topic', await client.fetch(`${name}-none`, 0))
  say('unknown partition', await client.fetch(name, 0, { partition: 5 }))
  say('old leader epoch', (await client.fetch(name, 0, { leaderEpoch: 99 })).errorCode)
  const deleted = await client.send(deleteRecords, 1, {
    topics: [
      {
        name,
        partitions: [
          { partition: 0, offset: 3 },
          { partition: 4, offset: 0 },
        ],
      },
    ],
    timeoutMs: 5000,
  })
  say(
    'deleted',
    deleted.topics[0]!.partitions.toSorted((a, b) => a.partition - b.partition),
  )
  say('before the start', await client.fetch(name, 2))
  const beyond = { topics: [{ name, partitions: [{ partition: 0, offset: 99 }] }], timeoutMs: 5000 }
  say('deleted beyond the end', (await client.send(deleteRecords, 1, beyond)).topics)
}

const abortedLists: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const id = (letter: string) => `${name}-${letter}`
  const a = await open(client, id('a'), name)
  await client.produce(name, batchOf(['plain']))
  const b = await open(client, id('b'), name)
  const c = await open(client, id('c'), name)
  await client.end(id('b'), b, false)
  await settled(client, id('b'), b, false)
  const told = (list: readonly { producerId: number; firstOffset: number }[] | null) =>
    list?.map(
      each =>
        `${each.producerId === a.producerId ? 'a' : each.producerId === b.producerId ? 'b' : 'c'} ${each.firstOffset}`,
    )
  const look = async (what: string, offset: number, isolationLevel: 0 | 1) => {
    const answer = await client.fetch(name, offset, { isolationLevel })
    say(what, {
      ...answer,
      abortedTransactions: told(answer.abortedTransactions),
      records: sizes(answer.records),
    })
  }
  await look('a open', 0, 1)
  await client.end(id('c'), c, true)
  await settled(client, id('c'), c, true)
  await client.end(id('a'), a, false)
  await settled(client, id('a'), a, false)
  const again = await open(client, id('a'), name)
  await client.end(id('a'), again, false)
  await settled(client, id('a'), again, false)
  for (const offset of [0, 1, 2, 4, 8, 9, 10, 13]) await look(`from ${offset}`, offset, 1)
  await look('uncommitted', 0, 0)
  const limited = await client.fetch(name, 0, { isolationLevel: 1, maxBytes: 1 })
  say('first batch only', [told(limited.abortedTransactions), sizes(limited.records)])
  const all = Buffer.concat([...(await client.fetch(name, 0)).records])
  const controls: string[] = []
  for (let at = 0; at < all.length; at += 12 + all.readInt32BE(at + 8)) {
    if ((all.readInt16BE(at + 21) & 0x20) !== 0)
      controls.push(all.subarray(at + 61, at + 12 + all.readInt32BE(at + 8)).toString('hex'))
  }
  say('control records', controls)
}

const offsetsByTime: Scenario = async ({ client, say, name }) => {
  await create(client, name, 1, { 'retention.ms': '-1' })
  const stamped = (timestamp: number, values: readonly string[], compression: number) => {
    const records = batchOf(values).subarray(batchHeaderSize)
    const body = compression === 1 ? gzipSync(records) : records
    const plain = {
      timestamp,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      recordCount: values.length,
    }
    return encodeBatch({ ...plain, attributes: compression, records: body })
  }
  await client.produce(name, stamped(1000, ['a', 'b'], 0))
  await client.produce(name, stamped(3000, ['c', 'd'], 1))
  await client.produce(name, stamped(2000, ['e'], 0))
  const producer = await init(client, name)
  await until(async () => (await client.addPartitions(name, producer, name))[0] === 0)
  const last = batchOf(['open'], { producer, isTransactional: true, timestamp: 4000 })
  await client.produce(name, last, { transactionalId: name })
  for (const timestamp of [-1, -2, -3, 0, 1000, 1001, 2500, 3000, 3001, 4000, 4001]) {
    for (const isolationLevel of [0, 1]) {
      const topics = [{ name, partitions: [{ partition: 0, currentLeaderEpoch: -1, timestamp }] }]
      const answer = await client.send(listOffsets, 7, { replicaId: -1, isolationLevel, topics })
      say(`${timestamp} isolation ${isolationLevel}`, answer.topics[0]!.partitions[0])
    }
  }
}

export const logScenarios: Readonly<Record<string, Scenario>> = {
  sequences,
  refusedBatches,
  fetching,
  abortedLists,
  offsetsByTime,
}
