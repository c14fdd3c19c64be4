/** The CLI's logger: pino's JSON lines on stderr, or short readable lines on a terminal. stdout is for rows only. */
import { createRequire } from 'node:module'
import pc from 'picocolors'
import type { Logger as PinoLogger } from 'pino'
import type { LogFields, Logger } from '../logger/logger.ts'

export type LogFormat = 'json' | 'text'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export function createCliLogger(format: LogFormat, level: LogLevel, write: (line: string) => void): Logger {
  return format === 'json' ? jsonLogger(level, {}) : textLogger(level, {}, write)
}

let root: PinoLogger | null = null

/** pino is loaded for the first line that is written: a short SELECT writes none. */
function pinoAt(level: LogLevel): PinoLogger {
  if (root === null) {
    const { pino, destination } = createRequire(import.meta.url)('pino') as typeof import('pino')
    const out = destination({ fd: 2, sync: true })
    // Whoever read the log is gone (`2>&1 | head`): no reason to end the jobs, and no place to say so.
    out.on('error', () => {})
    root = pino({ level, base: { pid: process.pid } }, out)
  }
  return root
}

function jsonLogger(level: LogLevel, inherited: LogFields): Logger {
  const log =
    (at: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (levels[at] >= levels[level]) pinoAt(level)[at]({ ...inherited, ...fields }, message)
    }
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: fields => jsonLogger(level, { ...inherited, ...fields }),
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
