/** The topics of the cluster: names, ids, partitions with their leaders, configuration. */
import { randomBytes } from 'node:crypto'
import { PartitionLog } from '../log/partition-log.ts'
import { errorCode } from '../protocol/error-code.ts'
import type { LogStorage } from '../storage/log-storage.ts'

export interface Partition {
  readonly topic: Topic
  readonly index: number
  readonly log: PartitionLog
  leader: number
  leaderEpoch: number
  /** Called, then forgotten, at the next append, marker or leader change. */
  readonly waiters: Set<() => void>
}

export interface Topic {
  readonly name: string
  /** 16 bytes in hexadecimal; a topic created again gets another one. */
  readonly id: string
  readonly partitions: Partition[]
  readonly configs: Map<string, string>
}

export interface TopicStore {
  /** Storage for a partition's batches, or undefined to keep them in memory only. */
  storage(topicId: string, partition: number): LogStorage | undefined
  /** Called after every change of the topic's definition. */
  saved(topic: Topic): void
  deleted(topic: Topic): void
}

const legalName = /^[a-zA-Z0-9._-]{1,249}$/

export function wake(partition: Partition): void {
  if (partition.waiters.size === 0) return
  const waiters = [...partition.waiters]
  partition.waiters.clear()
  for (const waiter of waiters) waiter()
}

export class Topics {
  readonly #topics = new Map<string, Topic>()
  readonly #byId = new Map<string, Topic>()
  readonly #numBrokers: number
  readonly #store: TopicStore
  #nextLeader = 0

  constructor(numBrokers: number, store: TopicStore) {
    this.#numBrokers = numBrokers
    this.#store = store
  }

  all(): Iterable<Topic> {
    return this.#topics.values()
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name)
  }

  byId(id: string): Topic | undefined {
    return this.#byId.get(id)
  }

  partition(name: string, index: number): Partition | undefined {
    return this.#topics.get(name)?.partitions[index]
  }

  /** Why a topic cannot be created, as an error code; 0 when it can. */
  refusal(name: string, numPartitions: number): number {
    if (name === '.' || name === '..' || !legalName.test(name)) return errorCode.invalidTopic
    if (this.#topics.has(name)) return errorCode.topicAlreadyExists
    if (!Number.isInteger(numPartitions) || numPartitions < 1) return errorCode.invalidPartitions
    return errorCode.none
  }

  create(name: string, numPartitions: number, configs: ReadonlyMap<string, string>, id?: string): Topic {
    const topic: Topic = {
      name,
      id: id ?? randomBytes(16).toString('hex'),
      partitions: [],
      configs: new Map(configs),
    }
    this.#addPartitions(topic, numPartitions)
    this.#topics.set(name, topic)
    this.#byId.set(topic.id, topic)
    this.#store.saved(topic)
    return topic
  }

  addPartitions(topic: Topic, count: number): void {
    this.#addPartitions(topic, count - topic.partitions.length)
    this.#store.saved(topic)
  }

  configure(topic: Topic): void {
    this.#store.saved(topic)
  }

  delete(topic: Topic): void {
    this.#topics.delete(topic.name)
    this.#byId.delete(topic.id)
    for (const partition of topic.partitions) {
      partition.log.close()
      wake(partition)
    }
    this.#store.deleted(topic)
  }

  moveLeader(partition: Partition, nodeId: number): void {
    partition.leader = nodeId
    partition.leaderEpoch++
    wake(partition)
  }

  close(): void {
    for (const topic of this.all()) for (const partition of topic.partitions) partition.log.close()
  }

  #addPartitions(topic: Topic, count: number): void {
    for (let i = 0; i < count; i++) {
      const index = topic.partitions.length
      const log = new PartitionLog(this.#store.storage(topic.id, index))
      const leader = 1 + (this.#nextLeader++ % this.#numBrokers)
      // A restart is an election: the epoch is above that of every stored batch.
      const leaderEpoch = log.lastLeaderEpoch + 1
      topic.partitions.push({ topic, index, log, leader, leaderEpoch, waiters: new Set() })
    }
  }
}
