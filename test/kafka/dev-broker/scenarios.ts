/**
 * Conversations with a broker whose transcripts must be the same on Apache Kafka and on the dev broker. Each scenario has its own topics,
 * groups and ids (all begin with its name), so that one broker can play them all. Producer ids are written relative to the first one seen.
 */
import { gzipSync } from 'node:zlib'
import { batchHeaderSize, encodeBatch } from '../../../src/dev-broker/log/record-batch.ts'
import { createPartitions } from '../../../src/dev-broker/protocol/create-partitions.ts'
import { deleteGroups } from '../../../src/dev-broker/protocol/delete-groups.ts'
import { deleteRecords } from '../../../src/dev-broker/protocol/delete-records.ts'
import { deleteTopics } from '../../../src/dev-broker/protocol/delete-topics.ts'
import { describeGroups } from '../../../src/dev-broker/protocol/describe-groups.ts'
import { describeTransactions } from '../../../src/dev-broker/protocol/describe-transactions.ts'
import { findCoordinator } from '../../../src/dev-broker/protocol/find-coordinator.ts'
import { heartbeat } from '../../../src/dev-broker/protocol/heartbeat.ts'
import { initProducerId } from '../../../src/dev-broker/protocol/init-producer-id.ts'
import { joinGroup } from '../../../src/dev-broker/protocol/join-group.ts'
import { leaveGroup } from '../../../src/dev-broker/protocol/leave-group.ts'
import { listOffsets } from '../../../src/dev-broker/protocol/list-offsets.ts'
import { metadata } from '../../../src/dev-broker/protocol/metadata.ts'
import { offsetCommit } from '../../../src/dev-broker/protocol/offset-commit.ts'
import { offsetDelete } from '../../../src/dev-broker/protocol/offset-delete.ts'
import { offsetFetch } from '../../../src/dev-broker/protocol/offset-fetch.ts'
import { syncGroup } from '../../../src/dev-broker/protocol/sync-group.ts'
import { batchOf } from '../../broker/dev-broker/batches.ts'
import { until } from '../../broker/dev-broker/until.ts'
import { type Producer, WireClient } from '../../broker/dev-broker/wire-client.ts'
import { about, coordinated, create, init, open, type Scenario, settled, sizes, zeroId } from './stage.ts'
import { versionScenarios } from './version-scenarios.ts'

const endTxn: Scenario = async ({ client, say, name }) => {
  const [id, topic] = [name, name]
  await create(client, topic)
  const first = await open(client, id, topic)
  say('low epoch', await client.end(id, { ...first, producerEpoch: first.producerEpoch - 1 }))
  say('high epoch', await client.end(id, { ...first, producerEpoch: first.producerEpoch + 1 }))
  say('high epoch v3', await client.end(id, { ...first, producerEpoch: first.producerEpoch + 1 }, true, 3))
  say('wrong pid', await client.end(id, { ...first, producerId: 1 }))
  say('unknown id', await client.end(`${id}-unknown`, first))
  say('commit', await client.end(id, first))
  await settled(client, id, first, true)
  say('commit again', await client.end(id, first))
  say('abort after commit', await client.end(id, first, false))
  const second = await init(client, id)
  say('nothing added', await client.end(id, second))
  say('old triple, empty', await client.end(id, first))
  const third = await open(client, id, topic)
  say('old triple, open', await client.end(id, second))
  say('abort', await client.end(id, third, false))
  await settled(client, id, third, false)
  say('commit after abort', await client.end(id, third))
  say('abort again', await client.end(id, third, false))
  say('same epoch reused: add', await client.addPartitions(id, third, topic))
  say('same epoch reused: commit', await client.end(id, third))
  await settled(client, id, third, true)
  const fourth = await open(client, id, topic)
  say('fenced while open', (await client.init(id)).errorCode)
  say('its commit', await client.end(id, fourth))
  const fifth = await init(client, id)
  say('epochs', fifth.producerEpoch - fourth.producerEpoch)
  const log = await client.fetch(topic, 0, { isolationLevel: 1 })
  say('log', {
    ...log,
    records: sizes(log.records),
    abortedTransactions: log.abortedTransactions?.map(each => each.firstOffset),
  })
}

