/**
 * Every version of every API that both brokers speak, asked once: the grammar written down in src/dev-broker/protocol must read Kafka's own
 * bytes to the last one (the client checks that) and give the same facts from both.
 */
import { addOffsetsToTxn } from '../../../src/dev-broker/protocol/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../../src/dev-broker/protocol/add-partitions-to-txn.ts'
import { alterConfigs, incrementalAlterConfigs } from '../../../src/dev-broker/protocol/alter-configs.ts'
import type { Api } from '../../../src/dev-broker/protocol/api.ts'
import { apiVersions } from '../../../src/dev-broker/protocol/api-versions.ts'
import { createPartitions } from '../../../src/dev-broker/protocol/create-partitions.ts'
import { createTopics } from '../../../src/dev-broker/protocol/create-topics.ts'
import { deleteGroups } from '../../../src/dev-broker/protocol/delete-groups.ts'
import { deleteRecords } from '../../../src/dev-broker/protocol/delete-records.ts'
import { deleteTopics } from '../../../src/dev-broker/protocol/delete-topics.ts'
import { describeCluster } from '../../../src/dev-broker/protocol/describe-cluster.ts'
import { describeConfigs } from '../../../src/dev-broker/protocol/describe-configs.ts'
import { describeGroups } from '../../../src/dev-broker/protocol/describe-groups.ts'
import { endTxn } from '../../../src/dev-broker/protocol/end-txn.ts'
import { fetch } from '../../../src/dev-broker/protocol/fetch.ts'
import { findCoordinator } from '../../../src/dev-broker/protocol/find-coordinator.ts'
import { heartbeat } from '../../../src/dev-broker/protocol/heartbeat.ts'
import { initProducerId } from '../../../src/dev-broker/protocol/init-producer-id.ts'
import { joinGroup } from '../../../src/dev-broker/protocol/join-group.ts'
import { leaveGroup } from '../../../src/dev-broker/protocol/leave-group.ts'
import { listGroups } from '../../../src/dev-broker/protocol/list-groups.ts'
import { listOffsets } from '../../../src/dev-broker/protocol/list-offsets.ts'
import { listTransactions } from '../../../src/dev-broker/protocol/list-transactions.ts'
import { metadata } from '../../../src/dev-broker/protocol/metadata.ts'
import { offsetCommit } from '../../../src/dev-broker/protocol/offset-commit.ts'
import { offsetFetch } from '../../../src/dev-broker/protocol/offset-fetch.ts'
import { offsetForLeaderEpoch } from '../../../src/dev-broker/protocol/offset-for-leader-epoch.ts'
import { produce } from '../../../src/dev-broker/protocol/produce.ts'
import { saslHandshake } from '../../../src/dev-broker/protocol/sasl-handshake.ts'
import { syncGroup } from '../../../src/dev-broker/protocol/sync-group.ts'
import { txnOffsetCommit } from '../../../src/dev-broker/protocol/txn-offset-commit.ts'
import { batchOf } from '../../broker/dev-broker/batches.ts'
import { about, coordinated, create, init, type Scenario, type Stage } from './stage.ts'

/** Asks in every common version and notes what `fact` makes of the answer. */
async function inEveryVersion<Request, Response>(
  { client, say }: Stage,
  api: Api<Request, Response>,
  request: (version: number) => Request,
  fact: (answer: Response) => unknown,
): Promise<void> {
  const ranges = (await client.send(apiVersions, 3, { softwareName: 'millrace', softwareVersion: '0' })).apis
  const theirs = ranges.find(range => range.key === api.key)!
  // Produce is advertised from 0 on, but formats before version 3 are gone.
  const first =
    api.key === produce.key ? 3 : Math.max(api.minVersion, theirs.minVersion, oldestCommon[api.name] ?? 0)
  for (let version = first; version <= Math.min(api.maxVersion, theirs.maxVersion); version++) {
    say(`${api.name} v${version}`, fact(await client.send(api, version, request(version))))
  }
}

/** Minimum of Kafka 4.1, so that transcripts of both Kafka versions have the same lines. */
const oldestCommon: Readonly<Record<string, number>> = {
  OffsetCommit: 2,
  CreateTopics: 2,
  DeleteTopics: 1,
  DescribeConfigs: 1,
  JoinGroup: 2,
  OffsetForLeaderEpoch: 2,
}

const everything = <T>(answer: T): T => answer

