/** The transaction APIs. The coordinator answers 90 PRODUCER_FENCED; older request versions read 47 instead. */
import type { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from '../protocol/add-offsets-to-txn.ts'
import {
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
  addPartitionsToTxn,
} from '../protocol/add-partitions-to-txn.ts'
import type {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../protocol/describe-transactions.ts'
import type { EndTxnRequest, EndTxnResponse } from '../protocol/end-txn.ts'
import { errorCode } from '../protocol/error-code.ts'
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerId,
} from '../protocol/init-producer-id.ts'
import type { ListTransactionsRequest, ListTransactionsResponse } from '../protocol/list-transactions.ts'
import {
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponse,
  txnOffsetCommit,
} from '../protocol/txn-offset-commit.ts'
import type { RequestContext } from '../server/request-context.ts'
import type { TopicPartition, TransactionState } from '../transactions/transaction-state.ts'
import { commitRefusals } from './offset-validation.ts'

const initVersionWithFenced = 4
const versionWithFenced = 2

const asVersioned = (code: number, { apiVersion }: RequestContext, firstWithFenced: number): number =>
  code === errorCode.producerFenced && apiVersion < firstWithFenced ? errorCode.invalidProducerEpoch : code

const isCoordinator = (transactionalId: string, { cluster, nodeId }: RequestContext): boolean =>
  cluster.coordinatorOf('transaction', transactionalId) === nodeId

export function handleInitProducerId(
  request: InitProducerIdRequest,
  context: RequestContext,
): InitProducerIdResponse {
  const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request
  if (transactionalId !== null && !isCoordinator(transactionalId, context)) {
    return initProducerId.failure(request, errorCode.notCoordinator)
  }
  if (producerId < 0 !== producerEpoch < 0) return initProducerId.failure(request, errorCode.invalidRequest)
  const expected = producerId < 0 ? undefined : { producerId, producerEpoch }
  const result = context.cluster.transactions.initProducerId(transactionalId, transactionTimeoutMs, expected)
  return {
    ...result,
    throttleTimeMs: 0,
    errorCode: asVersioned(result.errorCode, context, initVersionWithFenced),
  }
}

export function handleAddPartitionsToTxn(
  request: AddPartitionsToTxnRequest,
  context: RequestContext,
): AddPartitionsToTxnResponse {
  const { cluster } = context
  if (!isCoordinator(request.transactionalId, context)) {
    return addPartitionsToTxn.failure(request, errorCode.notCoordinator)
  }
  const partitions: TopicPartition[] = request.topics.flatMap(({ name, partitions }) =>
    partitions.map(partition => ({ topic: name, partition })),
  )
  const isUnknown = ({ topic, partition }: TopicPartition) =>
    cluster.topics.partition(topic, partition) === undefined
  if (partitions.some(isUnknown)) {
    return answerEach(request, partition =>
      isUnknown(partition) ? errorCode.unknownTopicOrPartition : errorCode.operationNotAttempted,
    )
  }
  const code = cluster.transactions.addPartitions(request.transactionalId, request, partitions)
  return addPartitionsToTxn.failure(request, asVersioned(code, context, versionWithFenced))
}

const answerEach = (
  { topics }: AddPartitionsToTxnRequest,
  codeOf: (partition: TopicPartition) => number,
): AddPartitionsToTxnResponse => ({
  throttleTimeMs: 0,
  topics: topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(partition => ({ partition, errorCode: codeOf({ topic: name, partition }) })),
  })),
})

export function handleAddOffsetsToTxn(
  request: AddOffsetsToTxnRequest,
  context: RequestContext,
): AddOffsetsToTxnResponse {
  const { cluster } = context
  if (!isCoordinator(request.transactionalId, context)) {
    return { throttleTimeMs: 0, errorCode: errorCode.notCoordinator }
  }
  const partition = cluster.offsetsPartition(request.groupId)
  const code = cluster.transactions.addPartitions(request.transactionalId, request, [partition])
  return { throttleTimeMs: 0, errorCode: asVersioned(code, context, versionWithFenced) }
}

export function handleEndTxn(request: EndTxnRequest, context: RequestContext): EndTxnResponse {
  if (!isCoordinator(request.transactionalId, context)) {
    return { throttleTimeMs: 0, errorCode: errorCode.notCoordinator }
  }
  const { transactionalId, committed } = request
  const code = context.cluster.transactions.endTransaction(transactionalId, request, committed)
  return { throttleTimeMs: 0, errorCode: asVersioned(code, context, versionWithFenced) }
}

export function handleTxnOffsetCommit(
  request: TxnOffsetCommitRequest,
  context: RequestContext,
): TxnOffsetCommitResponse {
  const { cluster, nodeId } = context
  const { groupId, transactionalId, producerId } = request
  if (cluster.coordinatorOf('group', groupId) !== nodeId) {
    return txnOffsetCommit.failure(request, errorCode.notCoordinator)
  }
  const byGroup = cluster.groups.transactionalCommitRefusal(groupId, request)
  const byTransaction = cluster.transactions.verify(
    transactionalId,
    request,
    cluster.offsetsPartition(groupId),
  )
  // A group coordinator whose check meets markers in flight sends its client to retry.
  const told =
    byTransaction === errorCode.notEnoughReplicas ? errorCode.coordinatorNotAvailable : byTransaction
  const { answers, accepted } = commitRefusals(
    request.topics,
    cluster,
    byGroup === errorCode.none ? told : byGroup,
  )
  if (accepted.length > 0) cluster.groups.commitPending(groupId, producerId, accepted)
  return { throttleTimeMs: 0, topics: answers }
}

export function handleDescribeTransactions(
  request: DescribeTransactionsRequest,
  context: RequestContext,
): DescribeTransactionsResponse {
  const transactions = request.transactionalIds.map(transactionalId => {
    const state = context.cluster.transactions.state(transactionalId)
    if (!isCoordinator(transactionalId, context))
      return undescribed(transactionalId, errorCode.notCoordinator)
    if (state === undefined) return undescribed(transactionalId, errorCode.transactionalIdNotFound)
    return {
      errorCode: errorCode.none,
      transactionalId,
      state: state.status,
      timeoutMs: state.timeoutMs,
      startTimeMs: state.startedAt,
      producerId: state.producerId,
      producerEpoch: state.producerEpoch,
      topics: topicsOf(state),
    }
  })
  return { throttleTimeMs: 0, transactions }
}

const undescribed = (transactionalId: string, code: number) => ({
  errorCode: code,
  transactionalId,
  state: '',
  timeoutMs: 0,
  startTimeMs: 0,
  producerId: 0,
  producerEpoch: 0,
  topics: [],
})

function topicsOf(state: TransactionState): { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of state.partitions.values()) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition])
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}

const knownStates = ['Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort', 'CompleteCommit', 'CompleteAbort']

export function handleListTransactions(
  request: ListTransactionsRequest,
  context: RequestContext,
): ListTransactionsResponse {
  const { stateFilters, producerIdFilters } = request
  const transactions = context.cluster.transactions
    .states()
    .filter(state => isCoordinator(state.transactionalId, context))
    .filter(state => stateFilters.length === 0 || stateFilters.includes(state.status))
    .filter(state => producerIdFilters.length === 0 || producerIdFilters.includes(state.producerId))
    .map(({ transactionalId, producerId, status }) => ({ transactionalId, producerId, state: status }))
  const unknownStateFilters = stateFilters.filter(state => !knownStates.includes(state))
  return { throttleTimeMs: 0, errorCode: errorCode.none, unknownStateFilters, transactions }
}