const initProducer: Scenario = async ({ client, say, name }) => {
  const shape = (answer: { errorCode: number; producerEpoch: number }) => [
    answer.errorCode,
    answer.producerEpoch,
  ]
  const first = await init(client, name)
  say('first', shape(first))
  say('unconditional', shape(await init(client, name)))
  say('one behind an unconditional bump', shape(await init(client, name, first)))
  say('v3', shape(await init(client, name, first, 3)))
  const third = await init(client, name, { ...first, producerEpoch: 1 })
  say('current epoch', shape(third))
  say('one behind a conditional bump', shape(await init(client, name, { ...first, producerEpoch: 1 })))
  say('two behind', shape(await init(client, name, first)))
  say('foreign pid', shape(await init(client, name, { producerId: first.producerId + 1, producerEpoch: 2 })))
  say('ahead', shape(await init(client, name, { ...first, producerEpoch: 9 })))
  say('unknown to the broker', shape(await init(client, `${name}-unknown`, { ...first, producerEpoch: 12 })))
  const odd = { transactionalId: name, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }
  say(
    'timeout too long',
    shape(await client.send(initProducerId, 4, { ...odd, transactionTimeoutMs: 900_001 })),
  )
  say('timeout zero', shape(await client.send(initProducerId, 4, { ...odd, transactionTimeoutMs: 0 })))
  say('timeout negative', shape(await client.send(initProducerId, 4, { ...odd, transactionTimeoutMs: -1 })))
  say('empty id', shape(await client.send(initProducerId, 4, { ...odd, transactionalId: '' })))
  say('pid without epoch', shape(await client.send(initProducerId, 4, { ...odd, producerId: 5 })))
  say('epoch without pid', shape(await client.send(initProducerId, 4, { ...odd, producerEpoch: 5 })))
  say('no id', shape(await client.init(null)))
}

const initWhileOpen: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const stale = await init(client, name)
  const owner = await open(client, name, name)
  const answers = new Set<number>()
  let last = 0
  do answers.add((last = (await client.init(name, stale)).errorCode))
  while (last === 51)
  say('stale caller', [...answers])
  await settled(client, name, { ...owner, producerEpoch: owner.producerEpoch + 1 }, false)
  say('owner', await client.end(name, owner))
  const log = await client.fetch(name, 0, { isolationLevel: 1 })
  say(
    'aborted',
    log.abortedTransactions?.map(each => each.firstOffset),
  )
}

const add: Scenario = async ({ client, say, name }) => {
  await create(client, name, 2)
  const producer = await init(client, name)
  say('unknown partition beside a known one', await client.addPartitions(name, producer, name, [1, 9]))
  say('unknown topic', await client.addPartitions(name, producer, `${name}-none`))
  say('unknown id', await client.addPartitions(`${name}-none`, producer, name))
  say('wrong pid', await client.addPartitions(name, { ...producer, producerId: 1 }, name))
  say('dead epoch v1', await client.addPartitions(name, { ...producer, producerEpoch: 7 }, name))
  say('dead epoch v3', await client.addPartitions(name, { ...producer, producerEpoch: 7 }, name, [0], 3))
  say('offsets, dead epoch v1', await client.addOffsets(name, { ...producer, producerEpoch: 7 }, name))
  say('offsets, dead epoch v3', await client.addOffsets(name, { ...producer, producerEpoch: 7 }, name, 3))
  say('offsets, empty group', await client.addOffsets(name, producer, ''))
  say('known', await client.addPartitions(name, producer, name))
  say('known again', await client.addPartitions(name, producer, name))
  const described = await client.send(describeTransactions, 0, { transactionalIds: [name, `${name}-none`] })
  say(
    'described',
    described.transactions.map(({ errorCode, state, timeoutMs, topics, producerEpoch }) => ({
      errorCode,
      state,
      timeoutMs,
      topics,
      producerEpoch,
    })),
  )
  const batch = batchOf(['a'], { producer, isTransactional: true })
  say(
    'produce to the partition that was not added',
    (await client.produce(name, batch, { transactionalId: name, partition: 1 })).errorCode,
  )
  say('produce', (await client.produce(name, batch, { transactionalId: name })).errorCode)
  const plain = batchOf(['b'], { producer, sequence: 1 })
  say('produce outside the transaction', (await client.produce(name, plain)).errorCode)
  const dead = batchOf(['c'], {
    producer: { ...producer, producerEpoch: -0 },
    sequence: 1,
    isTransactional: true,
  })
  say('produce on', (await client.produce(name, dead, { transactionalId: name })).errorCode)
  await client.end(name, producer)
  await settled(client, name, producer, true)
  const late = batchOf(['d'], { producer, sequence: 2, isTransactional: true })
  say('produce after the commit', (await client.produce(name, late, { transactionalId: name })).errorCode)
}

