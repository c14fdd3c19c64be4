/**
 * One connection to one broker, opened when first used and again after it broke. Different purposes (short requests,
 * produce, each fetch loop) use different connections: a broker answers the requests of a connection in order,
 * so a long-polling fetch would hold up everything behind it.
 */
import type Connection from 'kafkajs/src/network/connection.js'
import { connectorError, type MillraceError } from '../../../errors/index.ts'
import { connectFailure } from './connect-errors.ts'
import type { ConnectionConfig, SaslConfig, TlsConfig } from './connection-config.ts'
import { FrameReader } from './frame-reader.ts'
import { loadKafkajs } from './kafkajs.ts'
import type { ApiRange, KafkaRequest } from './request.ts'
import type { ResponsePool } from './response-pool.ts'
import { WireReader, WireWriter } from './wire.ts'

/** A new literal for every connection: kafkajs writes a closure with the password into the one it is given. */
const saslLiteral = (sasl: SaslConfig): object => ({ ...sasl })

function tlsLiteral({ ca, cert, key, pfx, passphrase, checkHostName }: TlsConfig): object {
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(pfx === undefined ? {} : { pfx: Buffer.from(pfx, 'base64') }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(checkHostName ? {} : { checkServerIdentity: () => undefined }),
  }
}

const apiVersionsRequest: KafkaRequest<Record<number, ApiRange>> = {
  apiKey: 18,
  apiName: 'ApiVersions',
  apiVersion: 0,
  encode() {},
  decode(reader) {
    reader.int16()
    const versions: Record<number, ApiRange> = {}
    reader.array(() => {
      versions[reader.int16()] = { minVersion: reader.int16(), maxVersion: reader.int16() }
    })
    return versions
  },
}

/** Our versions; every broker must take them. Fetch 11 came with Kafka 2.3, the others are older. */
const needed: readonly (readonly [key: number, name: string, version: number])[] = [
  [0, 'Produce', 7],
  [1, 'Fetch', 11],
  [2, 'ListOffsets', 3],
  [3, 'Metadata', 6],
  [10, 'FindCoordinator', 2],
]

function checkVersions(versions: Record<number, ApiRange>, address: string): void {
  for (const [key, name, version] of needed) {
    const range = versions[key]
    if (range !== undefined && range.minVersion <= version && version <= range.maxVersion) continue
    const offered = range === undefined ? 'nothing' : `${range.minVersion} to ${range.maxVersion}`
    throw connectorError(
      'MR_KAFKA_BROKER_VERSION',
      `Broker ${address} offers ${name} in ${offered}, but Millrace speaks version ${version}.`,
      { hint: 'Millrace supports Apache Kafka 2.3 to 4.x.' },
    )
  }
}

/** A job that sends over a connection it shares. */
export interface Sender {
  readonly config: ConnectionConfig
  /** Nothing is sent for it any more. */
  readonly closed: boolean
}

/** Four zero bytes: an array without elements. */
const EMPTY_ANSWER = Buffer.alloc(4)

export class BrokerConnection {
  readonly address: string
  readonly #host: string
  readonly #port: number
  readonly #config: ConnectionConfig
  #connection: Connection | undefined
  #opening: Promise<Connection> | undefined
  #versions: Record<number, ApiRange> = {}
  readonly #pool: ResponsePool | null
  #closed: { readonly retriable: boolean } | null = null
  #numWaiting = 0
  #wasUsed = false

  /** Responses stand in buffers of the pool; whoever reads them recycles them there. */
  constructor(host: string, port: number, config: ConnectionConfig, pool: ResponsePool | null = null) {
    this.#host = host
    this.#port = port
    this.#config = config
    this.#pool = pool
    this.address = `${host}:${port}`
  }

  get isOpen(): boolean {
    return this.#connection?.isConnected() === true
  }

  /** Requests that were sent, or wait for the connection, and are not answered. */
  get numWaiting(): number {
    return this.#numWaiting
  }

  /** The broker's versions of an API; after the first `open`. */
  apiRange(apiKey: number): ApiRange | undefined {
    return this.#versions[apiKey]
  }

