/** The transaction requests, at the versions whose broker rules `real-kafka.md` measured. */
import type { KafkaRequest } from '../transport/request.ts'
import { byTopic, type TopicPartition } from './offsets.ts'

export const DESCRIBE_TRANSACTIONS = 65

export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

export interface InitProducerIdResponse extends ProducerIdentity {
  readonly code: number
}

/** InitProducerId v4. `current` null = unconditional. */
export const initProducerIdRequest = (
  transactionalId: string | null,
  timeoutMs: number,
  current: ProducerIdentity | null,
): KafkaRequest<InitProducerIdResponse> => ({
  apiKey: 22,
  apiName: 'InitProducerId',
  apiVersion: 4,
  flexible: true,
  encode(w) {
    w.compactString(transactionalId)
      .int32(timeoutMs)
      .int64(current?.producerId ?? -1)
      .int16(current?.producerEpoch ?? -1)
      .noTags()
  },
  decode(r) {
    r.int32()
    return { code: r.int16(), producerId: r.int64(), producerEpoch: r.int16() }
  },
})

/** InitProducerId v1, for plain idempotence on old brokers. */
export const initIdempotentRequest = (): KafkaRequest<InitProducerIdResponse> => ({
  apiKey: 22,
  apiName: 'InitProducerId',
  apiVersion: 1,
  encode(w) {
    w.string(null).int32(60_000)
  },
  decode(r) {
    r.int32()
    return { code: r.int16(), producerId: r.int64(), producerEpoch: r.int16() }
  },
})

/** AddPartitionsToTxn v1: the code of each partition. */
export const addPartitionsToTxnRequest = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  partitions: readonly TopicPartition[],
): KafkaRequest<(TopicPartition & { readonly code: number })[]> => ({
  apiKey: 24,
  apiName: 'AddPartitionsToTxn',
  apiVersion: 1,
  encode(w) {
    w.string(transactionalId).int64(producerId).int16(producerEpoch)
    w.array(byTopic(partitions), ([topic, items]) => {
      w.string(topic).array(items, item => w.int32(item.partition))
    })
  },
  decode(r) {
    r.int32()
    const found: (TopicPartition & { code: number })[] = []
    r.array(() => {
      const topic = r.string()
      r.array(() => {
        found.push({ topic, partition: r.int32(), code: r.int16() })
      })
    })
    return found
  },
})

/** AddOffsetsToTxn v1. */
export const addOffsetsToTxnRequest = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  group: string,
): KafkaRequest<number> => ({
  apiKey: 25,
  apiName: 'AddOffsetsToTxn',
  apiVersion: 1,
  encode(w) {
    w.string(transactionalId).int64(producerId).int16(producerEpoch).string(group)
  },
  decode(r) {
    r.int32()
    return r.int16()
  },
})

/** TxnOffsetCommit v1 of one partition. */
export const txnOffsetCommitRequest = (
  transactionalId: string,
  group: string,
  { producerId, producerEpoch }: ProducerIdentity,
  { topic, partition }: TopicPartition,
  offset: number,
  metadata: string,
): KafkaRequest<number> => ({
  apiKey: 28,
  apiName: 'TxnOffsetCommit',
  apiVersion: 1,
  encode(w) {
    w.string(transactionalId).string(group).int64(producerId).int16(producerEpoch)
    w.int32(1).string(topic).int32(1).int32(partition).int64(offset).string(metadata)
  },
  decode(r) {
    r.int32()
    let code = 0
    r.array(() => {
      r.string()
      r.array(() => {
        r.int32()
        code = r.int16()
      })
    })
    return code
  },
})

export interface DescribedTransaction extends ProducerIdentity {
  readonly code: number
  /** `Ongoing`, `PrepareCommit`, … */
  readonly state: string
}

/** DescribeTransactions v0 of one id (Kafka 3.0). */
export const describeTransactionRequest = (
  transactionalId: string,
): KafkaRequest<DescribedTransaction | undefined> => ({
  apiKey: DESCRIBE_TRANSACTIONS,
  apiName: 'DescribeTransactions',
  apiVersion: 0,
  flexible: true,
  encode(w) {
    w.compactArray([transactionalId], id => w.compactString(id)).noTags()
  },
  decode(r) {
    r.int32()
    return r.compactArray(() => {
      const code = r.int16()
      r.compactString()
      const state = r.compactString()
      r.int32()
      r.int64()
      const producerId = r.int64()
      const producerEpoch = r.int16()
      r.compactArray(() => {
        r.compactString()
        r.compactArray(() => r.int32())
        r.skipTags()
      })
      r.skipTags()
      return { code, state, producerId, producerEpoch }
    })[0]
  },
})

/** EndTxn v1. */
export const endTxnRequest = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  commit: boolean,
): KafkaRequest<number> => ({
  apiKey: 26,
  apiName: 'EndTxn',
  apiVersion: 1,
  encode(w) {
    w.string(transactionalId).int64(producerId).int16(producerEpoch).boolean(commit)
  },
  decode(r) {
    r.int32()
    return r.int16()
  },
})
