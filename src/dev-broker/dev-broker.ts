/**
 * The in-process Kafka broker for demos and tests: several listening ports, one cluster state. It keeps everything in memory (and, with a
 * data directory, on disk), replicates nothing, deletes nothing by age, and is no place for data anyone needs.
 */
import { configError } from '../errors/index.ts'
import { type Logger, silentLogger } from '../logger/logger.ts'
import { Clock } from './clock.ts'
import { Cluster, type ClusterSettings, type CoordinatorType } from './cluster/cluster.ts'
import { configProblem } from './cluster/topic-configs.ts'
import { type Partition, wake } from './cluster/topics.ts'
import { FaultInjector } from './faults/fault-injector.ts'
import type { CommittedOffset } from './groups/group-offsets.ts'
import type { AbortedTransaction, StoredBatch } from './log/partition-log.ts'
import type { DevBrokerOptions } from './options.ts'
import { errorCode } from './protocol/error-code.ts'
import { Listener } from './server/listener.ts'
import { type ClusterStorage, memoryStorage } from './storage/cluster-storage.ts'
import { DirectoryStorage } from './storage/directory-storage.ts'
import type { TransactionState } from './transactions/transaction-state.ts'

const minute = 60_000

function settingsOf(options: DevBrokerOptions): ClusterSettings {
  return {
    numBrokers: options.numBrokers ?? 1,
    defaultPartitions: options.defaultPartitions ?? 1,
    autoCreateTopics: options.autoCreateTopics ?? true,
    transactionSweepIntervalMs: options.transactionSweepIntervalMs ?? 1000,
    maxTransactionTimeoutMs: options.maxTransactionTimeoutMs ?? 15 * minute,
    transactionalIdExpirationMs: options.transactionalIdExpirationMs ?? 7 * 24 * 60 * minute,
    markerDelayMs: options.markerDelayMs ?? 5,
    kafkaVersion: options.kafkaVersion ?? '3.9',
    groupInitialRebalanceDelayMs: options.groupInitialRebalanceDelayMs ?? 0,
    maxRequestBytes: options.maxRequestBytes ?? 100 * 1024 * 1024,
    saslUsers: options.sasl ?? [],
  }
}

/** Starts a broker and resolves when all its ports are open. Throws `MR_DEV_BROKER_*` errors for bad options or a taken port. */
export async function startDevBroker(options: DevBrokerOptions = {}): Promise<DevBroker> {
  const settings = settingsOf(options)
  if (!Number.isInteger(settings.numBrokers) || settings.numBrokers < 1) {
    throw configError('MR_DEV_BROKER_OPTION', `numBrokers must be at least 1, not ${settings.numBrokers}`)
  }
  const logger = (options.logger ?? silentLogger).child({ component: 'dev-broker' })
  const storage =
    options.dataDir === undefined ? memoryStorage() : new DirectoryStorage(options.dataDir, logger)
  const broker = new DevBroker(options, settings, storage, logger)
  try {
    await broker.restart()
    for (const { name, partitions, configs } of options.topics ?? []) {
      if (!broker.hasTopic(name)) broker.createTopic(name, partitions, configs)
    }
    logger.info('dev broker is listening', { bootstrap: broker.bootstrap, dataDir: options.dataDir })
  } catch (error) {
    await broker.close()
    throw error
  }
  return broker
}

export class DevBroker implements AsyncDisposable {
  /** Lays faults in the way of requests. */
  readonly faults = new FaultInjector()
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #listeners: readonly Listener[]
  readonly #host: string
  readonly #sweeper: NodeJS.Timeout

