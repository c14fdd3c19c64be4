export type { CoordinatorType } from './cluster/cluster.ts'
export { type DevBroker, startDevBroker } from './dev-broker.ts'
export type {
  FaultAction,
  FaultedRequest,
  FaultHandle,
  FaultInjector,
  FaultRule,
} from './faults/fault-injector.ts'
export type { CommittedOffset } from './groups/group-offsets.ts'
export { crc32c } from './log/crc32c.ts'
export type { AbortedTransaction, StoredBatch } from './log/partition-log.ts'
export type { BatchHeader } from './log/record-batch.ts'
export type { DevBrokerOptions, TopicOptions } from './options.ts'
export type { TlsOptions } from './server/listener.ts'
export type { SaslUser } from './server/sasl.ts'
export type { TransactionState, TransactionStatus } from './transactions/transaction-state.ts'