  /** Connects and logs in. Throws a coded error within the connect timeout. */
  async open(): Promise<Connection> {
    if (this.#closed !== null) throw this.#closedError(this.#closed)
    const current = this.#connection
    if (current?.isConnected() === true) return current
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect(): Promise<Connection> {
    const { Connection: Kafkajs, socketFactory, logger } = await loadKafkajs()
    const config = this.#config
    const connection = new Kafkajs({
      host: this.#host,
      port: this.#port,
      logger,
      socketFactory,
      clientId: config.clientId,
      requestTimeout: config.requestTimeoutMs,
      connectionTimeout: config.connectTimeoutMs,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
      ssl: config.tls === null ? null : tlsLiteral(config.tls),
      sasl: config.sasl === null ? null : saslLiteral(config.sasl),
    })
    const frames = new FrameReader(
      this.address,
      (correlationId, payload, size) =>
        connection.requestQueue.fulfillRequest({ correlationId, payload, size }),
      this.#pool,
    )
    let broken: Error | undefined
    connection.processData = chunk => {
      try {
        frames.push(chunk)
      } catch (error) {
        broken = error instanceof Error ? error : new Error(String(error))
        shut(connection, broken)
      }
    }
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), config.connectTimeoutMs * 2)
    })
    try {
      await Promise.race([this.#handshake(connection), timeout])
    } catch (error) {
      shut(connection)
      throw connectFailure(broken ?? error, this.address, config)
    } finally {
      clearTimeout(timer)
    }
    if (this.#closed !== null) {
      shut(connection)
      throw this.#closedError(this.#closed)
    }
    this.#connection = connection
    return connection
  }

  async #handshake(connection: Connection): Promise<void> {
    await connection.connect()
    this.#versions = await exchange(connection, apiVersionsRequest, this.#config.clientId)
    checkVersions(this.#versions, this.address)
    connection.setVersions(this.#versions)
    connection.setSupportAuthenticationProtocol(this.#versions[36] !== undefined)
    await connection.authenticate()
    // Logging in again before every request, as kafkajs would for short sessions, is refused by brokers.
    const lifetimeMs = connection.sessionLifetime.toNumber()
    if (lifetimeMs > 0)
      connection.reauthenticationThreshold = Math.min(connection.reauthenticationThreshold, lifetimeMs / 3)
  }

  /** True when the broker takes this version of an API. Connects if need be. */
  async offers(apiKey: number, version: number): Promise<boolean> {
    await this.open()
    const range = this.#versions[apiKey]
    return range !== undefined && range.minVersion <= version && version <= range.maxVersion
  }

  #closedError(options: { readonly retriable: boolean }): MillraceError {
    return connectorError('MR_KAFKA_CLOSED', `The connection to ${this.address} is closed.`, options)
  }

  /**
   * Sends one request. Rejects with kafkajs's error when the connection breaks or the answer is late; then it is in
   * doubt, and the next request opens a new one. `sender`: of those who share it, the one who asks.
   */
  async send<T>(request: KafkaRequest<T>, sender: Sender | null = null): Promise<T> {
    this.#numWaiting++
    this.#wasUsed = true
    try {
      const connection = await this.open()
      try {
        // Sessions may have a lifetime (KIP-368): log in again before it ends.
        if (this.#config.sasl !== null && !connection.isAuthenticated()) await connection.authenticate()
        // Meanwhile another attempt of the job may be at work.
        if (sender?.closed === true) throw new Error('Closed connection')
        return await exchange(connection, request, sender?.config.clientId ?? this.#config.clientId)
      } catch (error) {
        if (this.#connection === connection && sender?.closed !== true) this.reset()
        throw error
      }
    } finally {
      this.#numWaiting--
    }
  }

  /** Drops a connection over which nothing was asked since the last call; the next request opens it again. */
  resetUnused(): void {
    if (!this.#wasUsed && this.#numWaiting === 0) this.reset()
    this.#wasUsed = false
  }

  /** Whether an open connection keeps the process alive. */
  keepAlive(keep: boolean): void {
    if (keep) this.#connection?.socket?.ref()
    else this.#connection?.socket?.unref()
  }

  /** Ends the connection at once; whatever is in flight is rejected. `retriable`: there is another one for the request. */
  close(retriable = false): void {
    this.#closed = { retriable }
    if (this.#connection !== undefined) shut(this.#connection)
    this.#connection = undefined
  }

  /** Drops a connection that may hang; the next request opens a new one. */
  reset(): void {
    if (this.#connection !== undefined) shut(this.#connection)
    this.#connection = undefined
  }
}

function shut(connection: Connection, error = new Error('Closed connection')): void {
  connection.requestQueue.rejectAll(error)
  // The answer of a request already rejected is of no interest; disconnect() never rejects after rejectAll.
  connection.disconnect().catch(() => {})
  connection.socket?.destroy()
}

/**
 * Writes the frame ourselves, in as few pieces as can be had without copying, and gives it to kafkajs's request queue:
 * its own `send` copies every request twice into zero-filled buffers.
 */
async function exchange<T>(connection: Connection, request: KafkaRequest<T>, clientId: string): Promise<T> {
  const { apiKey, apiName, apiVersion, flexible, noResponse, timeoutMs } = request
  const correlationId = connection.nextCorrelationId()
  // Without an answer nobody learns when the bytes are out and may be changed: then they are copied.
  const writer = new WireWriter((request.sizeHint ?? 192) + 64, noResponse === true)
  writer.int32(0).int16(apiKey).int16(apiVersion).int32(correlationId).string(clientId)
  // The header of flexible versions ends with tagged fields.
  if (flexible === true) writer.noTags()
  request.encode(writer)
  const frame = sized(writer.pieces())
  const payload = await new Promise<Buffer | null>((resolve, reject) => {
    if (!connection.isConnected()) {
      reject(new Error('Closed connection'))
      return
    }
    connection.requestQueue.push({
      entry: {
        apiKey,
        apiName,
        apiVersion,
        correlationId,
        resolve: answer => resolve(answer.payload),
        reject,
      },
      expectResponse: noResponse !== true,
      requestTimeout: timeoutMs ?? null,
      sendRequest: () => {
        const socket = connection.socket!
        socket.cork()
        for (const piece of frame) socket.write(piece)
        socket.uncork()
      },
    })
  })
  // acks=0: nothing comes back; an empty array of answers stands for it.
  const reader = new WireReader(payload ?? EMPTY_ANSWER)
  if (flexible === true) reader.skipTags()
  return request.decode(reader)
}

/** Writes the length of the frame into its first four bytes. */
function sized(frame: readonly Uint8Array[]): readonly Uint8Array[] {
  const [head] = frame
  const numBytes = frame.reduce((sum, piece) => sum + piece.length, -4)
  new DataView(head!.buffer, head!.byteOffset).setInt32(0, numBytes)
  return frame
}
