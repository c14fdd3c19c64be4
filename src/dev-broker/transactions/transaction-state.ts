/**
 * One transactional id as the coordinator sees it, and the rules of Kafka's TransactionMetadata for its epochs. Pure: every function
 * answers a decision, the coordinator carries it out. Rules are those of brokers for clients of transaction version 1 (Kafka 3.9; Kafka 4.x
 * with these request versions, but for what a fence leaves of the owner's epoch: see `fenced`).
 */
import { errorCode } from '../protocol/error-code.ts'

export type TransactionStatus =
  | 'Empty'
  | 'Ongoing'
  | 'PrepareCommit'
  | 'PrepareAbort'
  | 'CompleteCommit'
  | 'CompleteAbort'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface TransactionState {
  readonly transactionalId: string
  readonly status: TransactionStatus
  readonly producerId: number
  /** -1 until the first InitProducerId has been answered. */
  readonly producerEpoch: number
  /** The pair before the last InitProducerId that named it; -1 after an unconditional one or a fence. */
  readonly lastProducerId: number
  readonly lastProducerEpoch: number
  readonly timeoutMs: number
  /** `topic-partition` → partition, in the order added. */
  readonly partitions: ReadonlyMap<string, TopicPartition>
  /** Epoch milliseconds of the first AddPartitionsToTxn or AddOffsetsToTxn; -1 when nothing is open. */
  readonly startedAt: number
  readonly updatedAt: number
}

export interface ExpectedProducer {
  readonly producerId: number
  readonly producerEpoch: number
}

/** At this epoch an id gets a new producer id instead of a higher epoch. */
export const exhaustedEpoch = 32766

const isExhausted = (epoch: number) => epoch >= exhaustedEpoch

export type Refusal = { readonly kind: 'refuse'; readonly errorCode: number }
export const refusal = (code: number): Refusal => ({ kind: 'refuse', errorCode: code })

export type InitDecision =
  | Refusal
  /** Abort the open transaction under the next epoch; the caller reads 51 and tries again. */
  | { readonly kind: 'fence' }
  | { readonly kind: 'ready'; readonly next: TransactionState }

export const isPreparing = (state: TransactionState): boolean =>
  state.status === 'PrepareCommit' || state.status === 'PrepareAbort'

function isKnownProducer(state: TransactionState, expected: ExpectedProducer): boolean {
  if (state.producerEpoch === -1 || expected.producerId === state.producerId) return true
  return expected.producerId === state.lastProducerId && isExhausted(expected.producerEpoch)
}

/** InitProducerId on a known id. `newProducerId` is called only when the epochs of the present one are used up. */
export function decideInit(
  state: TransactionState,
  timeoutMs: number,
  expected: ExpectedProducer | undefined,
  newProducerId: () => number,
  now: number,
): InitDecision {
  if (isPreparing(state)) return refusal(errorCode.concurrentTransactions)
  if (expected !== undefined && !isKnownProducer(state, expected)) return refusal(errorCode.producerFenced)
  if (state.status === 'Ongoing') return { kind: 'fence' }
  const fresh = {
    ...state,
    status: 'Empty',
    timeoutMs,
    partitions: new Map(),
    startedAt: -1,
    updatedAt: now,
  } as const
  const { producerEpoch } = state
  if (isExhausted(producerEpoch) && (expected === undefined || expected.producerEpoch === producerEpoch)) {
    const rotated = {
      producerId: newProducerId(),
      producerEpoch: 0,
      lastProducerId: state.producerId,
      lastProducerEpoch: expected === undefined ? -1 : producerEpoch,
    }
    return { kind: 'ready', next: { ...fresh, ...rotated } }
  }
  if (isExhausted(producerEpoch)) return refusal(errorCode.unknownServerError)
  const bumped = { ...fresh, producerEpoch: producerEpoch + 1, lastProducerId: state.producerId }
  if (expected === undefined) return { kind: 'ready', next: { ...bumped, lastProducerEpoch: -1 } }
  if (producerEpoch === -1 || expected.producerEpoch === producerEpoch) {
    return { kind: 'ready', next: { ...bumped, lastProducerEpoch: producerEpoch } }
  }
  if (expected.producerEpoch !== state.lastProducerEpoch) return refusal(errorCode.producerFenced)
  // A retry of the call that made the present epoch is answered with that epoch, but brokers fail internally when that call had
  // also changed the producer id (real-kafka.md §3, last row).
  if (expected.producerId !== state.producerId) return refusal(errorCode.unknownServerError)
  return { kind: 'ready', next: { ...fresh, producerEpoch } }
}

