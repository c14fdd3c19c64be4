/**
 * The parts of kafkajs 2.2.4 that are used: one connection with TLS, SASL and a request queue. kafkajs has no
 * `exports` map, so deep imports are legal; the version is pinned and `test/broker/kafka` touches every path.
 */
declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net'
  import type { TLSSocket } from 'node:tls'

  namespace Connection {
    interface Options {
      readonly host: string
      readonly port: number
      readonly logger: unknown
      readonly socketFactory: (options: {
        readonly host: string
        readonly port: number
        readonly ssl: object | null | undefined
        readonly onConnect: () => void
      }) => Socket | TLSSocket
      readonly requestTimeout: number
      readonly reauthenticationThreshold?: number
      readonly rack?: string | null
      readonly ssl?: object | null
      readonly sasl?: object | null
      readonly clientId: string
      readonly connectionTimeout: number
      readonly enforceRequestTimeout: boolean
      readonly maxInFlightRequests: number | null
    }

    interface QueuedRequest {
      readonly entry: {
        readonly apiKey: number
        readonly apiName: string
        readonly apiVersion: number
        readonly correlationId: number
        resolve(answer: { readonly payload: Buffer | null }): void
        reject(error: Error): void
      }
      readonly expectResponse: boolean
      readonly requestTimeout: number | null
      sendRequest(): void
    }
  }

  class Connection {
    constructor(options: Connection.Options)
    readonly requestQueue: {
      push(request: Connection.QueuedRequest): void
      fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void
      rejectAll(error: Error): void
      destroy(): void
      readonly inflight: { readonly size: number }
    }
    socket?: Socket
    /** Milliseconds before the end of a session at which it is renewed. */
    reauthenticationThreshold: number
    /** Milliseconds; zero when the broker sets no limit. */
    readonly sessionLifetime: { toNumber(): number }
    connect(): Promise<boolean>
    disconnect(): Promise<boolean>
    isConnected(): boolean
    isAuthenticated(): boolean
    authenticate(): Promise<void>
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void
    setSupportAuthenticationProtocol(supported: boolean): void
    nextCorrelationId(): number
    /** What kafkajs does with the bytes of its socket; replaced by our framing. */
    processData(chunk: Buffer): void
  }
  export = Connection
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    pending: readonly unknown[]
    throttledUntil: number
    readonly requestTimeout: number
    readonly inflight: ReadonlyMap<number, { readonly requestTimeout: number; timeoutRequest(): void }>
    scheduleCheckPendingRequests(): void
    scheduleRequestTimeoutCheck(): void
    isConnected(): boolean
  }
  export = RequestQueue
}

declare module 'kafkajs/src/loggers/index.js' {
  export const LEVELS: { readonly NOTHING: number; readonly ERROR: number; readonly DEBUG: number }
  export function createLogger(options: {
    readonly level: number
    readonly logCreator: () => (entry: {
      readonly namespace: string
      readonly label: string
      readonly log: { readonly message: string }
    }) => void
  }): unknown
}
