/**
 * A job's use of one Kafka cluster: brokers by node id, leaders of partitions, coordinators of groups and transactional
 * ids. What other jobs use too is in SharedBrokers; closing this ends only the job's own requests and connections.
 */
import { createHash } from 'node:crypto'
import { connectorError, MillraceError } from '../../../errors/index.ts'
import { failPoint } from '../../../failpoints/failpoints.ts'
import type { Logger } from '../../../logger/logger.ts'
import type { JobContext } from '../../contract/index.ts'
import {
  type CoordinatorType,
  findCoordinatorRequest,
  type MetadataResponse,
  type TopicMetadata,
} from '../requests/metadata.ts'
import { BrokerConnection } from './broker-connection.ts'
import { isTransportError } from './connect-errors.ts'
import { type ConnectionConfig, connectionKey } from './connection-config.ts'
import { errorName, isAuthorizationError, isMovedCoordinator } from './error-codes.ts'
import type { IdleWatch } from './idle-watch.ts'
import type { ApiRange, KafkaRequest } from './request.ts'
import type { ResponsePool } from './response-pool.ts'
import { Backoff } from './retry.ts'
import { type BrokerUser, SharedBrokers } from './shared-brokers.ts'

/** How long a topic just created may be unknown to the brokers. */
const NEW_TOPIC_MS = 2_000

/** The purpose of short requests, which share connections with those of other jobs. */
const SHORT = 'control'

export class KafkaCluster implements BrokerUser {
  readonly config: ConnectionConfig
  readonly logger: Logger
  readonly #shared: SharedBrokers
  /** The job's own connections, by purpose and node. */
  readonly #connections = new Map<string, Map<number, BrokerConnection>>()
  readonly #pools = new Map<string, ResponsePool>()
  readonly #coordinators = new Map<string, number>()
  /** Of requests on shared connections: the close of this job ends its own. */
  readonly #rejections = new Set<(error: Error) => void>()
  #connecting: Promise<void> | undefined
  #closed = false

  constructor(config: ConnectionConfig, logger: Logger) {
    this.config = config
    this.logger = logger
    this.#shared = SharedBrokers.join(config, this)
  }

  /** The job's cluster for these servers and credentials. */
  static of(job: JobContext, config: ConnectionConfig): KafkaCluster {
    const key = createHash('sha256').update(connectionKey(config)).digest('hex')
    return job.shared(`kafka-cluster:${key}`, () => new KafkaCluster(config, job.logger))
  }

  get clusterId(): string {
    return this.#shared.clusterId
  }

  get controllerId(): number {
    return this.#shared.controllerId
  }

  get closed(): boolean {
    return this.#closed
  }

