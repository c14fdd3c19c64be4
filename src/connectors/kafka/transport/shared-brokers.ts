/**
 * What all jobs of a thread have in common that reach the same servers in the same way, with the same credentials: the
 * metadata, the connections for short requests, and the watch over silent partitions. Requests that wait for long (fetches)
 * and those that carry rows go over connections of the job's own, so that no job's load or end holds up another. A
 * connection that breaks fails everybody's requests on it; each tries again as it would have with a connection of its own.
 */
import { createHash } from 'node:crypto'
import { connectorError } from '../../../errors/index.ts'
import { type MetadataResponse, metadataRequest, metadataWithIdsRequest } from '../requests/metadata.ts'
import type { BrokerConnection } from './broker-connection.ts'
import { connectFailure, isTransportError } from './connect-errors.ts'
import { type ConnectionConfig, connectionKey, sharedConfig } from './connection-config.ts'
import { ConnectionPool } from './connection-pool.ts'
import { IdleWatch } from './idle-watch.ts'
import type { ApiRange } from './request.ts'
import { Backoff } from './retry.ts'

/** How long the first contact may take before its error is reported. */
const FIRST_CONTACT_MS = 5_000
/** How long connections stay open that nobody uses: a job that restarts finds them. */
const LINGER_MS = 1_000
/** How often connections of a job alone are closed that it has not used since the last time. */
const UNUSED_MS = 30_000
const METADATA = 3

const registry = new Map<string, SharedBrokers>()

/** A job's use of the brokers. */
export interface BrokerUser {
  /** Nodes have gone or moved. */
  nodesChanged(): void
  /** Closes connections of its own that were not used since the last call. */
  closeUnused(): void
}

export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

export class SharedBrokers {
  readonly config: ConnectionConfig
  readonly #key: string
  readonly #users = new Set<BrokerUser>()
  readonly #pools = new Map<string, ConnectionPool>()
  readonly #nodes = new Map<number, BrokerAddress>()
  readonly #leaders = new Map<string, Int32Array>()
  readonly #topicIds = new Map<string, string>()
  readonly #idleWatches = new Map<string, IdleWatch>()
  /** Metadata requests on their way, by what they ask. */
  readonly #asked = new Map<string, Promise<MetadataResponse>>()
  #contact: Promise<void> | null = null
  #linger: NodeJS.Timeout | null = null
  readonly #timer: NodeJS.Timeout
  #clusterId = ''
  #controllerId = -1
  #closed = false

