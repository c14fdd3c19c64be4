/** The CLI's logger: pino's JSON lines on stderr, or short readable lines on a terminal. stdout is for rows only. */
import pc from 'picocolors'
import { destination, type Logger as PinoLogger, pino } from 'pino'
import type { LogFields, Logger } from '../logger/logger.ts'

export type LogFormat = 'json' | 'text'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export function createCliLogger(format: LogFormat, level: LogLevel, write: (line: string) => void): Logger {
  return format === 'json'
    ? fromPino(pino({ level, base: { pid: process.pid } }, destination({ fd: 2, sync: true })))
    : textLogger(level, {}, write)
}

function fromPino(logger: PinoLogger): Logger {
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    child: fields => fromPino(logger.child(fields)),
  }
}

const levels: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
const marks: Readonly<Record<LogLevel, (text: string) => string>> = {
  debug: pc.dim,
  info: pc.cyan,
  warn: pc.yellow,
  error: pc.red,
}

function textLogger(level: LogLevel, inherited: LogFields, write: (line: string) => void): Logger {
  const log =
    (at: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (levels[at] < levels[level]) return
      const facts = Object.entries({ ...inherited, ...fields })
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      const time = new Date().toISOString().slice(11, 19)
      write(
        `${pc.dim(time)} ${marks[at](at.padEnd(5))} ${message}${facts.length > 0 ? ` ${pc.dim(facts.join(' '))}` : ''}`,
      )
    }
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: fields => textLogger(level, { ...inherited, ...fields }, write),
  }
}
