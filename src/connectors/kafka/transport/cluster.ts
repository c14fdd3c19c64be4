/**
 * One Kafka cluster as the connectors see it: brokers by node id, leaders of partitions, coordinators of groups
 * and transactional ids. Shared by everything of a job that uses the same servers and credentials.
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
  metadataRequest,
  metadataWithIdsRequest,
  type TopicMetadata,
} from '../requests/metadata.ts'
import { BrokerConnection } from './broker-connection.ts'
import { connectFailure } from './connect-errors.ts'
import { type ConnectionConfig, connectionKey } from './connection-config.ts'
import { errorName, isAuthorizationError, isMovedCoordinator } from './error-codes.ts'
import type { ApiRange, KafkaRequest } from './request.ts'
import type { ResponsePool } from './response-pool.ts'
import { Backoff } from './retry.ts'

/** How long the first contact may take before its error is reported. */
const FIRST_CONTACT_MS = 5_000
/** How long a topic just created may be unknown to the brokers. */
const NEW_TOPIC_MS = 2_000
const METADATA = 3

/** True for failures of the wire (not of the request): another try, perhaps at another broker, makes sense. */
export const isTransportError = (error: unknown): boolean =>
  error instanceof MillraceError ? error.retriable : true

interface Node {
  readonly host: string
  readonly port: number
  readonly connections: Map<string, BrokerConnection>
}

export class KafkaCluster {
  readonly config: ConnectionConfig
  readonly logger: Logger
  readonly #pools = new Map<string, ResponsePool>()
  readonly #nodes = new Map<number, Node>()
  readonly #seeds: BrokerConnection[]
  readonly #leaders = new Map<string, Int32Array>()
  readonly #topicIds = new Map<string, string>()
  readonly #coordinators = new Map<string, number>()
  readonly #refreshes = new Map<string, Promise<void>>()
  #connecting: Promise<void> | undefined
  #clusterId = ''
  #controllerId = -1
  #closed = false

  constructor(config: ConnectionConfig, logger: Logger) {
    this.config = config
    this.logger = logger
    this.#seeds = config.bootstrap.map(({ host, port }) => new BrokerConnection(host, port, config))
  }

  /** The job's cluster for these servers and credentials. */
  static of(job: JobContext, config: ConnectionConfig): KafkaCluster {
    const key = createHash('sha256').update(connectionKey(config)).digest('hex')
    return job.shared(`kafka-cluster:${key}`, () => new KafkaCluster(config, job.logger))
  }

  get clusterId(): string {
    return this.#clusterId
  }

  get controllerId(): number {
    return this.#controllerId
  }

  get closed(): boolean {
    return this.#closed
  }