  private constructor(key: string, config: ConnectionConfig) {
    this.#key = key
    this.config = sharedConfig(config)
    this.#timer = setInterval(() => {
      for (const user of this.#users) user.closeUnused()
    }, UNUSED_MS)
    this.#timer.unref()
  }

  /** Those for this configuration; `leave` gives them back. */
  static join(config: ConnectionConfig, user: BrokerUser): SharedBrokers {
    const key = createHash('sha256').update(connectionKey(config)).digest('hex')
    let shared = registry.get(key)
    if (shared === undefined) registry.set(key, (shared = new SharedBrokers(key, config)))
    shared.#join(user)
    return shared
  }

  #join(user: BrokerUser): void {
    this.#users.add(user)
    if (this.#linger === null) return
    clearTimeout(this.#linger)
    this.#linger = null
    for (const pool of this.#pools.values()) pool.keepAlive(true)
  }

  leave(user: BrokerUser): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return
    for (const pool of this.#pools.values()) pool.keepAlive(false)
    this.#linger = setTimeout(() => this.#close(), LINGER_MS)
    this.#linger.unref()
  }

  #close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    registry.delete(this.#key)
    for (const pool of this.#pools.values()) pool.close()
  }

  get clusterId(): string {
    return this.#clusterId
  }

  get controllerId(): number {
    return this.#controllerId
  }

  address(nodeId: number): BrokerAddress | undefined {
    return this.#nodes.get(nodeId)
  }

  /** A coordinator may be known before metadata names it. */
  addNode(nodeId: number, address: BrokerAddress): void {
    if (!this.#nodes.has(nodeId)) this.#nodes.set(nodeId, address)
  }

  leaders(topic: string): Int32Array | undefined {
    return this.#leaders.get(topic)
  }

  topicId(topic: string): string {
    return this.#topicIds.get(topic) ?? ''
  }

  anyNode(): number {
    const open = [...this.#nodes].find(([, address]) => this.#pool(address).isOpen)
    return open?.[0] ?? this.#nodes.keys().next().value ?? -1
  }

  apiRange(apiKey: number): ApiRange | undefined {
    for (const pool of this.#pools.values()) {
      const range = pool.apiRange(apiKey)
      if (range !== undefined) return range
    }
    return undefined
  }

  /** For the next short request to a node; undefined when it is not known. */
  connection(nodeId: number): BrokerConnection | undefined {
    const address = this.#nodes.get(nodeId)
    return address === undefined ? undefined : this.#pool(address).pick()
  }

  /** Looks after silent partitions that the node leads, for readers with this isolation. */
  idleWatch(nodeId: number, readCommitted: boolean): IdleWatch {
    const key = `${nodeId}/${readCommitted}`
    let watch = this.#idleWatches.get(key)
    if (watch === undefined) {
      watch = new IdleWatch(this.config, readCommitted, () => this.#nodes.get(nodeId))
      this.#idleWatches.set(key, watch)
    }
    return watch
  }

  #pool({ host, port }: BrokerAddress): ConnectionPool {
    const address = `${host}:${port}`
    let pool = this.#pools.get(address)
    if (pool === undefined) this.#pools.set(address, (pool = new ConnectionPool(host, port, this.config)))
    return pool
  }

  /** One to each broker: open connections first, then every known node, then the bootstrap servers. */
  anyConnections(): BrokerConnection[] {
    const pools = new Set([...this.#nodes.values(), ...this.config.bootstrap].map(at => this.#pool(at)))
    return [...pools].sort((a, b) => Number(b.isOpen) - Number(a.isOpen)).map(pool => pool.pick())
  }

  /** Whether a broker answers: coded errors within FIRST_CONTACT_MS plus one connection attempt. */
  contact(): Promise<void> {
    this.#contact ??= this.#firstContact().finally(() => {
      this.#contact = null
    })
    return this.#contact
  }

  async #firstContact(): Promise<void> {
    const backoff = new Backoff()
    for (const deadline = performance.now() + FIRST_CONTACT_MS; ; await backoff.wait()) {
      let failure: unknown
      for (const connection of this.anyConnections()) {
        try {
          this.#adopt(await connection.send(metadataRequest([])))
          return
        } catch (error) {
          // An error that names a mistake says more than "unreachable" of another server.
          if (failure === undefined || !isTransportError(error))
            failure = connectFailure(error, connection.address, this.config)
        }
      }
      if (this.#closed || !isTransportError(failure) || performance.now() > deadline) throw failure
    }
  }

  /** Calls that ask the same at the same time share one request. */
  metadata(topics: readonly string[] | null, mayCreate: boolean): Promise<MetadataResponse> {
    const wanted = topics === null ? null : [...new Set(topics)].sort()
    const key = JSON.stringify([wanted, mayCreate])
    let asked = this.#asked.get(key)
    if (asked === undefined) {
      asked = this.#metadata(wanted, mayCreate).finally(() => this.#asked.delete(key))
      this.#asked.set(key, asked)
    }
    return asked
  }

  async #metadata(topics: readonly string[] | null, mayCreate: boolean): Promise<MetadataResponse> {
    const backoff = new Backoff()
    for (const deadline = performance.now() + this.config.requestTimeoutMs; ; await backoff.wait()) {
      let failure: unknown
      for (const connection of this.anyConnections()) {
        try {
          const request = (await connection.offers(METADATA, 10)) ? metadataWithIdsRequest : metadataRequest
          const response = await connection.send(request(topics, mayCreate))
          // A broker that has just started may not know the others yet.
          if (response.brokers.length === 0) continue
          this.#adopt(response)
          return response
        } catch (error) {
          if (this.#closed || !isTransportError(error)) throw error
          failure = connectFailure(error, connection.address, this.config)
        }
      }
      if (this.#closed) throw connectorError('MR_KAFKA_CLOSED', 'The connections to the cluster are closed.')
      // Where a lost answer has taken all the time, every broker is asked once more.
      if (performance.now() > deadline && backoff.tries > 0) throw failure ?? noBrokers()
    }
  }

  #adopt(metadata: MetadataResponse): void {
    this.#clusterId = metadata.clusterId
    this.#controllerId = metadata.controllerId
    this.#adoptNodes(metadata)
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

  #adoptNodes({ brokers }: MetadataResponse): void {
    const now = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    let changed = false
    for (const [nodeId, { host, port }] of this.#nodes) {
      const next = now.get(nodeId)
      if (next?.host === host && next.port === port) continue
      this.#nodes.delete(nodeId)
      changed = true
    }
    for (const [nodeId, address] of now) if (!this.#nodes.has(nodeId)) this.#nodes.set(nodeId, address)
    const used = new Set([...now.values()].map(({ host, port }) => `${host}:${port}`))
    // Bootstrap servers are often other names of the brokers: once these are known they are not needed.
    for (const [address, pool] of this.#pools)
      if (!used.has(address) && (changed || pool.isIdle)) this.#drop(pool)
    if (!changed) return
    for (const user of this.#users) user.nodesChanged()
    for (const watch of this.#idleWatches.values()) watch.nodesChanged()
  }

  #drop(pool: ConnectionPool): void {
    this.#pools.delete(pool.address)
    pool.close()
  }
}

const noBrokers = () =>
  connectorError('MR_KAFKA_NO_ANSWER', 'The Kafka cluster answers that it has no brokers.', {
    retriable: true,
  })
