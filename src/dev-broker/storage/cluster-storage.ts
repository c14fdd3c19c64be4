/** What a cluster keeps beyond its process. */
import { randomBytes } from 'node:crypto'
import type { Cluster } from '../cluster/cluster.ts'
import type { TopicStore } from '../cluster/topics.ts'
import type { GroupOffsets } from '../groups/group-offsets.ts'
import type { TransactionState } from '../transactions/transaction-state.ts'

export interface ClusterStorage {
  readonly clusterId: string
  readonly topics: TopicStore
  /** First producer id that has never been handed out. */
  readonly nextProducerIdBlock: number
  saveProducerIdBlock(end: number): void
  /** Undefined = the group was deleted. */
  saveGroup(groupId: string, offsets: GroupOffsets | undefined): void
  /** Undefined = the id was forgotten. */
  saveTransaction(transactionalId: string, state: TransactionState | undefined): void
  /** The new start of a log after DeleteRecords. */
  saveLogStart(topicId: string, partition: number, offset: number): void
  /** Puts what was stored into a new cluster. */
  restore(cluster: Cluster): void
  close(): void
}

/** 22 characters of base64url, as Kafka writes a cluster id. */
export const newClusterId = () => randomBytes(16).toString('base64url')

export const memoryStorage = (): ClusterStorage => ({
  clusterId: newClusterId(),
  topics: { storage: () => undefined, saved() {}, deleted() {} },
  nextProducerIdBlock: 1000,
  saveProducerIdBlock() {},
  saveGroup() {},
  saveTransaction() {},
  saveLogStart() {},
  restore() {},
  close() {},
})