  /** First contact of the job: coded errors soon, also when others have been connected for long. */
  connect(): Promise<void> {
    this.#connecting ??= this.#own(() => this.#shared.contact()).catch(error => {
      this.#connecting = undefined
      throw error
    })
    return this.#connecting
  }

  /** A step on shared connections, which the close of this job gives up. */
  #own<T>(step: () => Promise<T>): Promise<T> {
    if (this.#closed)
      return Promise.reject(connectorError('MR_KAFKA_CLOSED', 'The connection to the cluster is closed.'))
    return new Promise((resolve, reject) => {
      this.#rejections.add(reject)
      step()
        .then(resolve, reject)
        .finally(() => this.#rejections.delete(reject))
    })
  }

  /** One answer from any broker that is up. Topics carry their own codes; nothing is thrown for them. */
  async metadata(topics: readonly string[] | null, mayCreate = false): Promise<MetadataResponse> {
    await this.connect()
    return this.#own(() => this.#shared.metadata(topics, mayCreate))
  }

  /**
   * Metadata of topics that must exist. Throws coded errors for missing topics and missing permissions. With
   * `mayCreate`, brokers with auto.create.topics.enable create what is missing, as for Java's producers.
   */
  async requireTopics(topics: readonly string[], mayCreate = false): Promise<readonly TopicMetadata[]> {
    const backoff = new Backoff()
    for (const deadline = performance.now() + NEW_TOPIC_MS; ; await backoff.wait()) {
      const response = await this.metadata(topics, mayCreate)
      const bad = response.topics.find(({ code, partitions }) => code !== 0 || partitions.length === 0)
      if (bad === undefined) return response.topics
      if (performance.now() < deadline && !isAuthorizationError(bad.code) && bad.code !== 17) continue
      throw topicError(bad)
    }
  }

  /** Reads leaders again. */
  async refresh(topics: readonly string[]): Promise<void> {
    await this.metadata(topics)
  }

  /** Node id of the leader, -1 while there is none, undefined when the partition is not known. */
  leaderOf(topic: string, partition: number): number | undefined {
    return this.#shared.leaders(topic)?.[partition]
  }

  /** The id the topic had when its metadata was last read; '' = not known. */
  topicId(topic: string): string {
    return this.#shared.topicId(topic)
  }

  /** Some node, for requests every broker answers. */
  anyNode(): number {
    return this.#shared.anyNode()
  }

  numPartitions(topic: string): number {
    return this.#shared.leaders(topic)?.length ?? 0
  }

  /** Sends to a node. Rejects on any failure of the wire; the connection is then opened anew by the next send. */
  async send<T>(nodeId: number, purpose: string, request: KafkaRequest<T>): Promise<T> {
    if (purpose !== SHORT) return this.#ownConnection(nodeId, purpose).send(request)
    return this.#own(async () => {
      const connection = this.#shared.connection(nodeId)
      if (connection === undefined) throw unknownNode(nodeId)
      return connection.send(request, this)
    })
  }

  #ownConnection(nodeId: number, purpose: string): BrokerConnection {
    if (this.#closed) throw connectorError('MR_KAFKA_CLOSED', 'The connection to the cluster is closed.')
    let byNode = this.#connections.get(purpose)
    if (byNode === undefined) this.#connections.set(purpose, (byNode = new Map()))
    let connection = byNode.get(nodeId)
    if (connection === undefined) {
      const address = this.#shared.address(nodeId)
      if (address === undefined) throw unknownNode(nodeId)
      connection = new BrokerConnection(address.host, address.port, this.config, this.#pools.get(purpose))
      byNode.set(nodeId, connection)
    }
    return connection
  }

  nodesChanged(): void {
    for (const byNode of this.#connections.values())
      for (const [nodeId, connection] of byNode) {
        const now = this.#shared.address(nodeId)
        if (now !== undefined && connection.address === `${now.host}:${now.port}`) continue
        connection.close(true)
        byNode.delete(nodeId)
      }
  }

  closeUnused(): void {
    for (const byNode of this.#connections.values())
      for (const connection of byNode.values()) connection.resetUnused()
  }

  /** What the brokers offer of an API; undefined before the first request. */
  apiRange(apiKey: number): ApiRange | undefined {
    return this.#shared.apiRange(apiKey)
  }

  /**
   * One try at the coordinator of a group or transactional id. `codeOf` reads the code of the answer, so that a
   * coordinator that moved is looked up again by the next try. Rejects on failures of the wire and when access
   * is denied.
   */
  async sendToCoordinator<T>(
    type: CoordinatorType,
    key: string,
    request: KafkaRequest<T>,
    codeOf: (response: T) => number,
  ): Promise<T> {
    const cacheKey = `${type}:${key}`
    const nodeId = this.#coordinators.get(cacheKey) ?? (await this.#findCoordinator(type, key))
    try {
      const response = await this.send(nodeId, SHORT, request)
      if (isMovedCoordinator(codeOf(response))) this.#coordinators.delete(cacheKey)
      return response
    } catch (error) {
      this.#coordinators.delete(cacheKey)
      throw error
    }
  }

  async #findCoordinator(type: CoordinatorType, key: string): Promise<number> {
    await this.connect()
    await failPoint('kafka.find-coordinator.before')
    let failure: unknown
    for (const connection of this.#shared.anyConnections()) {
      try {
        const request = findCoordinatorRequest(type, key)
        const { code, nodeId, ...address } = await this.#own(() => connection.send(request, this))
        await failPoint('kafka.find-coordinator.after')
        if (isAuthorizationError(code)) throw permissionError(type, key, code)
        if (code !== 0) {
          throw connectorError(
            'MR_KAFKA_NO_COORDINATOR',
            `The coordinator of ${type} '${key}' is not available: ${errorName(code)}.`,
            { retriable: true },
          )
        }
        this.#shared.addNode(nodeId, address)
        this.#coordinators.set(`${type}:${key}`, nodeId)
        return nodeId
      } catch (error) {
        if (this.#closed || !isTransportError(error)) throw error
        if (error instanceof MillraceError && error.code === 'MR_KAFKA_NO_COORDINATOR') throw error
        failure = error
      }
    }
    throw failure ?? new Error('no broker answered')
  }

  /** Of all jobs, over silent partitions that the node leads. */
  idleWatch(nodeId: number, readCommitted: boolean): IdleWatch {
    return this.#shared.idleWatch(nodeId, readCommitted)
  }

  /** Connections of this purpose, opened from now on, put their responses into the pool. */
  usePool(purpose: string, pool: ResponsePool): void {
    this.#pools.set(purpose, pool)
  }

  /** Cuts off what is in flight to a node for one purpose; it is rejected, and the next request connects again. */
  resetConnection(nodeId: number, purpose: string): void {
    this.#connections.get(purpose)?.get(nodeId)?.reset()
  }

  /** Ends the connections of one purpose at every node, with whatever is in flight on them. */
  closeConnections(purpose: string): void {
    this.#pools.delete(purpose)
    for (const connection of this.#connections.get(purpose)?.values() ?? []) connection.close()
    this.#connections.delete(purpose)
  }

  /** Ends the job's connections, and its requests on those it shares. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const purpose of [...this.#connections.keys()]) this.closeConnections(purpose)
    for (const reject of this.#rejections) reject(new Error('Closed connection'))
    this.#rejections.clear()
    this.#shared.leave(this)
  }
}

const unknownNode = (nodeId: number): MillraceError =>
  connectorError('MR_KAFKA_UNKNOWN_NODE', `Kafka node ${nodeId} is not in the cluster's metadata.`, {
    retriable: true,
  })

function topicError({ topic, code, partitions }: TopicMetadata): MillraceError {
  if (code === 3 || (code === 0 && partitions.length === 0)) {
    return connectorError('MR_KAFKA_TOPIC_MISSING', `Topic '${topic}' does not exist.`, {
      hint: `Create it (kafka-topics.sh --create --topic ${topic}), or correct the table's option 'topic'.`,
    })
  }
  if (isAuthorizationError(code)) {
    return connectorError('MR_KAFKA_PERMISSION', `No permission to describe topic '${topic}'.`, {
      hint: `Grant this user Read (for sources) or Write (for sinks) on topic '${topic}'.`,
    })
  }
  return connectorError('MR_KAFKA_TOPIC', `Topic '${topic}' cannot be used: ${errorName(code)}.`, {
    retriable: code === 5,
  })
}

/** Missing access to a group or transactional id. */
export function permissionError(type: CoordinatorType, key: string, code: number): MillraceError {
  const what = type === 'group' ? `group '${key}'` : `transactional id '${key}'`
  return connectorError('MR_KAFKA_PERMISSION', `No permission for ${what}: ${errorName(code)}.`, {
    hint:
      type === 'group'
        ? `Grant this user Read on group '${key}'.`
        : `Grant this user Write on transactional ids with the table's 'sink.transactional-id-prefix'.`,
  })
}