const fencedProduce: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const dead = await open(client, name, name)
  await init(client, name)
  const batch = batchOf(['late'], { producer: dead, sequence: 2, isTransactional: true })
  say('produce', (await client.produce(name, batch, { transactionalId: name })).errorCode)
  say('add', await client.addPartitions(name, dead, name))
  say(
    'witness',
    await coordinated(
      () => client.commitInTxn(name, dead, name, { topic: name, offset: 1 }),
      code => code,
    ),
  )
}

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

const witness: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const committed = async (version: 4 | 7) =>
    await coordinated(
      () => client.committed(name, name, version),
      answer => answer.errorCode,
    )
  const both = async (what: string) => say(what, [await committed(4), await committed(7)])
  const write = async (id: string, offset: number) => {
    const producer = await init(client, id)
    await until(async () => (await client.addOffsets(id, producer, name)) === 0)
    const place = { topic: name, offset, metadata: `l${offset}` }
    say(
      `write ${offset}`,
      await coordinated(
        () => client.commitInTxn(id, producer, name, place),
        code => code,
      ),
    )
    return producer
  }
  const finish = async (id: string, producer: Producer, isCommit: boolean) => {
    say(`end ${isCommit}`, await client.end(id, producer, isCommit))
    await settled(client, id, producer, isCommit)
    await until(async () => (await client.committed(name, name, 7)).errorCode !== 88)
  }
  await both('never written')
  const first = await write(name, 110)
  await both('pending, nothing before')
  await finish(name, first, true)
  await both('committed')
  const second = await write(name, 111)
  await both('pending')
  await finish(name, second, false)
  await both('aborted')
  const third = await write(name, 112)
  const plain = { groupId: name, generationId: -1, memberId: '', groupInstanceId: null, retentionTimeMs: -1 }
  const partitions = [{ partition: 0, offset: 500, leaderEpoch: -1, commitTimestamp: -1, metadata: 'plain' }]
  say(
    'plain commit between',
    (await client.send(offsetCommit, 7, { ...plain, topics: [{ name, partitions }] })).topics,
  )
  await finish(name, third, true)
  await both('hidden by the plain commit')
  const [early, late] = [await write(`${name}-1`, 113), await write(`${name}-2`, 114)]
  say('later one first', await client.end(`${name}-2`, late))
  await settled(client, `${name}-2`, late, true)
  await finish(`${name}-1`, early, true)
  await both('committed in the other order')
  const unadded = await init(client, `${name}-3`)
  const without = () => client.commitInTxn(`${name}-3`, unadded, name, { topic: name, offset: 1 })
  say('without AddOffsetsToTxn', await coordinated(without, code => code))
  await client.addOffsets(`${name}-3`, unadded, name)
  say(
    'unknown topic',
    await client.commitInTxn(`${name}-3`, unadded, name, { topic: `${name}-none`, offset: 1 }),
  )
  const metadata = 'm'.repeat(4097)
  say(
    'long metadata',
    await client.commitInTxn(`${name}-3`, unadded, name, { topic: name, offset: 1, metadata }),
  )
  const all = await client.send(offsetFetch, 5, { groupId: name, topics: null, requireStable: false })
  say('all topics', all.topics)
  say(
    'unknown group',
    await client.send(offsetFetch, 5, { groupId: `${name}-none`, topics: null, requireStable: false }),
  )
}

