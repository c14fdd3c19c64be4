/** The logger of a worker thread: what it is told goes to the host's, as plain data. */
import type { LogFields, Logger } from '../../logger/logger.ts'
import type { ThreadEvent } from './thread-messages.ts'

type Level = Extract<ThreadEvent, { kind: 'log' }>['level']

export function forwardingLogger(post: (event: ThreadEvent) => void, bound: LogFields = {}): Logger {
  const log = (level: Level) => (message: string, fields?: LogFields) =>
    post({ kind: 'log', level, message, fields: plain({ ...bound, ...fields }) })
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: fields => forwardingLogger(post, { ...bound, ...fields }),
  }
}

/** A function or another thing that cannot be cloned must not turn a log line into a failure. */
function plain(fields: LogFields): LogFields {
  try {
    return structuredClone(fields)
  } catch {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  }
}
