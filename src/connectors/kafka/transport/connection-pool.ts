/**
 * Connections to one address for the short requests of many jobs: a single one while it is enough, more while requests
 * pile up, for a broker answers those of a connection one after another.
 */
import { BrokerConnection } from './broker-connection.ts'
import type { ConnectionConfig } from './connection-config.ts'
import type { ApiRange } from './request.ts'

const MOST_CONNECTIONS = 8
/** Requests that may wait on every connection before there is another one. */
const MOST_WAITING = 4

export class ConnectionPool {
  readonly host: string
  readonly port: number
  readonly #config: ConnectionConfig
  readonly #connections: BrokerConnection[] = []

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
    const [first] = this.#connections
    let best = first
    for (const connection of this.#connections)
      if (connection.numWaiting < best!.numWaiting) best = connection
    if (
      best !== undefined &&
      (best.numWaiting < MOST_WAITING || this.#connections.length >= MOST_CONNECTIONS)
    )
      return best
    const fresh = new BrokerConnection(this.host, this.port, this.#config)
    this.#connections.push(fresh)
    return fresh
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
  }
}