const groups: Scenario = async ({ client, other, say, name }) => {
  await create(client, name)
  const identity = { groupId: name, groupInstanceId: null }
  const join = (memberId: string, by = client, metadata = 'm') =>
    coordinated(
      () =>
        by.send(joinGroup, 5, {
          ...identity,
          memberId,
          sessionTimeoutMs: 10_000,
          rebalanceTimeoutMs: 10_000,
          protocolType: 'consumer',
          protocols: [{ name: 'range', metadata: Buffer.from(metadata) }],
          reason: null,
        }),
      answer => answer.errorCode,
    )
  const sync = (
    memberId: string,
    generationId: number,
    assignments: readonly { memberId: string; assignment: Buffer }[],
    by = client,
  ) =>
    by.send(syncGroup, 3, {
      ...identity,
      memberId,
      generationId,
      protocolType: null,
      protocolName: null,
      assignments,
    })
  const beat = async (memberId: string, generationId: number) =>
    (await client.send(heartbeat, 3, { ...identity, memberId, generationId })).errorCode
  const commit = async (memberId: string, generationId: number) => {
    const partitions = [{ partition: 0, offset: 5, leaderEpoch: -1, commitTimestamp: -1, metadata: null }]
    const topics = [
      { name, partitions },
      { name: `${name}-none`, partitions },
    ]
    const answer = await client.send(offsetCommit, 7, {
      ...identity,
      memberId,
      generationId,
      retentionTimeMs: -1,
      topics,
    })
    return topics.map(
      ({ name: topic }) => answer.topics.find(each => each.name === topic)!.partitions[0]!.errorCode,
    )
  }
  const state = async () => {
    const answer = await client.send(describeGroups, 4, { groupIds: [name], includeOperations: false })
    const { errorCode, state, protocolType, protocol, members } = answer.groups[0]!
    return {
      errorCode,
      state,
      protocolType,
      protocol,
      members: members.map(each => [each.metadata.toString(), each.assignment.toString()]),
    }
  }
  const shape = ({
    errorCode,
    generationId,
    protocolName,
    members,
    leader,
    memberId,
  }: Awaited<ReturnType<typeof join>>) => ({
    errorCode,
    generationId,
    protocolName,
    members: members.length,
    isLeader: leader === memberId,
  })
  say(
    'heartbeat of nobody',
    await coordinated(
      () => beat('nobody', 1),
      code => code,
    ),
  )
  say('commit of a stranger', await commit('', -1))
  say('commit of a stranger with a generation', await commit('stranger', 1))
  say('state', await state())
  say('join as a stranger', shape(await join('stranger')))
  const named = await join('')
  say('join without id', shape(named))
  const a = named.memberId
  const joined = await join(a)
  say('join', shape(joined))
  say('heartbeat before the sync', await beat(a, 1))
  say('sync of another generation', (await sync(a, 7, [])).errorCode)
  say('sync', (await sync(a, 1, [{ memberId: a, assignment: Buffer.from('all') }])).assignment.toString())
  say('state', await state())
  say('heartbeat', await beat(a, 1))
  say('heartbeat of another generation', await beat(a, 2))
  say('commit of a member', await commit(a, 1))
  say('commit of another generation', await commit(a, 2))
  say('commit of a stranger', await commit('', -1))
  const unknownTopic = { groupId: name, topics: [{ name, partitions: [{ partition: 0 }] }] }
  say(
    'delete',
    (await client.send(deleteGroups, 1, { groupIds: [name, `${name}-none`] })).results
      .map(each => each.errorCode)
      .toSorted(),
  )
  const b = (await join('', other)).memberId
  const second = join(b, other)
  await until(async () => (await beat(a, 1)) === 27)
  say('commit while rebalancing', await commit(a, 1))
  say('sync while rebalancing', (await sync(a, 1, [])).errorCode)
  say('join again', shape(await join(a)))
  say('second member', shape(await second))
  const assignments = [a, b].map(memberId => ({
    memberId,
    assignment: Buffer.from(memberId === a ? 'for a' : 'for b'),
  }))
  const waiting = sync(b, 2, [], other)
  say('commit before the sync', await commit(a, 2))
  say('sync of the leader', (await sync(a, 2, assignments)).assignment.toString())
  say('sync of the member', (await waiting).assignment.toString())
  say('join of a follower that changed nothing', shape(await join(b, other)))
  const leave = async (memberId: string) => {
    const members = [{ memberId, groupInstanceId: null, reason: null }]
    const answer = await client.send(leaveGroup, 3, { groupId: name, memberId: '', members })
    return [answer.errorCode, answer.members.map(each => each.errorCode)]
  }
  say('leave of nobody', await leave('nobody'))
  say('leave', await leave(b))
  say('leave', await leave(a))
  say('state', await state())
  say('offset of an empty group deleted', (await client.send(offsetDelete, 0, unknownTopic)).topics)
  // 3.9 drops a group with its last offset, 4.1 keeps it: the answer to this is not compared.
  await client.send(deleteGroups, 1, { groupIds: [name] })
  say('state', await state())
  say(
    'empty group',
    (
      await client.send(joinGroup, 5, {
        ...identity,
        groupId: '',
        memberId: '',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 1,
        protocolType: 'consumer',
        protocols: [{ name: 'x', metadata: Buffer.alloc(0) }],
        reason: null,
      })
    ).errorCode,
  )
}