  constructor(options: DevBrokerOptions, settings: ClusterSettings, storage: ClusterStorage, logger: Logger) {
    this.#clock = new Clock(options.clock)
    this.#cluster = new Cluster(settings, this.#clock, storage, this.faults, logger)
    this.#host = options.host ?? '127.0.0.1'
    const port = options.port ?? 0
    this.#listeners = Array.from({ length: settings.numBrokers }, (_, i) => {
      return new Listener(this.#cluster, i + 1, this.#host, port === 0 ? 0 : port + i, options.tls)
    })
    this.#sweeper = setInterval(() => this.#cluster.transactions.sweep(), settings.transactionSweepIntervalMs)
    this.#sweeper.unref()
  }

  /** `host:port` of every broker, comma separated. */
  get bootstrap(): string {
    return this.brokers.join(',')
  }

  /** `host:port` of every broker, in the order of node ids 1, 2, … */
  get brokers(): readonly string[] {
    return this.#listeners.map(({ port }) => `${this.#host}:${port}`)
  }

  get clusterId(): string {
    return this.#cluster.id
  }

  /** Open connections of clients, at all brokers. */
  get numConnections(): number {
    return this.#listeners.reduce((sum, { numConnections }) => sum + numConnections, 0)
  }

  /** Stops listening and closes every connection; all state stays. */
  async stop(nodeId?: number): Promise<void> {
    const stopped = this.#listeners.filter(listener => nodeId === undefined || listener.nodeId === nodeId)
    await Promise.all(stopped.map(listener => listener.stop()))
  }

  /** Listens again, on the same ports. */
  async restart(nodeId?: number): Promise<void> {
    const started = this.#listeners.filter(listener => nodeId === undefined || listener.nodeId === nodeId)
    for (const listener of started) {
      await listener.stop()
      await listener.start()
    }
    this.#cluster.nodes = this.#listeners.map(({ nodeId: id, port }) => ({
      nodeId: id,
      host: this.#host,
      port,
    }))
  }

  /** Destroys all client connections, as a network failure would. */
  dropConnections(): void {
    for (const listener of this.#listeners) listener.dropConnections()
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    await this.stop()
    this.#cluster.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  hasTopic(name: string): boolean {
    return this.#cluster.topics.get(name) !== undefined
  }

  topicNames(): string[] {
    return [...this.#cluster.topics.all()].map(({ name }) => name)
  }

  numPartitions(name: string): number {
    return this.#cluster.topics.get(name)?.partitions.length ?? 0
  }

  createTopic(
    name: string,
    partitions: number = this.#cluster.settings.defaultPartitions,
    configs: Readonly<Record<string, string>> = {},
  ): void {
    const refused = this.#cluster.topics.refusal(name, partitions)
    const problem = Object.entries(configs)
      .map(([key, value]) => configProblem(key, value))
      .find(Boolean)
    if (refused !== errorCode.none || problem !== undefined) {
      const reason = problem ?? `code ${refused}`
      throw configError('MR_DEV_BROKER_TOPIC', `topic '${name}' cannot be created: ${reason}`)
    }
    this.#cluster.topics.create(name, partitions, new Map(Object.entries(configs)))
  }

  deleteTopic(name: string): void {
    const topic = this.#cluster.topics.get(name)
    if (topic === undefined) throw configError('MR_DEV_BROKER_TOPIC', `there is no topic '${name}'`)
    this.#cluster.deleteTopic(topic)
  }

  addPartitions(name: string, total: number): void {
    const topic = this.#cluster.topics.get(name)
    if (topic === undefined) throw configError('MR_DEV_BROKER_TOPIC', `there is no topic '${name}'`)
    this.#cluster.topics.addPartitions(topic, total)
  }

  /** The batches of a partition as they are stored, control batches included. */
  readLog(topic: string, partition: number): readonly StoredBatch[] {
    return this.#partition(topic, partition).log.batches
  }

  /** Start, end and last stable offset of a partition, and its aborted transactions in completion order. */
  describeLog(
    topic: string,
    partition: number,
  ): {
    readonly startOffset: number
    readonly endOffset: number
    readonly lastStableOffset: number
    readonly aborted: readonly AbortedTransaction[]
  } {
    const { log } = this.#partition(topic, partition)
    const { startOffset, endOffset, lastStableOffset } = log
    return { startOffset, endOffset, lastStableOffset, aborted: log.abortedBetween(0, endOffset) }
  }

  /** Every transactional id the coordinator knows. */
  transactions(): readonly TransactionState[] {
    return this.#cluster.transactions.states()
  }

  transaction(transactionalId: string): TransactionState | undefined {
    return this.#cluster.transactions.state(transactionalId)
  }

  /** The committed offset of a group, as OffsetFetch without require_stable sees it. */
  committedOffset(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#cluster.groups.get(groupId)?.offsets.get(topic, partition)
  }

  leaderOf(topic: string, partition: number): number {
    return this.#partition(topic, partition).leader
  }

  /** Gives a partition a new leader under a higher epoch; the old one answers 6 NOT_LEADER_OR_FOLLOWER. */
  moveLeader(topic: string, partition: number, nodeId: number): void {
    this.#requireNode(nodeId)
    this.#cluster.topics.moveLeader(this.#partition(topic, partition), nodeId)
  }

  coordinatorOf(type: CoordinatorType, key: string): number {
    return this.#cluster.coordinatorOf(type, key)
  }

  /** Moves a group or transactional id to another broker; the old one answers 16 NOT_COORDINATOR. */
  moveCoordinator(type: CoordinatorType, key: string, nodeId: number): void {
    this.#requireNode(nodeId)
    this.#cluster.moveCoordinator(type, key, nodeId)
  }

  /** Forgets a transactional id, as `transactional.id.expiration.ms` would: its calls read 49. */
  expireTransaction(transactionalId: string): boolean {
    return this.#cluster.transactions.forget(transactionalId)
  }

  /** Aborts an open transaction under the next epoch, as the timeout sweep would. False when none is open. */
  timeoutTransaction(transactionalId: string): boolean {
    return this.#cluster.transactions.timeOut(transactionalId)
  }

  /** Sets the epoch a transactional id has now (32766 is the last before a new producer id). */
  overrideProducerEpoch(transactionalId: string, producerEpoch: number): void {
    this.#cluster.transactions.overrideEpoch(transactionalId, producerEpoch)
  }

  /** Keeps markers back, so that decided transactions stay invisible, until the returned function is called. */
  holdMarkers(): () => void {
    return this.#cluster.transactions.holdMarkers()
  }

  /**
   * Keeps the group offsets of ended transactions pending, although their markers are out, until the returned
   * function is called.
   */
  holdOffsets(): () => void {
    return this.#cluster.holdOffsets()
  }

  /** Moves the broker's clock forward and sweeps for timed-out transactions and expired ids at once. */
  advanceClock(ms: number): void {
    this.#clock.advance(ms)
    this.#cluster.transactions.sweep()
  }

  /** Deletes what a group has committed (on one topic, or all), as offset expiry would. */
  deleteGroupOffsets(groupId: string, topic?: string): void {
    const keys = this.#cluster.groups.get(groupId)?.offsets.keys() ?? []
    for (const key of keys) {
      if (topic === undefined || key.topic === topic) {
        this.#cluster.groups.deleteOffset(groupId, key.topic, key.partition)
      }
    }
  }

  /** Deletes records before an offset, as DeleteRecords or retention would. */
  deleteRecordsBefore(topic: string, partition: number, offset: number): void {
    const found = this.#partition(topic, partition)
    this.#cluster.deleteRecordsBefore(found, offset)
    wake(found)
  }

  #partition(topic: string, index: number): Partition {
    const partition = this.#cluster.topics.partition(topic, index)
    if (partition === undefined) {
      throw configError('MR_DEV_BROKER_TOPIC', `there is no partition ${index} of topic '${topic}'`)
    }
    return partition
  }

  #requireNode(nodeId: number): void {
    if (this.#listeners.some(listener => listener.nodeId === nodeId)) return
    throw configError('MR_DEV_BROKER_OPTION', `there is no broker ${nodeId}`, {
      expected: this.#listeners.map(listener => String(listener.nodeId)),
    })
  }
}
