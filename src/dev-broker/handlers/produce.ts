/** Produce: validates batches (format, checksum, size, producer state, transaction membership) and appends them unopened. */
import { topicDefaults } from '../cluster/topic-configs.ts'
import { type Partition, wake } from '../cluster/topics.ts'
import { type Batch, parseBatches } from '../log/record-batch.ts'
import { errorCode } from '../protocol/error-code.ts'
import {
  type ProducePartitionResponse,
  type ProduceRequest,
  type ProduceResponse,
  produce,
  producePartitionFailure,
} from '../protocol/produce.ts'
import { WireError } from '../protocol/reader.ts'
import type { RequestContext } from '../server/request-context.ts'

const firstVersionWithBatches = 3

export function handleProduce(request: ProduceRequest, context: RequestContext): ProduceResponse | undefined {
  if (context.apiVersion < firstVersionWithBatches) throw new WireError('Produce before v3 is not supported')
  const { acks } = request
  if (acks !== 0 && acks !== 1 && acks !== -1) return produce.failure(request, errorCode.invalidRequiredAcks)
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ index, records }) => {
      const answer = appendTo(name, index, records, request.transactionalId, context)
      return typeof answer === 'number' ? producePartitionFailure(index, answer) : answer
    }),
  }))
  if (acks !== 0) return { topics, throttleTimeMs: 0 }
  const failed = topics.flatMap(topic => topic.partitions).find(partition => partition.errorCode !== 0)
  if (failed !== undefined) throw new WireError(`Produce with acks 0 failed with code ${failed.errorCode}`)
  return undefined
}

/** The answer for one partition, or an error code. */
function appendTo(
  topic: string,
  index: number,
  records: Buffer | null,
  transactionalId: string | null,
  context: RequestContext,
): ProducePartitionResponse | number {
  const partition = context.cluster.topics.partition(topic, index)
  if (partition === undefined) return errorCode.unknownTopicOrPartition
  if (partition.leader !== context.nodeId) return errorCode.notLeaderOrFollower
  const batches = parseBatches(records ?? Buffer.alloc(0))
  if (batches === 'corrupt') return errorCode.corruptMessage
  if (batches === 'old-format') return errorCode.unsupportedForMessageFormat
  const refused = refusal(batches, partition, transactionalId, context)
  if (refused !== errorCode.none) return refused
  return appendBatches(batches, partition, context)
}

function refusal(
  batches: readonly Batch[],
  partition: Partition,
  transactionalId: string | null,
  context: RequestContext,
): number {
  const maxBytes = Number(configOf(partition, 'max.message.bytes'))
  for (const { header, bytes } of batches) {
    if (bytes.length > maxBytes) return errorCode.messageTooLarge
    if (header.isControl) return errorCode.invalidRecord
    if (header.producerId >= 0 && (batches.length > 1 || header.baseSequence < 0))
      return errorCode.invalidRecord
    if (!header.isTransactional) continue
    if (header.producerId < 0) return errorCode.invalidRecord
    if (partition.log.hasOpenTransaction(header.producerId, header.producerEpoch)) continue
    const place = { topic: partition.topic.name, partition: partition.index }
    const code = context.cluster.transactions.verify(transactionalId, header, place)
    if (code !== errorCode.none) return code
  }
  return errorCode.none
}

export const configOf = (partition: Partition, name: string): string =>
  partition.topic.configs.get(name) ?? topicDefaults[name] ?? ''

function appendBatches(
  batches: readonly Batch[],
  partition: Partition,
  context: RequestContext,
): ProducePartitionResponse | number {
  const { log, index } = partition
  const hasLogTime = configOf(partition, 'message.timestamp.type') === 'LogAppendTime'
  const logAppendTime = hasLogTime ? context.cluster.clock.now() : undefined
  let baseOffset = -1
  for (const batch of batches) {
    const verdict = log.judge(batch)
    if (verdict.kind === 'refuse') return verdict.errorCode
    if (verdict.kind === 'duplicate') {
      const time = hasLogTime ? verdict.timestamp : -1
      return {
        ...producePartitionFailure(index, 0),
        baseOffset: verdict.baseOffset,
        logAppendTimeMs: time,
        logStartOffset: log.startOffset,
      }
    }
    const offset = log.append(batch, partition.leaderEpoch, logAppendTime)
    if (baseOffset < 0) baseOffset = offset
  }
  wake(partition)
  return {
    ...producePartitionFailure(index, errorCode.none),
    baseOffset,
    logAppendTimeMs: logAppendTime ?? -1,
    logStartOffset: log.startOffset,
  }
}