const records: Scenario = async stage => {
  const { client, name } = stage
  await create(client, name, 1, { 'retention.ms': '-1' })
  const batch = () => batchOf(['a', 'b'], { timestamp: 1000 })
  const write = () => ({
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topics: [{ name, partitions: [{ index: 0, records: batch() }] }],
  })
  await inEveryVersion(stage, produce, write, everything)
  const partition = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset: 2,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    maxBytes: 1e6,
  }
  const read = () => ({
    replicaId: -1,
    maxWaitMs: 10,
    minBytes: 1,
    maxBytes: 1e6,
    isolationLevel: 1,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic: name, partitions: [partition] }],
    forgottenTopics: [],
    rackId: '',
  })
  await inEveryVersion(stage, fetch, read, answer => ({
    ...answer,
    topics: answer.topics.map(topic =>
      topic.partitions.map(each => ({ ...each, records: Buffer.concat(each.records).toString('hex') })),
    ),
  }))
  const lookUp = { partition: 0, currentLeaderEpoch: -1, timestamp: 1000 }
  const byTime = () => ({ replicaId: -1, isolationLevel: 0, topics: [{ name, partitions: [lookUp] }] })
  await inEveryVersion(stage, listOffsets, byTime, everything)
  const epochs = [
    { partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 },
    { partition: 0, currentLeaderEpoch: -1, leaderEpoch: 5 },
  ]
  for (const each of epochs) {
    const ask = () => ({ replicaId: -1, topics: [{ topic: name, partitions: [each] }] })
    await inEveryVersion(stage, offsetForLeaderEpoch, ask, everything)
  }
  const before = () => ({ topics: [{ name, partitions: [{ partition: 0, offset: 2 }] }], timeoutMs: 1000 })
  await inEveryVersion(stage, deleteRecords, before, everything)
}

const cluster: Scenario = async stage => {
  const { client, name } = stage
  const anonymous = ({ brokers }: { readonly brokers: readonly { readonly nodeId: number }[] }) =>
    brokers.map(each => each.nodeId)
  await create(client, name, 2)
  await inEveryVersion(
    stage,
    metadata,
    () => about(name),
    answer => ({
      ...answer,
      brokers: anonymous(answer),
      clusterId: answer.clusterId?.length,
      topics: answer.topics.map(topic => ({
        ...topic,
        topicId: topic.topicId === '0'.repeat(32),
        partitions: topic.partitions.length,
      })),
    }),
  )
  await inEveryVersion(
    stage,
    describeCluster,
    () => ({ includeOperations: false }),
    answer => [answer.errorCode, answer.controllerId, anonymous(answer)],
  )
  for (const keyType of [0, 1, 5]) {
    await coordinated(
      () => client.send(findCoordinator, 2, { key: name, keyType: keyType % 5, keys: [] }),
      answer => answer.errorCode,
    )
    const find = () => ({ key: name, keyType, keys: [name] })
    await inEveryVersion(stage, findCoordinator, find, answer => [
      answer.errorCode,
      answer.nodeId,
      answer.coordinators.map(each => [each.key, each.nodeId, each.errorCode]),
    ])
  }
  const resource = { type: 2, name, keys: ['retention.ms', 'message.timestamp.type'] }
  const configs = (answer: {
    results: readonly {
      errorCode: number
      configs: readonly { name: string; value: string | null; source: number }[]
    }[]
  }) =>
    answer.results.map(each => [
      each.errorCode,
      each.configs.map(config => `${config.name} ${config.value}`).toSorted(),
    ])
  const describe = () => ({
    resources: [resource, { ...resource, name: `${name}-none` }],
    includeSynonyms: false,
    includeDocumentation: false,
  })
  await inEveryVersion(stage, describeConfigs, describe, configs)
  const value = (version: number) => ({
    resources: [{ type: 2, name, configs: [{ name: 'retention.ms', value: String(version + 5000) }] }],
    validateOnly: false,
  })
  await inEveryVersion(stage, alterConfigs, value, answer => answer.results)
  const change = () => ({
    resources: [{ type: 2, name, configs: [{ name: 'retention.ms', operation: 1, value: null }] }],
    validateOnly: false,
  })
  await inEveryVersion(stage, incrementalAlterConfigs, change, answer => answer.results)
  await inEveryVersion(stage, describeConfigs, describe, configs)
  const grow = (version: number) => ({
    topics: [{ name, count: 3 + version, assignments: null }],
    timeoutMs: 5000,
    validateOnly: false,
  })
  await inEveryVersion(stage, createPartitions, grow, everything)
  const fresh = (version: number) => {
    const topic = { numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }
    return {
      topics: [
        { ...topic, name: `${name}-${version}` },
        { ...topic, name },
      ],
      timeoutMs: 5000,
      validateOnly: false,
    }
  }
  await inEveryVersion(stage, createTopics, fresh, answer =>
    answer.topics
      .map(each => `${each.name} ${each.errorCode} ${each.numPartitions} ${each.replicationFactor}`)
      .toSorted(),
  )
  const gone = (version: number) => ({
    topics: [{ name: `${name}-${version + 1}`, topicId: '0'.repeat(32) }],
    names: [`${name}-${version + 1}`],
    timeoutMs: 5000,
  })
  await inEveryVersion(stage, deleteTopics, gone, answer =>
    answer.topics.map(each => [each.name, each.errorCode]),
  )
  await inEveryVersion(
    stage,
    saslHandshake,
    () => ({ mechanism: 'PLAIN' }),
    answer => answer.errorCode,
  )
}

