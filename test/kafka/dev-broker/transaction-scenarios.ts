import { deleteTopics } from '../../../src/dev-broker/protocol/delete-topics.ts'
import { describeTransactions } from '../../../src/dev-broker/protocol/describe-transactions.ts'
import { initProducerId } from '../../../src/dev-broker/protocol/init-producer-id.ts'
import { metadata } from '../../../src/dev-broker/protocol/metadata.ts'
import { offsetCommit } from '../../../src/dev-broker/protocol/offset-commit.ts'
import { offsetFetch } from '../../../src/dev-broker/protocol/offset-fetch.ts'
import { batchOf } from '../../broker/dev-broker/batches.ts'
import { until } from '../../broker/dev-broker/until.ts'
import type { Producer } from '../../broker/dev-broker/wire-client.ts'
import { about, coordinated, create, init, open, type Scenario, settled, sizes } from './stage.ts'

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

const afterFence: Scenario = async ({ client, say, name }) => {
  await create(client, name)
  const shape = (answer: { errorCode: number; producerEpoch: number }) => [
    answer.errorCode,
    answer.producerEpoch,
  ]
  const stale = await init(client, name)
  const owner = await open(client, name, name)
  say('stale caller', shape(await init(client, name, stale)))
  say('owner', shape(await init(client, name, owner)))
  say('owner again', shape(await init(client, name, owner)))
  const next = await open(client, name, name)
  say('next', next.producerEpoch)
  say('own epoch while open', shape(await init(client, name, next)))
  say('unconditional', shape(await init(client, name)))
  const last = await open(client, name, name)
  say('fenced without condition', shape(await client.init(name)))
  say('its owner', shape(await init(client, name, last)))
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
  const describe = async () =>
    (await client.send(describeTransactions, 0, { transactionalIds: [name] })).transactions[0]!
  // The marker of one partition can be out while another's is on its way: PrepareAbort.
  await until(async () => (await describe()).state === 'CompleteAbort')
  const described = await describe()
  say('state', [described.state, described.producerEpoch - producer.producerEpoch, described.topics])
  const next = await init(client, name)
  say('next epoch', next.producerEpoch - producer.producerEpoch)
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

export const transactionScenarios: Readonly<Record<string, Scenario>> = {
  endTxn,
  initProducer,
  initWhileOpen,
  afterFence,
  add,
  fencedProduce,
  timedOut,
  witness,
  deletedTopic,
}
