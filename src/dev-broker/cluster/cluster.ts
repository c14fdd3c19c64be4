/** Everything the broker processes of one dev broker share: topics, transactions, groups, who leads and coordinates what. */
import type { Logger } from '../../logger/logger.ts'
import type { Clock } from '../clock.ts'
import type { FaultInjector } from '../faults/fault-injector.ts'
import { GroupCoordinator } from '../groups/group-coordinator.ts'
import type { SaslUser } from '../server/sasl.ts'
import type { ClusterStorage } from '../storage/cluster-storage.ts'
import { TransactionCoordinator } from '../transactions/transaction-coordinator.ts'
import type { TopicPartition, TransactionState } from '../transactions/transaction-state.ts'
import { ProducerIds } from './producer-ids.ts'
import type { BrokerSettings } from './topic-configs.ts'
import { type Partition, type Topic, Topics, wake } from './topics.ts'

export interface NodeAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

export interface ClusterSettings extends BrokerSettings {
  readonly numBrokers: number
  readonly markerDelayMs: number
  readonly kafkaVersion: '3.9' | '4.1'
  readonly groupInitialRebalanceDelayMs: number
  readonly maxRequestBytes: number
  readonly saslUsers: readonly SaslUser[]
}

export const offsetsTopic = '__consumer_offsets'
const numOffsetsPartitions = 50

/** Java's String.hashCode, by which Kafka assigns groups and ids to coordinators. */
export function stringHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash & 0x7fffffff
}

export type CoordinatorType = 'group' | 'transaction'

export class Cluster {
  readonly id: string
  readonly clock: Clock
  readonly settings: ClusterSettings
  readonly logger: Logger
  readonly faults: FaultInjector
  readonly topics: Topics
  readonly groups: GroupCoordinator
  readonly transactions: TransactionCoordinator
  /** Filled when the listeners are open. */
  nodes: readonly NodeAddress[] = []
  readonly #storage: ClusterStorage
  readonly #movedCoordinators = new Map<string, number>()
  #heldOffsets: (() => void)[] | null = null

  constructor(
    settings: ClusterSettings,
    clock: Clock,
    storage: ClusterStorage,
    faults: FaultInjector,
    logger: Logger,
  ) {
    this.settings = settings
    this.clock = clock
    this.logger = logger
    this.faults = faults
    this.#storage = storage
    this.id = storage.clusterId
    this.topics = new Topics(settings.numBrokers, storage.topics)
    const producerIds = new ProducerIds(storage)
    this.groups = new GroupCoordinator({
      initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
      persist: (groupId, offsets) => storage.saveGroup(groupId, offsets),
    })
    this.transactions = new TransactionCoordinator({
      clock,
      maxTransactionTimeoutMs: settings.maxTransactionTimeoutMs,
      transactionalIdExpirationMs: settings.transactionalIdExpirationMs,
      markerDelayMs: settings.markerDelayMs,
      fenceKeepsEpoch: settings.kafkaVersion === '4.1',
      newProducerId: () => producerIds.next(),
      writeMarkers: (state, isCommit) => this.#writeMarkers(state, isCommit),
      persist: (transactionalId, state) => storage.saveTransaction(transactionalId, state),
    })
    storage.restore(this)
    this.transactions.resumePrepared()
  }

  coordinatorOf(type: CoordinatorType, key: string): number {
    return this.#movedCoordinators.get(`${type} ${key}`) ?? 1 + (stringHash(key) % this.settings.numBrokers)
  }

  moveCoordinator(type: CoordinatorType, key: string, nodeId: number): void {
    this.#movedCoordinators.set(`${type} ${key}`, nodeId)
  }

  offsetsPartition(groupId: string): TopicPartition {
    return { topic: offsetsTopic, partition: stringHash(groupId) % numOffsetsPartitions }
  }

  /** Deletes a topic and, as brokers do, the offsets groups have committed on it. */
  deleteTopic(topic: Topic): void {
    this.topics.delete(topic)
    this.groups.topicDeleted(topic.name)
  }

  deleteRecordsBefore(partition: Partition, offset: number): void {
    // First: a file that lost its batches does not tell any more where the log stood.
    this.#storage.saveLogStart(partition.topic.id, partition.index, offset)
    partition.log.deleteBefore(offset)
  }

  close(): void {
    this.transactions.close()
    this.groups.close()
    this.topics.close()
    this.#storage.close()
  }

  /** Partitions deleted meanwhile are skipped, as on a real broker. */
  #writeMarkers(state: TransactionState, isCommit: boolean): void {
    const { producerId, producerEpoch } = state
    let hasOffsets = false
    for (const { topic, partition: index } of state.partitions.values()) {
      if (topic === offsetsTopic) {
        hasOffsets = true
        continue
      }
      const partition = this.topics.partition(topic, index)
      if (partition === undefined) continue
      partition.log.appendMarker(
        producerId,
        producerEpoch,
        isCommit,
        0,
        partition.leaderEpoch,
        this.clock.now(),
      )
      wake(partition)
    }
    if (!hasOffsets) return
    if (this.#heldOffsets === null) this.groups.endTransaction(producerId, isCommit)
    else this.#heldOffsets.push(() => this.groups.endTransaction(producerId, isCommit))
  }

  /** Kafka 3.x hands offsets of ended transactions to the group after the markers, when it gets round to it. */
  holdOffsets(): () => void {
    this.#heldOffsets ??= []
    return () => {
      const held = this.#heldOffsets ?? []
      this.#heldOffsets = null
      for (const apply of held) apply()
    }
  }
}
