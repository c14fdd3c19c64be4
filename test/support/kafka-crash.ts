/** Runs the crash child until it is done, killing or mutating it on the way, and compares with the oracle. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TopicTool } from './kafka-topics.ts'

const script = resolve(import.meta.dirname, 'kafka-crash-child.ts')
export const TOTAL = 60

export interface ChildRun {
  readonly failPoints?: string
  readonly mutate?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface ChildEnd {
  readonly code: number | null
  readonly signal: string | null
  readonly output: string
}

export class CrashScenario {
  readonly topic = `c-${randomUUID().slice(0, 8)}`
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-crash-'))
  readonly #bootstrap: string
  readonly #tool: TopicTool

  constructor(bootstrap: string, tool: TopicTool) {
    this.#bootstrap = bootstrap
    this.#tool = tool
  }

  prepare(): Promise<void> {
    return this.#tool.create(this.topic, 2)
  }

  /** One life of the process. */
  start({ failPoints = '', mutate = '', env = {} }: ChildRun = {}): Promise<ChildEnd> {
    const child = spawn(process.execPath, [script], {
      env: {
        ...process.env,
        BOOTSTRAP: this.#bootstrap,
        TOPIC: this.topic,
        STATE_DIR: join(this.folder, 'state'),
        TOTAL: String(TOTAL),
        MILLRACE_FAILPOINTS: failPoints,
        MILLRACE_MUTATE: mutate,
        MILLRACE_FAILPOINT_TRACE: join(this.folder, 'trace'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.stderr.on('data', chunk => (output += chunk))
    const limit = setTimeout(() => child.kill('SIGKILL'), 30_000)
    return new Promise(done => {
      child.on('exit', (code, signal) => {
        clearTimeout(limit)
        done({ code, signal, output })
      })
    })
  }

  /** Restarts until the child ends well; throws when it does not within some lives. */
  async finish(run: ChildRun = {}): Promise<void> {
    let last: ChildEnd | undefined
    for (let life = 0; life < 6; life++) {
      last = await this.start(run)
      if (last.code === 0) return
    }
    throw new Error(`the child never ended well: ${JSON.stringify(last)}`)
  }

  /** The committed numbers, sorted; complete when equal to `oracle`. */
  async output(): Promise<number[]> {
    await this.#tool.untilDecided(this.topic)
    return (await this.#tool.read(this.topic)).map(({ value }) => Number(value)).sort((a, b) => a - b)
  }

  passed(): Set<string> {
    return new Set(readFileSync(join(this.folder, 'trace'), 'utf8').split('\n'))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export const oracle: readonly number[] = Array.from({ length: TOTAL }, (_, i) => i)