  /** First contact: coded errors within `FIRST_CONTACT_MS` plus one connection attempt. */
  connect(): Promise<void> {
    this.#connecting ??= this.#firstContact().catch(error => {
      this.#connecting = undefined
      throw error
    })
    return this.#connecting
  }

  async #firstContact(): Promise<void> {
    const backoff = new Backoff()
    for (const deadline = performance.now() + FIRST_CONTACT_MS; ; await backoff.wait()) {
      let failure: unknown
      for (const seed of this.#seeds) {
        try {
          this.#adopt(await seed.send(metadataRequest([])))
          return
        } catch (error) {
          // An error that names a mistake says more than "unreachable" of another server.
          if (failure === undefined || !isTransportError(error))
            failure = connectFailure(error, seed.address, this.config)
        }
      }
      if (!isTransportError(failure) || performance.now() > deadline) {
        throw failure
      }
    }
  }

  #adopt(metadata: MetadataResponse): void {
    this.#clusterId = metadata.clusterId
    this.#controllerId = metadata.controllerId
    const seen = new Set<number>()
    for (const { nodeId, host, port } of metadata.brokers) {
      seen.add(nodeId)
      const known = this.#nodes.get(nodeId)
      if (known !== undefined && known.host === host && known.port === port) continue
      if (known !== undefined) closeNode(known)
      this.#nodes.set(nodeId, { host, port, connections: new Map() })
    }
    for (const [nodeId, node] of this.#nodes) {
      if (seen.has(nodeId)) continue
      closeNode(node)
      this.#nodes.delete(nodeId)
    }
    for (const { topic, id, code, partitions } of metadata.topics) {
      if (code !== 0 && code !== 5) {
        if (code === 3) this.#leaders.delete(topic)
        continue
      }
      this.#topicIds.set(topic, id)
      const count = Math.max(0, ...partitions.map(p => p.partition + 1))
      const leaders = new Int32Array(count).fill(-1)
      for (const { partition, leader } of partitions) leaders[partition] = leader
      this.#leaders.set(topic, leaders)
    }
  }

  /** One answer from any broker that is up. Topics carry their own codes; nothing is thrown for them. */
  async metadata(topics: readonly string[] | null, mayCreate = false): Promise<MetadataResponse> {
    await this.connect()
    const backoff = new Backoff()
    for (const deadline = performance.now() + this.config.requestTimeoutMs; ; await backoff.wait()) {
      let failure: unknown
      for (const connection of this.#anyConnections()) {
        try {
          const request = (await connection.offers(METADATA, 10)) ? metadataWithIdsRequest : metadataRequest
          const response = await connection.send(request(topics, mayCreate))
          // A broker that has just started may not know the others yet.
          if (response.brokers.length === 0) continue
          this.#adopt(response)
          return response
        } catch (error) {
          if (this.#closed || !isTransportError(error)) throw error
          connection.reset()
          failure = error
        }
      }
      if (performance.now() > deadline) throw failure ?? new Error('no broker answered')
    }
  }

  /** Open connections first, then every known node, then the bootstrap servers. */
  #anyConnections(): BrokerConnection[] {
    const known = [...this.#nodes.keys()].map(nodeId => this.#connection(nodeId, 'control')!)
    known.sort((a, b) => Number(b.isOpen) - Number(a.isOpen))
    return [...known, ...this.#seeds]
  }

  #connection(nodeId: number, purpose: string): BrokerConnection | undefined {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) return undefined
    let connection = node.connections.get(purpose)
    if (connection === undefined) {
      connection = new BrokerConnection(node.host, node.port, this.config, this.#pools.get(purpose))
      node.connections.set(purpose, connection)
    }
    return connection
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

  /** Reads leaders again; calls for the same topics at the same time share one request. */
  refresh(topics: readonly string[]): Promise<void> {
    const key = topics.join(';')
    let running = this.#refreshes.get(key)
    if (running === undefined) {
      running = this.metadata(topics)
        .then(() => {})
        .finally(() => this.#refreshes.delete(key))
      this.#refreshes.set(key, running)
    }
    return running
  }

  /** Node id of the leader, -1 while there is none, undefined when the partition is not known. */
  leaderOf(topic: string, partition: number): number | undefined {
    return this.#leaders.get(topic)?.[partition]
  }

  /** The id the topic had when its metadata was last read; '' = not known. */
  topicId(topic: string): string {
    return this.#topicIds.get(topic) ?? ''
  }

  /** Some node, for requests every broker answers. */
  anyNode(): number {
    const open = [...this.#nodes].find(([, { connections }]) => connections.get('control')?.isOpen === true)
    return open?.[0] ?? this.#nodes.keys().next().value ?? -1
  }

  numPartitions(topic: string): number {
    return this.#leaders.get(topic)?.length ?? 0
  }

  /** Sends to a node. Rejects on any failure of the wire; the connection is then opened anew by the next send. */
  async send<T>(nodeId: number, purpose: string, request: KafkaRequest<T>): Promise<T> {
    const connection = this.#connection(nodeId, purpose)
    if (connection === undefined) {
      throw connectorError(
        'MR_KAFKA_UNKNOWN_NODE',
        `Kafka node ${nodeId} is not in the cluster's metadata.`,
        {
          retriable: true,
        },
      )
    }
    try {
      return await connection.send(request)
    } catch (error) {
      // A request that was not answered in time leaves the connection in doubt.
      connection.reset()
      throw error
    }
  }

  /** What the coordinator of `key` offers of an API; undefined before the first request to it. */
  apiRange(apiKey: number): ApiRange | undefined {
    for (const { connections } of this.#nodes.values())
      for (const connection of connections.values()) {
        const range = connection.apiRange(apiKey)
        if (range !== undefined) return range
      }
    for (const seed of this.#seeds) {
      const range = seed.apiRange(apiKey)
      if (range !== undefined) return range
    }
    return undefined
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
      const response = await this.send(nodeId, 'control', request)
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
    for (const connection of this.#anyConnections()) {
      try {
        const { code, nodeId, host, port } = await connection.send(findCoordinatorRequest(type, key))
        await failPoint('kafka.find-coordinator.after')
        if (isAuthorizationError(code)) throw permissionError(type, key, code)
        if (code !== 0) {
          throw connectorError(
            'MR_KAFKA_NO_COORDINATOR',
            `The coordinator of ${type} '${key}' is not available: ${errorName(code)}.`,
            { retriable: true },
          )
        }
        if (!this.#nodes.has(nodeId)) this.#nodes.set(nodeId, { host, port, connections: new Map() })
        this.#coordinators.set(`${type}:${key}`, nodeId)
        return nodeId
      } catch (error) {
        if (this.#closed || !isTransportError(error)) throw error
        if (error instanceof MillraceError && error.code === 'MR_KAFKA_NO_COORDINATOR') throw error
        connection.reset()
        failure = error
      }
    }
    throw failure ?? new Error('no broker answered')
  }

  /** Connections of this purpose, opened from now on, put their responses into the pool. */
  usePool(purpose: string, pool: ResponsePool): void {
    this.#pools.set(purpose, pool)
  }

  /** Cuts off what is in flight to a node for one purpose; it is rejected, and the next request connects again. */
  resetConnection(nodeId: number, purpose: string): void {
    this.#nodes.get(nodeId)?.connections.get(purpose)?.reset()
  }

  /** Ends the connections of one purpose at every node, with whatever is in flight on them. */
  closeConnections(purpose: string): void {
    this.#pools.delete(purpose)
    for (const { connections } of this.#nodes.values()) {
      connections.get(purpose)?.close()
      connections.delete(purpose)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const seed of this.#seeds) seed.close()
    for (const node of this.#nodes.values()) closeNode(node)
  }
}

function closeNode(node: Node): void {
  for (const connection of node.connections.values()) connection.close()
}

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