const topics: Scenario = async ({ client, say, name }) => {
  say('create', await create(client, name, 2, { 'retention.ms': '-1' }))
  say('again', await create(client, name, 2))
  say('bad name', await create(client, 'bad name'))
  say('no partitions', await create(client, `${name}-0`, 0))
  say('unknown setting', await create(client, `${name}-1`, 1, { 'no.such.setting': '1' }))
  say('bad value', await create(client, `${name}-2`, 1, { 'retention.ms': 'long' }))
  say('bad timestamp type', await create(client, `${name}-3`, 1, { 'message.timestamp.type': 'Odd' }))
  const grow = (topic: string, count: number) => ({ name: topic, count, assignments: null })
  const grown = await client.send(createPartitions, 1, {
    topics: [grow(name, 3), grow(`${name}-none`, 3)],
    timeoutMs: 5000,
    validateOnly: false,
  })
  say('grown', grown.results.map(each => each.errorCode).toSorted())
  const shrunk = await client.send(createPartitions, 1, {
    topics: [grow(name, 2)],
    timeoutMs: 5000,
    validateOnly: false,
  })
  say('shrunk', shrunk.results.map(each => each.errorCode).toSorted())
  const ask = {
    allowAutoTopicCreation: false,
    includeClusterOperations: false,
    includeTopicOperations: false,
  }
  const described = await client.send(metadata, 8, {
    ...ask,
    topics: [name, `${name}-none`, 'bad name'].map(each => ({ topicId: zeroId, name: each })),
  })
  say(
    'metadata',
    described.topics.map(({ errorCode, partitions }) => [errorCode, partitions.length]),
  )
  const byId = await client.send(metadata, 12, { ...ask, topics: [{ topicId: 'ab'.repeat(16), name: null }] })
  say(
    'unknown id',
    byId.topics.map(each => [each.errorCode, each.name]),
  )
  const remove = { topics: [], names: [name, `${name}-none`], timeoutMs: 5000 }
  const removed = (await client.send(deleteTopics, 3, remove)).topics
  say('deleted', removed.map(each => `${each.name} ${each.errorCode}`).toSorted())
}

