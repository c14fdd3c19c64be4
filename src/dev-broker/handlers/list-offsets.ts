import type { Partition } from '../cluster/topics.ts'
import { errorCode } from '../protocol/error-code.ts'
import {
  type ListOffsetsPartitionResponse,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  listOffsetsPartitionFailure,
} from '../protocol/list-offsets.ts'
import type {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '../protocol/offset-for-leader-epoch.ts'
import type { RequestContext } from '../server/request-context.ts'
import { leaderEpochRefusal } from './leader-epoch.ts'

const latest = -1
const earliest = -2
const ofMaxTimestamp = -3

export function handleListOffsets(request: ListOffsetsRequest, context: RequestContext): ListOffsetsResponse {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partition: index, currentLeaderEpoch, timestamp }) => {
      const partition = context.cluster.topics.partition(name, index)
      if (partition === undefined)
        return listOffsetsPartitionFailure(index, errorCode.unknownTopicOrPartition)
      const refused = leaderEpochRefusal(partition, context.nodeId, currentLeaderEpoch)
      if (refused !== errorCode.none) return listOffsetsPartitionFailure(index, refused)
      return lookUp(partition, timestamp, request.isolationLevel === 1)
    }),
  }))
  return { throttleTimeMs: 0, topics }
}

function lookUp(
  { log, index, leaderEpoch }: Partition,
  timestamp: number,
  isCommitted: boolean,
): ListOffsetsPartitionResponse {
  const none = { partition: index, errorCode: errorCode.none, timestamp: -1, offset: -1, leaderEpoch: -1 }
  const upperBound = isCommitted ? log.lastStableOffset : log.endOffset
  if (timestamp === latest) return { ...none, offset: upperBound, leaderEpoch }
  if (timestamp === earliest) return { ...none, offset: log.startOffset, leaderEpoch }
  const found = timestamp === ofMaxTimestamp ? log.offsetOfMaxTimestamp() : log.offsetForTimestamp(timestamp)
  return found === undefined || found.offset >= upperBound ? none : { ...none, ...found }
}

export function handleOffsetForLeaderEpoch(
  request: OffsetForLeaderEpochRequest,
  context: RequestContext,
): OffsetForLeaderEpochResponse {
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
      const failure = { partition: index, leaderEpoch: -1, endOffset: -1 }
      const partition = context.cluster.topics.partition(topic, index)
      if (partition === undefined) return { ...failure, errorCode: errorCode.unknownTopicOrPartition }
      const refused = leaderEpochRefusal(partition, context.nodeId, currentLeaderEpoch)
      if (refused !== errorCode.none) return { ...failure, errorCode: refused }
      if (leaderEpoch === partition.leaderEpoch) {
        return { ...failure, errorCode: errorCode.none, leaderEpoch, endOffset: partition.log.endOffset }
      }
      const { epoch, endOffset } = partition.log.endOffsetForEpoch(leaderEpoch)
      return { ...failure, errorCode: errorCode.none, leaderEpoch: epoch, endOffset }
    }),
  }))
  return { throttleTimeMs: 0, topics }
}
