import type { NodeAddress } from '../cluster/cluster.ts'
import type { Topic } from '../cluster/topics.ts'
import { zeroUuid } from '../protocol/codec.ts'
import { errorCode } from '../protocol/error-code.ts'
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../protocol/find-coordinator.ts'
import { findCoordinator } from '../protocol/find-coordinator.ts'
import {
  type MetadataRequest,
  type MetadataResponse,
  type MetadataTopic,
  metadataTopicFailure,
} from '../protocol/metadata.ts'
import type { RequestContext } from '../server/request-context.ts'

const noOperations = -2147483648

export function handleMetadata(request: MetadataRequest, context: RequestContext): MetadataResponse {
  const { cluster, apiVersion } = context
  const isAll = request.topics === null || (apiVersion === 0 && request.topics.length === 0)
  const topics = isAll
    ? [...cluster.topics.all()].map(describe)
    : request.topics!.map(({ topicId, name }) =>
        describeOne(topicId, name, request.allowAutoTopicCreation, context),
      )
  return {
    throttleTimeMs: 0,
    brokers: cluster.nodes.map(({ nodeId, host, port }: NodeAddress) => ({ nodeId, host, port, rack: null })),
    clusterId: cluster.id,
    controllerId: 1,
    topics,
    clusterOperations: noOperations,
  }
}

function describeOne(
  topicId: string,
  name: string | null,
  mayCreate: boolean,
  { cluster }: RequestContext,
): MetadataTopic {
  if (name === null) {
    const topic = cluster.topics.byId(topicId)
    return topic === undefined
      ? metadataTopicFailure(null, topicId, errorCode.unknownTopicId)
      : describe(topic)
  }
  const known = cluster.topics.get(name)
  if (known !== undefined) return describe(known)
  const { autoCreateTopics, defaultPartitions } = cluster.settings
  const refused = cluster.topics.refusal(name, defaultPartitions)
  if (refused !== errorCode.none) return metadataTopicFailure(name, zeroUuid, refused)
  if (!autoCreateTopics || !mayCreate) {
    return metadataTopicFailure(name, zeroUuid, errorCode.unknownTopicOrPartition)
  }
  return describe(cluster.topics.create(name, defaultPartitions, new Map()))
}

const describe = (topic: Topic): MetadataTopic => ({
  errorCode: errorCode.none,
  name: topic.name,
  topicId: topic.id,
  isInternal: false,
  partitions: topic.partitions.map(({ index, leader, leaderEpoch }) => ({
    errorCode: errorCode.none,
    partition: index,
    leaderId: leader,
    leaderEpoch,
    replicas: [leader],
    inSyncReplicas: [leader],
    offlineReplicas: [],
  })),
  operations: noOperations,
})

export function handleFindCoordinator(
  request: FindCoordinatorRequest,
  { cluster, apiVersion }: RequestContext,
): FindCoordinatorResponse {
  if (request.keyType !== 0 && request.keyType !== 1)
    return findCoordinator.failure(request, errorCode.invalidRequest)
  const type = request.keyType === 0 ? 'group' : 'transaction'
  const keys = apiVersion >= 4 ? request.keys : [request.key]
  const coordinators = keys.map(key => {
    const node = cluster.nodes[cluster.coordinatorOf(type, key) - 1]!
    return {
      key,
      nodeId: node.nodeId,
      host: node.host,
      port: node.port,
      errorCode: errorCode.none,
      errorMessage: null,
    }
  })
  const failure = findCoordinator.failure(request, errorCode.none)
  return { ...failure, ...coordinators[0], coordinators }
}
