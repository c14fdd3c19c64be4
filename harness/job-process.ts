/**
 * The job under test: one `millrace run` process, Node's own executable with nothing between it and us, so that the
 * process we kill is the process that runs the query. Its facts come from the CLI's status file.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RunFacts {
  readonly pid: number
  readonly endedBy: 'SIGKILL' | 'SIGTERM'
  /** Rows read from the source, from the last status the process wrote. */
  readonly recordsIn: number
  readonly numResumedTransactions: number
  readonly restoredCheckpoint: string | null
}

export interface JobStatusFile {
  readonly pid: number
  readonly status: 'starting' | 'running' | 'finished' | 'failed'
  /** Bytes. */
  readonly memory: { readonly rss: number; readonly heapUsed: number }
  readonly jobs: readonly {
    readonly recordsIn: number
    readonly recordsOut: number
    readonly lag: number | null
    readonly lastCheckpoint: number | null
    readonly lastCheckpointMs: number | null
    readonly lastCheckpointBytes: number | null
    readonly numResumedTransactions: number
    readonly restoredCheckpoint: string | null
    readonly replayedBecause?: string | null
  }[]
}

export interface JobProcessOptions {
  /** After `node bin/millrace.js`. */
  readonly args: readonly string[]
  /** Where status, trace and log lie. */
  readonly folder: string
  /** Counts the processes, for file names. */
  readonly number: number
  readonly failPoints?: string | undefined
  readonly mutate?: string | undefined
  readonly env?: Readonly<Record<string, string>>
  /** Whether the live view may have this process's terminal. */
  readonly terminal?: boolean
}

export interface JobEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export const root = join(import.meta.dirname, '..')
const PROGRESS_MS = 200
const POLL_MS = 20
const START_TIMEOUT_MS = 30_000
const POINT_TIMEOUT_MS = 60_000
const STATUS_TIMEOUT_MS = 15_000
const STOP_TIMEOUT_MS = 60_000

/** Ours without MILLRACE_*, so that nothing set outside changes the job. */
function environment({ failPoints, mutate, env }: JobProcessOptions, trace: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_'))
  return {
    ...Object.fromEntries(inherited),
    MILLRACE_PROGRESS_MS: String(PROGRESS_MS),
    MILLRACE_FAILPOINT_TRACE: trace,
    ...(failPoints === undefined ? {} : { MILLRACE_FAILPOINTS: failPoints }),
    ...(mutate === undefined ? {} : { MILLRACE_MUTATE: mutate }),
    ...env,
  }
}

const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export class JobProcess {
  readonly pid: number
  readonly logFile: string
  /** Resolves when the process is gone, whatever ended it. */
  readonly exited: Promise<JobEnd>
  readonly #child: ChildProcess
  readonly #statusFile: string
  readonly #trace: string
  #ended = false

  constructor(options: JobProcessOptions) {
    const { args, folder, number } = options
    this.#statusFile = join(folder, `status-${number}.json`)
    this.#trace = join(folder, `trace-${number}`)
    this.logFile = join(folder, `job-${number}.log`)
    const log = openSync(this.logFile, 'a')
    const showsView = options.terminal === true && process.stderr.isTTY
    this.#child = spawn(
      process.execPath,
      [join('bin', 'millrace.js'), ...args, '--status-file', this.#statusFile],
      {
        cwd: root,
        env: environment(options, this.#trace),
        stdio: ['ignore', log, showsView ? 'inherit' : log],
      },
    )
    closeSync(log)
    if (this.#child.pid === undefined) throw new Error('the job could not be started')
    this.pid = this.#child.pid
    alive.add(this.#child)
    this.exited = new Promise(resolve => {
      this.#child.once('exit', (code, signal) => {
        this.#ended = true
        alive.delete(this.#child)
        resolve({ code, signal })
      })
    })
  }

  /** The newest status, or null before the first. */
  status(): JobStatusFile | null {
    try {
      return JSON.parse(readFileSync(this.#statusFile, 'utf8')) as JobStatusFile
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  async #until(what: string, timeoutMs: number, holds: () => boolean): Promise<void> {
    for (const deadline = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
      if (holds()) return
      if (this.#ended) throw new Error(`the job ended before ${what}\n${this.lastLines()}`)
      if (Date.now() > deadline) throw new Error(`the job did not reach ${what} in time\n${this.lastLines()}`)
    }
  }

  lastLines(): string {
    const all = readFileSync(this.logFile, 'utf8').trimEnd().split('\n')
    const lines = all.filter(line => !line.includes('"msg":"progress"')).slice(-15)
    return `--- end of ${this.logFile}\n${lines.join('\n')}`
  }

  /** Resolves when the job runs; checks that the process that runs it is the one we started. */
  async running(): Promise<void> {
    await this.#until('running', START_TIMEOUT_MS, () => this.status()?.status === 'running')
    const pid = this.status()?.pid
    if (pid !== this.pid) throw new Error(`process ${pid} runs the job, not ${this.pid}`)
  }

  /** How often the process has passed, or stands at, the named fail point. */
  numHits(name: string): number {
    try {
      return readFileSync(this.#trace, 'utf8')
        .split('\n')
        .filter(line => line === name).length
    } catch {
      return 0
    }
  }

  /** Resolves when the named fail point has been reached `atHit` times. */
  reached(name: string, atHit = 1): Promise<void> {
    return this.#until(`${name}, time ${atHit}`, POINT_TIMEOUT_MS, () => this.numHits(name) >= atHit)
  }

  /** Resolves when the process stands at a fail point armed with `hold` and has written a status since. */
  async held(name: string, atHit: number): Promise<void> {
    await this.reached(name, atHit)
    const heldAt = Date.now()
    await this.#until('its next status', STATUS_TIMEOUT_MS, () => statSync(this.#statusFile).mtimeMs > heldAt)
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#ended) process.kill(this.pid, signal)
  }

  /** kill -9. Resolves when the process is gone; rejects when anything else ended it. */
  async kill(): Promise<RunFacts> {
    const facts = this.#facts('SIGKILL')
    process.kill(this.pid, 'SIGKILL')
    const { signal } = await this.exited
    if (signal !== 'SIGKILL') throw new Error(`process ${this.pid} was ended by ${signal}, not by SIGKILL`)
    if (isAlive(this.pid)) throw new Error(`process ${this.pid} is still there`)
    return facts
  }

  /** SIGTERM: the job takes a savepoint and exits with 0. */
  async stop(): Promise<RunFacts> {
    process.kill(this.pid, 'SIGTERM')
    await this.#until('its end after SIGTERM', STOP_TIMEOUT_MS, () => this.#ended)
    const { code } = await this.exited
    if (code !== 0) throw new Error(`the job exited with ${code} after SIGTERM\n${this.lastLines()}`)
    return this.#facts('SIGTERM')
  }

  /** For the way out after a failure of the program itself. */
  killQuietly(): void {
    if (!this.#ended) this.#child.kill('SIGKILL')
  }

  get ended(): boolean {
    return this.#ended
  }

  failure(): Error {
    return new Error(`the job ended by itself\n${this.lastLines()}`)
  }

  #facts(endedBy: 'SIGKILL' | 'SIGTERM'): RunFacts {
    const job = this.status()?.jobs[0]
    if (job === undefined) throw new Error('the job wrote no status')
    const { recordsIn, numResumedTransactions, restoredCheckpoint } = job
    return { pid: this.pid, endedBy, recordsIn, numResumedTransactions, restoredCheckpoint }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
