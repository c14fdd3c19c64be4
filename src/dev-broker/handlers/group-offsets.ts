/** OffsetCommit and OffsetFetch. */
import type { CommittedOffset, OffsetKey } from '../groups/group-offsets.ts'
import { errorCode } from '../protocol/error-code.ts'
import {
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetCommit,
} from '../protocol/offset-commit.ts'
import { type OffsetFetchRequest, type OffsetFetchResponse, offsetFetch } from '../protocol/offset-fetch.ts'
import type { RequestContext } from '../server/request-context.ts'
import { commitRefusals } from './offset-validation.ts'

export function handleOffsetCommit(
  request: OffsetCommitRequest,
  context: RequestContext,
): OffsetCommitResponse {
  const { cluster, nodeId } = context
  const { groupId } = request
  if (groupId === '') return offsetCommit.failure(request, errorCode.invalidGroupId)
  if (cluster.coordinatorOf('group', groupId) !== nodeId) {
    return offsetCommit.failure(request, errorCode.notCoordinator)
  }
  const refused = cluster.groups.commitRefusal(groupId, request)
  const { answers, accepted } = commitRefusals(request.topics, cluster, refused)
  if (accepted.length > 0) cluster.groups.commit(groupId, accepted)
  return { throttleTimeMs: 0, topics: answers }
}

export function handleOffsetFetch(request: OffsetFetchRequest, context: RequestContext): OffsetFetchResponse {
  const { cluster, nodeId } = context
  const { groupId, requireStable } = request
  if (groupId === '') return offsetFetch.failure(request, errorCode.invalidGroupId)
  if (cluster.coordinatorOf('group', groupId) !== nodeId) {
    return offsetFetch.failure(request, errorCode.notCoordinator)
  }
  const offsets = cluster.groups.get(groupId)?.offsets
  const wanted = request.topics ?? byTopic(offsets?.keys() ?? [])
  const topics = wanted.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(partition =>
      requireStable && offsets?.isUnstable(name, partition)
        ? { ...noOffset(partition), errorCode: errorCode.unstableOffsetCommit }
        : found(partition, offsets?.get(name, partition)),
    ),
  }))
  return { throttleTimeMs: 0, topics, errorCode: errorCode.none }
}

const noOffset = (partition: number) => ({
  partition,
  offset: -1,
  leaderEpoch: -1,
  metadata: '',
  errorCode: errorCode.none,
})

const found = (partition: number, offset: CommittedOffset | undefined) => {
  if (offset === undefined) return noOffset(partition)
  return {
    partition,
    offset: offset.offset,
    leaderEpoch: offset.leaderEpoch,
    metadata: offset.metadata,
    errorCode: errorCode.none,
  }
}

function byTopic(keys: readonly OffsetKey[]): { name: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of keys) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  return [...topics].map(([name, partitions]) => ({ name, partitions }))
}
