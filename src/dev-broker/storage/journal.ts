/**
 * The state beside the logs (topics, transactions, group offsets, producer ids) as a file of JSON lines: key, value, newest last, null =
 * gone. It is rewritten with one line per key at every start; a torn last line, which nobody was answered for, is dropped.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { configError } from '../../errors/index.ts'
import type { Logger } from '../../logger/logger.ts'

type Line = readonly [key: string, value: unknown]

export class Journal {
  readonly #entries = new Map<string, unknown>()
  readonly #file: number

  constructor(path: string, logger: Logger) {
    if (existsSync(path)) this.#load(readFileSync(path, 'utf8'), path, logger)
    const compacted = `${path}.new`
    const file = openSync(compacted, 'w')
    for (const line of this.#entries) writeSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
    closeSync(file)
    renameSync(compacted, path)
    this.#file = openSync(path, 'a')
  }

  get(key: string): unknown {
    return this.#entries.get(key)
  }

  /** Values of all keys that begin with `prefix`, by the rest of their key. */
  *under(prefix: string): Generator<Line> {
    for (const [key, value] of [...this.#entries]) {
      if (key.startsWith(prefix)) yield [key.slice(prefix.length), value]
    }
  }

  /** `null` removes the key. */
  put(key: string, value: unknown): void {
    writeSync(this.#file, `${JSON.stringify([key, value])}\n`)
    this.#set(key, value)
  }

  close(): void {
    closeSync(this.#file)
  }

  #set(key: string, value: unknown): void {
    if (value === null) this.#entries.delete(key)
    else this.#entries.set(key, value)
  }

  #load(text: string, path: string, logger: Logger): void {
    const lines = text.split('\n')
    const last = lines.pop()
    if (last !== undefined && last !== '')
      logger.warn('dropped a torn journal line', { path, bytes: last.length })
    lines.forEach((line, i) => {
      const [key, value] = parseLine(line, path, i + 1)
      this.#set(key, value)
    })
  }
}

function parseLine(text: string, path: string, number: number): Line {
  try {
    return JSON.parse(text) as Line
  } catch (cause) {
    const hint = 'Start with another data directory; this one cannot be read any more.'
    throw configError('MR_DEV_BROKER_DATA_DIR', `line ${number} of ${path} is damaged`, { cause, hint })
  }
}