const timedOut: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const first = await init(client, name)
  const request = { transactionalId: name, transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 }
  const producer = await client.send(initProducerId, 4, request)
  say('epochs', producer.producerEpoch - first.producerEpoch)
  await client.addPartitions(name, producer, name)
  await client.addOffsets(name, producer, name)
  await client.produce(name, batchOf(['a'], { producer, isTransactional: true }), { transactionalId: name })
  await until(
    async () => ((await client.fetch(name, 0, { isolationLevel: 1 })).abortedTransactions ?? []).length > 0,
  )
  say('commit', await client.end(name, producer))
  say('commit v3', await client.end(name, producer, true, 3))
  const described = (await client.send(describeTransactions, 0, { transactionalIds: [name] }))
    .transactions[0]!
  say('state', [described.state, described.producerEpoch - producer.producerEpoch, described.topics])
  const next = await init(client, name)
  say('next epoch', next.producerEpoch - producer.producerEpoch)
}

const deletedTopic: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const producer = await open(client, name, name)
  await until(async () => (await client.addOffsets(name, producer, name)) === 0)
  const place = { topic: name, offset: 7, metadata: 'witness' }
  await coordinated(
    () => client.commitInTxn(name, producer, name, place),
    code => code,
  )
  const remove = async () => {
    const before = (await client.send(metadata, 12, about(name))).topics[0]!.topicId
    await client.send(deleteTopics, 3, { topics: [], names: [name], timeoutMs: 5000 })
    await until(async () => (await client.fetch(name, 0)).errorCode === 3)
    return before
  }
  const before = await remove()
  await create(client, name)
  const topic = (await client.send(metadata, 12, about(name))).topics[0]!
  say('another id', topic.topicId !== before)
  const batch = batchOf(['after'], { producer, sequence: 2, isTransactional: true })
  say('produce on', (await client.produce(name, batch, { transactionalId: name })).errorCode)
  await until(async () => (await client.committed(name, name, 7)).errorCode !== 88)
  say('pending witness', await client.committed(name, name, 7))
  say('commit', await client.end(name, producer))
  await settled(client, name, producer, true)
  say('witness', await client.committed(name, name, 7))
  const log = await client.fetch(name, 0, { isolationLevel: 1 })
  say('log', { ...log, records: sizes(log.records) })
  const second = await open(client, name, name)
  await remove()
  say('commit without a topic', await client.end(name, second))
  await settled(client, name, second, true)
}

const coordinators: Scenario = async ({ client, say, name }) => {
  const find = async (keyType: number, key: string) =>
    await coordinated(
      () => client.send(findCoordinator, 2, { key, keyType, keys: [] }),
      answer => answer.errorCode,
    )
  say('group', (await find(0, name)).nodeId)
  say('transaction', (await find(1, name)).nodeId)
  const batch = await client.send(findCoordinator, 4, { key: '', keyType: 0, keys: [name] })
  say(
    'v4',
    batch.coordinators.map(each => [each.key, each.nodeId, each.errorCode]),
  )
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  coordinators,
  endTxn,
  initProducer,
  initWhileOpen,
  add,
  fencedProduce,
  sequences,
  refusedBatches,
  fetching,
  abortedLists,
  offsetsByTime,
  witness,
  groups,
  topics,
  timedOut,
  deletedTopic,
  ...versionScenarios,
}

/** Plays one scenario; the transcript is one line a fact. */
export async function play(bootstrap: string, name: string): Promise<string[]> {
  const lines: string[] = []
  const say = (what: string, fact: unknown) => lines.push(`${what}: ${JSON.stringify(fact)}`)
  using client = await WireClient.connect(bootstrap)
  using other = await WireClient.connect(bootstrap)
  // Kafka makes the coordinators' topics when it is first asked for them.
  for (const keyType of [0, 1]) {
    await coordinated(
      () => client.send(findCoordinator, 2, { key: name, keyType, keys: [] }),
      answer => answer.errorCode,
    )
  }
  await scenarios[name]!({ client, other, bootstrap, say, name })
  return lines
}
