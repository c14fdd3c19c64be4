/** Fetch: answers at once when there are enough bytes or any error, otherwise waits for appends up to `max_wait_ms`. */
import type { Partition } from '../cluster/topics.ts'
import { errorCode } from '../protocol/error-code.ts'
import {
  type FetchPartitionRequest,
  type FetchPartitionResponse,
  type FetchRequest,
  type FetchResponse,
  fetchPartitionFailure,
} from '../protocol/fetch.ts'
import type { RequestContext } from '../server/request-context.ts'
import { leaderEpochRefusal } from './leader-epoch.ts'

const readCommitted = 1

interface Target {
  readonly topic: string
  readonly request: FetchPartitionRequest
}

export function handleFetch(
  request: FetchRequest,
  context: RequestContext,
): FetchResponse | Promise<FetchResponse> {
  const targets = request.topics.flatMap(({ topic, partitions }) =>
    partitions.map(partition => ({ topic, request: partition })),
  )
  const isReady = () => isComplete(targets, request, context)
  if (request.maxWaitMs <= 0 || targets.length === 0 || isReady()) return read(request, context)
  return waitFor(targets, request.maxWaitMs, isReady, context).then(() => read(request, context))
}

/** A fetch is complete when it has an error to tell or `min_bytes` to give. */
function isComplete(targets: readonly Target[], request: FetchRequest, context: RequestContext): boolean {
  let bytes = 0
  for (const target of targets) {
    const partition = partitionFor(target, context)
    if (typeof partition === 'number') return true
    const { fetchOffset, maxBytes } = target.request
    const upperBound = upperBoundOf(partition, request.isolationLevel)
    const limit = Math.max(1, Math.min(maxBytes, request.minBytes - bytes))
    bytes += partition.log.availableBytes(fetchOffset, upperBound, limit)
    if (bytes >= request.minBytes) return true
  }
  return false
}

function waitFor(
  targets: readonly Target[],
  maxWaitMs: number,
  isReady: () => boolean,
  context: RequestContext,
): Promise<void> {
  return new Promise(resolve => {
    const partitions = new Set<Partition>()
    for (const { topic, request } of targets) {
      const partition = context.cluster.topics.partition(topic, request.partition)
      if (partition !== undefined) partitions.add(partition)
    }
    const finish = () => {
      clearTimeout(timer)
      context.signal.removeEventListener('abort', finish)
      for (const partition of partitions) partition.waiters.delete(onChange)
      resolve()
    }
    const listen = () => {
      for (const partition of partitions) partition.waiters.add(onChange)
    }
    const onChange = () => {
      if (isReady()) finish()
      else listen()
    }
    const timer = setTimeout(finish, maxWaitMs)
    context.signal.addEventListener('abort', finish)
    listen()
  })
}

/** The partition if this broker may serve the fetch, else an error code. */
function partitionFor({ topic, request }: Target, context: RequestContext): Partition | number {
  const { cluster, nodeId } = context
  const fault = context.partitionFailure?.(topic, request.partition) ?? errorCode.none
  if (fault !== errorCode.none) return fault
  const partition = cluster.topics.partition(topic, request.partition)
  if (partition === undefined) return errorCode.unknownTopicOrPartition
  const refused = leaderEpochRefusal(partition, nodeId, request.currentLeaderEpoch)
  if (refused !== errorCode.none) return refused
  const { startOffset, endOffset } = partition.log
  const isInside = request.fetchOffset >= startOffset && request.fetchOffset <= endOffset
  return isInside ? partition : errorCode.offsetOutOfRange
}

const upperBoundOf = ({ log }: Partition, isolationLevel: number) =>
  isolationLevel === readCommitted ? log.lastStableOffset : log.endOffset

function read(request: FetchRequest, context: RequestContext): FetchResponse {
  let room = request.maxBytes
  let isEmpty = true
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(partitionRequest => {
      const partition = partitionFor({ topic, request: partitionRequest }, context)
      if (typeof partition === 'number') return fetchPartitionFailure(partitionRequest.partition, partition)
      const maxBytes = Math.min(room, partitionRequest.maxBytes)
      const answer = readPartition(
        partition,
        partitionRequest.fetchOffset,
        request.isolationLevel,
        maxBytes,
        isEmpty,
      )
      for (const chunk of answer.records) room -= chunk.length
      if (answer.records.length > 0) isEmpty = false
      return answer
    }),
  }))
  return { throttleTimeMs: 0, errorCode: errorCode.none, sessionId: 0, topics }
}

function readPartition(
  { log, index }: Partition,
  offset: number,
  isolationLevel: number,
  maxBytes: number,
  atLeastOne: boolean,
): FetchPartitionResponse {
  const isCommitted = isolationLevel === readCommitted
  const upperBound = isCommitted ? log.lastStableOffset : log.endOffset
  const records = log.read(offset, upperBound, maxBytes, atLeastOne)
  return {
    partition: index,
    errorCode: errorCode.none,
    highWatermark: log.endOffset,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions: isCommitted ? log.abortedBetween(offset, upperBound) : null,
    preferredReadReplica: -1,
    records,
  }
}