export type AddDecision = Refusal | { readonly kind: 'unchanged' } | { readonly kind: 'add' }

const nameOf = (partition: TopicPartition) => `${partition.topic}-${partition.partition}`

/** AddPartitionsToTxn and AddOffsetsToTxn. In a completed state it opens the next transaction under the same epoch. */
export function decideAdd(
  state: TransactionState,
  producer: ExpectedProducer,
  partitions: readonly TopicPartition[],
): AddDecision {
  if (producer.producerId !== state.producerId) return refusal(errorCode.invalidProducerIdMapping)
  if (producer.producerEpoch !== state.producerEpoch) return refusal(errorCode.producerFenced)
  if (isPreparing(state)) return refusal(errorCode.concurrentTransactions)
  const isKnown = partitions.every(partition => state.partitions.has(nameOf(partition)))
  return state.status === 'Ongoing' && isKnown ? { kind: 'unchanged' } : { kind: 'add' }
}

export function withPartitions(
  state: TransactionState,
  added: readonly TopicPartition[],
  now: number,
): TransactionState {
  const partitions = new Map(state.status === 'Ongoing' ? state.partitions : [])
  for (const partition of added) partitions.set(nameOf(partition), partition)
  const startedAt = state.status === 'Ongoing' ? state.startedAt : now
  return { ...state, status: 'Ongoing', partitions, startedAt, updatedAt: now }
}

export const holdsPartition = (state: TransactionState, partition: TopicPartition): boolean =>
  state.partitions.has(nameOf(partition))

export type EndDecision = Refusal | { readonly kind: 'done' } | { readonly kind: 'prepare' }

/** EndTxn of a client. Markers in flight answer 51 whatever was asked, as measured. */
export function decideEnd(
  state: TransactionState,
  producer: ExpectedProducer,
  isCommit: boolean,
): EndDecision {
  if (producer.producerId !== state.producerId) return refusal(errorCode.invalidProducerIdMapping)
  if (producer.producerEpoch !== state.producerEpoch) return refusal(errorCode.producerFenced)
  switch (state.status) {
    case 'Ongoing':
      return { kind: 'prepare' }
    case 'PrepareCommit':
    case 'PrepareAbort':
      return refusal(errorCode.concurrentTransactions)
    case 'CompleteCommit':
      return isCommit ? { kind: 'done' } : refusal(errorCode.invalidTxnState)
    case 'CompleteAbort':
      return isCommit ? refusal(errorCode.invalidTxnState) : { kind: 'done' }
    case 'Empty':
      return refusal(errorCode.invalidTxnState)
  }
}

export const prepared = (state: TransactionState, isCommit: boolean, now: number): TransactionState => ({
  ...state,
  status: isCommit ? 'PrepareCommit' : 'PrepareAbort',
  updatedAt: now,
})

/**
 * The broker aborts: the epoch goes up first, so that the owner is fenced. Kafka 4.1 keeps the owner's epoch as the last one (`keepsEpoch`),
 * so the owner's InitProducerId with it is taken for a retry and answered with the new epoch; 3.9 refuses it with 90.
 */
export const fenced = (state: TransactionState, now: number, keepsEpoch: boolean): TransactionState => ({
  ...prepared(state, false, now),
  producerEpoch: state.producerEpoch + 1,
  lastProducerId: state.producerId,
  lastProducerEpoch: keepsEpoch ? state.producerEpoch : -1,
})

export const completed = (state: TransactionState, now: number): TransactionState => ({
  ...state,
  status: state.status === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
  partitions: new Map(),
  startedAt: -1,
  updatedAt: now,
})

/** What a partition leader asks before the first batch of a transaction (KIP-890). */
export function verifyPartition(
  state: TransactionState,
  producer: ExpectedProducer,
  partition: TopicPartition,
): number {
  if (producer.producerId !== state.producerId) return errorCode.invalidProducerIdMapping
  if (producer.producerEpoch !== state.producerEpoch) return errorCode.invalidProducerEpoch
  if (isPreparing(state)) return errorCode.notEnoughReplicas
  const isOpen = state.status === 'Ongoing' && holdsPartition(state, partition)
  return isOpen ? errorCode.none : errorCode.invalidTxnState
}
