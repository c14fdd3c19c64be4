/** The listening side of one broker: can be stopped and started again on the same port while the cluster lives on. */
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { connectorError } from '../../errors/index.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { Connection } from './connection.ts'

export interface TlsOptions {
  /** PEM. */
  readonly key: string | Buffer
  /** PEM. */
  readonly cert: string | Buffer
}

export class Listener {
  readonly nodeId: number
  readonly #cluster: Cluster
  readonly #host: string
  readonly #tls: TlsOptions | undefined
  readonly #connections = new Set<Connection>()
  /** Also those whose TLS handshake has not ended. */
  readonly #sockets = new Set<Socket>()
  #port: number
  #server: Server | undefined

  constructor(cluster: Cluster, nodeId: number, host: string, port: number, tls: TlsOptions | undefined) {
    this.nodeId = nodeId
    this.#cluster = cluster
    this.#host = host
    this.#port = port
    this.#tls = tls
  }

  get port(): number {
    return this.#port
  }

  get numConnections(): number {
    return this.#connections.size
  }

  /** Opens the port; a port of 0 is replaced by the one the system chose, which later starts use again. */
  async start(): Promise<void> {
    const accept = (socket: Socket) => this.#accept(socket)
    const server = this.#tls === undefined ? createServer(accept) : createTlsServer({ ...this.#tls }, accept)
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('tlsClientError', error => this.#cluster.logger.debug('TLS failed', { error: error.message }))
    await new Promise<void>((resolve, reject) => {
      server.once('error', cause => {
        const message = `dev broker cannot listen on ${this.#host}:${this.#port}: ${cause.message}`
        reject(connectorError('MR_DEV_BROKER_LISTEN', message, { cause, hint: 'Choose another --port.' }))
      })
      server.listen(this.#port, this.#host, resolve)
    })
    server.on('error', error => this.#cluster.logger.error('listener failed', { error: error.message }))
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
    this.#server = server
  }

  /** Closes the port and every connection. */
  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    this.dropConnections()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.close('listener stopped')
  }

  #accept(socket: Socket): void {
    const connection = new Connection(this.#cluster, this.nodeId, socket)
    this.#connections.add(connection)
    socket.once('close', () => this.#connections.delete(connection))
  }
}
