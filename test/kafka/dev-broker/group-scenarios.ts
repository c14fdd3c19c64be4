import { createPartitions } from '../../../src/dev-broker/protocol/create-partitions.ts'
import { deleteGroups } from '../../../src/dev-broker/protocol/delete-groups.ts'
import { deleteTopics } from '../../../src/dev-broker/protocol/delete-topics.ts'
import { describeGroups } from '../../../src/dev-broker/protocol/describe-groups.ts'
import { findCoordinator } from '../../../src/dev-broker/protocol/find-coordinator.ts'
import { heartbeat } from '../../../src/dev-broker/protocol/heartbeat.ts'
import { joinGroup } from '../../../src/dev-broker/protocol/join-group.ts'
import { leaveGroup } from '../../../src/dev-broker/protocol/leave-group.ts'
import { metadata } from '../../../src/dev-broker/protocol/metadata.ts'
import { offsetCommit } from '../../../src/dev-broker/protocol/offset-commit.ts'
import { offsetDelete } from '../../../src/dev-broker/protocol/offset-delete.ts'
import { syncGroup } from '../../../src/dev-broker/protocol/sync-group.ts'
import { until } from '../../broker/dev-broker/until.ts'
import { coordinated, create, type Scenario, zeroId } from './stage.ts'

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

export const groupScenarios: Readonly<Record<string, Scenario>> = { groups, topics, coordinators }