const groupApis: Scenario = async stage => {
  const { client, name } = stage
  await create(client, name)
  const member = { groupId: name, memberId: 'nobody', groupInstanceId: null, generationId: 3 }
  await coordinated(
    () => client.send(heartbeat, 3, member),
    answer => answer.errorCode,
  )
  await inEveryVersion(stage, heartbeat, () => member, everything)
  const offset = { partition: 0, offset: 5, leaderEpoch: -1, commitTimestamp: -1, metadata: 'm' }
  const commit = () => ({
    ...member,
    memberId: '',
    generationId: -1,
    retentionTimeMs: -1,
    topics: [{ name, partitions: [offset] }],
  })
  await inEveryVersion(stage, offsetCommit, commit, everything)
  await inEveryVersion(
    stage,
    offsetFetch,
    () => ({ groupId: name, topics: [{ name, partitions: [0, 4] }], requireStable: true }),
    everything,
  )
  const protocols = [{ name: 'range', metadata: Buffer.from('m') }]
  const joining = (memberId: string) => ({
    ...member,
    memberId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocolType: 'consumer',
    protocols,
    reason: null,
  })
  let memberId = ''
  await inEveryVersion(
    stage,
    joinGroup,
    () => joining(memberId),
    answer => {
      memberId = answer.memberId
      const { errorCode, generationId, protocolType, protocolName, leader, members } = answer
      return {
        errorCode,
        generationId,
        protocolType,
        protocolName,
        isLeader: leader === memberId,
        members: members.map(each => [each.groupInstanceId, each.metadata.toString()]),
      }
    },
  )
  const generationId = (await client.send(joinGroup, 5, joining(memberId))).generationId
  const assignments = [{ memberId, assignment: Buffer.from('all') }]
  const sync = () => ({
    ...member,
    memberId,
    generationId,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments,
  })
  await inEveryVersion(stage, syncGroup, sync, answer => ({
    ...answer,
    assignment: answer.assignment.toString(),
  }))
  await inEveryVersion(
    stage,
    describeGroups,
    () => ({ groupIds: [name, `${name}-none`], includeOperations: false }),
    answer =>
      answer.groups
        .map(({ errorCode, state, protocol, members }) => [
          errorCode,
          state,
          protocol,
          members.map(each => [each.metadata.toString(), each.assignment.toString()]),
        ])
        .toSorted(),
  )
  await inEveryVersion(
    stage,
    listGroups,
    () => ({ stateFilters: [], typeFilters: [] }),
    answer => answer.groups.find(each => each.groupId === name),
  )
  const leaving = [{ memberId: 'nobody', groupInstanceId: null, reason: 'test' }]
  await inEveryVersion(
    stage,
    leaveGroup,
    () => ({ groupId: name, memberId: 'nobody', members: leaving }),
    everything,
  )
  await inEveryVersion(stage, deleteGroups, () => ({ groupIds: [name] }), everything)
  await client.send(leaveGroup, 2, { groupId: name, memberId, members: [] })
}

const transactionApis: Scenario = async stage => {
  const { client, name } = stage
  await create(client, name)
  const producer = await init(client, name)
  const { producerId, producerEpoch } = producer
  const who = { transactionalId: name, producerId, producerEpoch }
  await inEveryVersion(
    stage,
    addPartitionsToTxn,
    () => ({ ...who, topics: [{ name, partitions: [0] }] }),
    everything,
  )
  await inEveryVersion(stage, addOffsetsToTxn, () => ({ ...who, groupId: name }), everything)
  const offset = { partition: 0, offset: 5, leaderEpoch: -1, metadata: 'm' }
  const commit = {
    ...who,
    groupId: name,
    generationId: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [{ name, partitions: [offset] }],
  }
  await coordinated(
    () => client.send(txnOffsetCommit, 3, commit),
    answer => answer.topics[0]!.partitions[0]!.errorCode,
  )
  await inEveryVersion(stage, txnOffsetCommit, () => commit, everything)
  const mine = { stateFilters: ['Ongoing'], producerIdFilters: [producerId] }
  await inEveryVersion(
    stage,
    listTransactions,
    () => mine,
    answer => answer.transactions.map(each => [each.transactionalId, each.state]),
  )
  await inEveryVersion(stage, endTxn, () => ({ ...who, producerEpoch: 99, committed: true }), everything)
  await client.end(name, producer)
  const odd = () => ({ transactionalId: name, transactionTimeoutMs: 2e9, producerId: -1, producerEpoch: -1 })
  await inEveryVersion(stage, initProducerId, odd, answer => answer.errorCode)
}

export const versionScenarios: Readonly<Record<string, Scenario>> = {
  records,
  cluster,
  groupApis,
  transactionApis,
}
