/** Produce: validates the one batch of each partition (format, checksum, size, producer state, transaction membership) and appends it unopened. */
import { topicDefaults } from '../cluster/topic-configs.ts'
import { type Partition, wake } from '../cluster/topics.ts'
import { type Batch, parseProduced } from '../log/record-batch.ts'
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
  const fault = context.partitionFailure?.(topic, index) ?? errorCode.none
  if (fault !== errorCode.none) return fault
  const partition = context.cluster.topics.partition(topic, index)
  if (partition === undefined) return errorCode.unknownTopicOrPartition
  if (partition.leader !== context.nodeId) return errorCode.notLeaderOrFollower
  const batch = parseProduced(records ?? Buffer.alloc(0))
  if (batch === 'invalid') return errorCode.invalidRecord
  if (batch === 'corrupt') return errorCode.corruptMessage
  const refused = refusal(batch, partition, transactionalId, context)
  if (refused !== errorCode.none) return refused
  return appendBatch(batch, partition, context)
}

function refusal(
  { header, bytes }: Batch,
  partition: Partition,
  transactionalId: string | null,
  { cluster }: RequestContext,
): number {
  const { log, topic, index } = partition
  const isContinued = log.hasOpenTransaction(header.producerId, header.producerEpoch)
  if (header.isTransactional && !isContinued) {
    const place = { topic: topic.name, partition: index }
    const code = cluster.transactions.verify(transactionalId, header, place)
    if (code !== errorCode.none) return code
  }
  if (bytes.length > Number(configOf(partition, 'max.message.bytes'))) return errorCode.messageTooLarge
  const hasProducer = header.producerId >= 0
  const isConsistent = hasProducer ? header.baseSequence >= 0 : !header.isTransactional
  return header.isControl || !isConsistent ? errorCode.invalidRecord : errorCode.none
}

export const configOf = (partition: Partition, name: string): string =>
  partition.topic.configs.get(name) ?? topicDefaults[name] ?? ''

function appendBatch(
  batch: Batch,
  partition: Partition,
  context: RequestContext,
): ProducePartitionResponse | number {
  const { log, index, leaderEpoch } = partition
  const answer = { ...producePartitionFailure(index, errorCode.none), logStartOffset: log.startOffset }
  const hasLogTime = configOf(partition, 'message.timestamp.type') === 'LogAppendTime'
  const verdict = log.judge(batch)
  switch (verdict.kind) {
    case 'refuse':
      return verdict.errorCode
    case 'duplicate':
      return {
        ...answer,
        baseOffset: verdict.baseOffset,
        logAppendTimeMs: hasLogTime ? verdict.timestamp : -1,
      }
    case 'append': {
      const logAppendTime = hasLogTime ? context.cluster.clock.now() : undefined
      const baseOffset = log.append(batch, leaderEpoch, logAppendTime)
      wake(partition)
      return { ...answer, baseOffset, logAppendTimeMs: logAppendTime ?? -1 }
    }
  }
}
