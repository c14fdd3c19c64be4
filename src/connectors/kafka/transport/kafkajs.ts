/**
 * Loads kafkajs's connection when the first one is opened, and repairs its request queue: it re-arms a 1 ms timer
 * for ever on every idle connection (7 % of a core for three brokers; kafkajs issue 1751).
 */
import type Connection from 'kafkajs/src/network/connection.js'

export interface KafkajsParts {
  readonly Connection: typeof Connection
  readonly socketFactory: Connection.Options['socketFactory']
  readonly logger: unknown
}

let loading: Promise<KafkajsParts> | undefined

async function load(): Promise<KafkajsParts> {
  const [connection, requestQueue, socketFactory, loggers] = await Promise.all([
    import('kafkajs/src/network/connection.js'),
    import('kafkajs/src/network/requestQueue/index.js'),
    import('kafkajs/src/network/socketFactory.js'),
    import('kafkajs/src/loggers/index.js'),
  ])
  const queue = requestQueue.default.prototype
  const schedule = queue.scheduleCheckPendingRequests
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this)
  }
  return {
    Connection: connection.default,
    socketFactory: socketFactory.default(),
    logger: loggers.createLogger({ level: loggers.LEVELS.NOTHING, logCreator: () => () => {} }),
  }
}

export const loadKafkajs = (): Promise<KafkajsParts> => (loading ??= load())
