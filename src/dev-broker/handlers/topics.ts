/** CreateTopics, DeleteTopics, CreatePartitions, DeleteRecords. Every broker of the process takes them: there is one cluster state. */
import { configProblem } from '../cluster/topic-configs.ts'
import { wake } from '../cluster/topics.ts'
import type { CreatePartitionsRequest, CreatePartitionsResponse } from '../protocol/create-partitions.ts'
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicFailure,
} from '../protocol/create-topics.ts'
import type { DeleteRecordsRequest, DeleteRecordsResponse } from '../protocol/delete-records.ts'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deletedTopics,
} from '../protocol/delete-topics.ts'
import { errorCode } from '../protocol/error-code.ts'
import type { RequestContext } from '../server/request-context.ts'

type NewTopic = CreateTopicsRequest['topics'][number]
type CreatedTopic = CreateTopicsResponse['topics'][number]

export function handleCreateTopics(
  request: CreateTopicsRequest,
  context: RequestContext,
): CreateTopicsResponse {
  const topics = request.topics.map(topic => createOne(topic, request.validateOnly, context))
  return { throttleTimeMs: 0, topics }
}

function createOne(topic: NewTopic, validateOnly: boolean, { cluster }: RequestContext): CreatedTopic {
  const { name, assignments } = topic
  const fallback = topic.numPartitions === -1 ? cluster.settings.defaultPartitions : topic.numPartitions
  const numPartitions = assignments.length > 0 ? assignments.length : fallback
  const refused = cluster.topics.refusal(name, numPartitions)
  if (refused !== errorCode.none) return createTopicFailure(name, refused, refusalText(refused, name))
  if (topic.replicationFactor > cluster.settings.numBrokers || topic.replicationFactor === 0) {
    const text = `Replication factor: ${topic.replicationFactor}, ${cluster.settings.numBrokers} brokers.`
    return createTopicFailure(name, errorCode.invalidReplicationFactor, text)
  }
  const configs = new Map<string, string>()
  for (const { name: key, value } of topic.configs) if (value !== null) configs.set(key, value)
  for (const [key, value] of configs) {
    const problem = configProblem(key, value)
    if (problem !== undefined) return createTopicFailure(name, errorCode.invalidConfig, problem)
  }
  const created = validateOnly ? undefined : cluster.topics.create(name, numPartitions, configs)
  created?.partitions.forEach((partition, i) => {
    const leader = assignments.find(assignment => assignment.partition === i)?.brokerIds[0]
    if (leader !== undefined && leader >= 1 && leader <= cluster.settings.numBrokers)
      partition.leader = leader
  })
  const answer = createTopicFailure(name, errorCode.none, null)
  return {
    ...answer,
    topicId: created?.id ?? answer.topicId,
    numPartitions,
    replicationFactor: 1,
    configs: [],
  }
}

function refusalText(code: number, name: string): string {
  if (code === errorCode.topicAlreadyExists) return `Topic '${name}' already exists.`
  if (code === errorCode.invalidPartitions) return 'Number of partitions must be larger than 0.'
  return `Topic name '${name}' is illegal.`
}

export function handleDeleteTopics(
  request: DeleteTopicsRequest,
  { cluster }: RequestContext,
): DeleteTopicsResponse {
  const topics = deletedTopics(request).map(({ name, topicId }) => {
    const topic = name === null ? cluster.topics.byId(topicId) : cluster.topics.get(name)
    if (topic === undefined) {
      const code = name === null ? errorCode.unknownTopicId : errorCode.unknownTopicOrPartition
      return { name, topicId, errorCode: code, errorMessage: null }
    }
    cluster.deleteTopic(topic)
    return { name: topic.name, topicId: topic.id, errorCode: errorCode.none, errorMessage: null }
  })
  return { throttleTimeMs: 0, topics }
}

export function handleCreatePartitions(
  request: CreatePartitionsRequest,
  { cluster }: RequestContext,
): CreatePartitionsResponse {
  const results = request.topics.map(({ name, count }) => {
    const topic = cluster.topics.get(name)
    if (topic === undefined) return { name, errorCode: errorCode.unknownTopicOrPartition, errorMessage: null }
    if (count <= topic.partitions.length) {
      const text = `Topic currently has ${topic.partitions.length} partitions, which is higher than the requested ${count}.`
      return { name, errorCode: errorCode.invalidPartitions, errorMessage: text }
    }
    if (!request.validateOnly) cluster.topics.addPartitions(topic, count)
    return { name, errorCode: errorCode.none, errorMessage: null }
  })
  return { throttleTimeMs: 0, results }
}

export function handleDeleteRecords(
  request: DeleteRecordsRequest,
  context: RequestContext,
): DeleteRecordsResponse {
  const { cluster, nodeId } = context
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partition: index, offset }) => {
      const failure = (code: number) => ({ partition: index, lowWatermark: -1, errorCode: code })
      const partition = cluster.topics.partition(name, index)
      if (partition === undefined) return failure(errorCode.unknownTopicOrPartition)
      if (partition.leader !== nodeId) return failure(errorCode.notLeaderOrFollower)
      const { log } = partition
      const target = offset === -1 ? log.endOffset : offset
      if (target < 0 || target > log.endOffset) return failure(errorCode.offsetOutOfRange)
      if (target > log.startOffset) cluster.deleteRecordsBefore(partition, target)
      wake(partition)
      return { partition: index, lowWatermark: log.startOffset, errorCode: errorCode.none }
    }),
  }))
  return { throttleTimeMs: 0, topics }
}
