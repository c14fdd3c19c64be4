/**
 * Connections to one address for the short requests of many jobs: a single one while it is enough, more while requests
 * pile up, for a broker answers those of a connection one after another. Those that are not needed any more are closed.
 */
import { BrokerConnection } from './broker-connection.ts'
import type { ConnectionConfig } from './connection-config.ts'
import type { ApiRange } from './request.ts'

const MOST_CONNECTIONS = 32
/** Requests that may wait on every connection before there is another one. */
const MOST_WAITING = 2
/** A further connection is closed when it was not used for this long. */
const UNUSED_MS = 2_000

export class ConnectionPool {
  readonly host: string
  readonly port: number
  readonly #config: ConnectionConfig
  readonly #connections: BrokerConnection[] = []
  readonly #used = new Set<BrokerConnection>()
  #timer: NodeJS.Timeout | null = null

  constructor(host: string, port: number, config: ConnectionConfig) {
    this.host = host
    this.port = port
    this.#config = config
  }

  get address(): string {
    return `${this.host}:${this.port}`
  }

  get isOpen(): boolean {
    return this.#connections.some(({ isOpen }) => isOpen)
  }

  /** Nobody waits for an answer. */
  get isIdle(): boolean {
    return this.#connections.every(({ numWaiting }) => numWaiting === 0)
  }

  /** The connection for the next request. */
  pick(): BrokerConnection {
    let best = this.#connections[0]
    for (const connection of this.#connections)
      if (connection.numWaiting < best!.numWaiting) best = connection
    const isEnough =
      this.#connections.length >= MOST_CONNECTIONS || (best?.numWaiting ?? Infinity) < MOST_WAITING
    if (best !== undefined && isEnough) {
      this.#used.add(best)
      return best
    }
    const fresh = new BrokerConnection(this.host, this.port, this.#config)
    this.#connections.push(fresh)
    if (this.#connections.length > 1 && this.#timer === null) {
      this.#timer = setInterval(() => this.#closeUnused(), UNUSED_MS)
      this.#timer.unref()
    }
    this.#used.add(fresh)
    return fresh
  }

  #closeUnused(): void {
    for (const [i, connection] of [...this.#connections.entries()].reverse()) {
      if (i === 0 || this.#used.has(connection) || connection.numWaiting > 0) continue
      connection.close(true)
      this.#connections.splice(i, 1)
    }
    this.#used.clear()
    if (this.#connections.length === 1) this.#stopTimer()
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  apiRange(apiKey: number): ApiRange | undefined {
    for (const connection of this.#connections) {
      const range = connection.apiRange(apiKey)
      if (range !== undefined) return range
    }
    return undefined
  }

  /** Whether open connections keep the process alive. */
  keepAlive(keep: boolean): void {
    for (const connection of this.#connections) connection.keepAlive(keep)
  }

  /** Ends the connections with what is in flight on them; the next `pick` makes a new one. */
  close(): void {
    for (const connection of this.#connections) connection.close(true)
    this.#connections.length = 0
    this.#used.clear()
    this.#stopTimer()
  }
}
