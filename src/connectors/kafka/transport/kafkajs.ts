/**
 * Loads kafkajs's connection when the first one is opened, and repairs its request queue: it re-arms a 1 ms timer
 * for ever on every idle connection (7 % of a core for three brokers; kafkajs issue 1751), and measures the age of
 * requests by the wall clock, so that one set back an hour would wait an hour for a lost answer.
 */
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type Connection from 'kafkajs/src/network/connection.js'
import { watchTimeouts } from './request-timeouts.ts'

export interface KafkajsParts {
  readonly Connection: typeof Connection
  readonly socketFactory: Connection.Options['socketFactory']
  readonly logger: unknown
}

const KEEP_ALIVE_MS = 60_000
const READ_BUFFER_BYTES = 256 * 1024

/** As kafkajs's own, but TCP sockets read into one buffer: `data` listeners must take the bytes at once. */
const socketFactory: Connection.Options['socketFactory'] = ({ host, port, ssl, onConnect }) => {
  if (ssl !== undefined && ssl !== null) {
    const socket = connectTls(
      { host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl },
      onConnect,
    )
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    return socket
  }
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  const onread = {
    buffer,
    callback: (numBytes: number): boolean => {
      socket.emit('data', buffer.subarray(0, numBytes))
      return true
    },
  }
  const socket = connectTcp({ host, port, onread }, onConnect)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  return socket
}

let loading: Promise<KafkajsParts> | undefined

async function load(): Promise<KafkajsParts> {
  const [connection, requestQueue, loggers] = await Promise.all([
    import('kafkajs/src/network/connection.js'),
    import('kafkajs/src/network/requestQueue/index.js'),
    import('kafkajs/src/loggers/index.js'),
  ])
  const queue = requestQueue.default.prototype
  const schedule = queue.scheduleCheckPendingRequests
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this)
  }
  queue.scheduleRequestTimeoutCheck = function () {
    watchTimeouts(this)
  }
  return {
    Connection: connection.default,
    socketFactory,
    logger: loggers.createLogger({ level: loggers.LEVELS.NOTHING, logCreator: () => () => {} }),
  }
}

export const loadKafkajs = (): Promise<KafkajsParts> => (loading ??= load())
