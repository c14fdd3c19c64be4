/** One `millrace run` of an example: Node itself with nothing between, so that the process killed is the one that runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../../..')

export interface JobProgress {
  readonly status: string
  readonly recordsIn: number
  readonly watermark: string | null
  readonly lateDropped: number
  readonly lag: number | null
  readonly lastCheckpoint: number | null
  readonly restoredCheckpoint?: string | null
}

export interface ExampleOptions {
  /** Path below the root. */
  readonly file: string
  readonly bootstrap: string
  /** Where state and status file lie. */
  readonly folder: string
  /** MILLRACE_FAILPOINTS. */
  readonly failPoints?: string
  /** MILLRACE_MUTATE: the safeguard that is switched off. */
  readonly mutate?: string
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class ExampleProcess {
  readonly #child: ChildProcess
  readonly #statusFile: string
  readonly ended: Promise<Ended>
  #end: Ended | null = null
  #log = ''

  constructor({ file, bootstrap, folder, failPoints, mutate }: ExampleOptions) {
    this.#statusFile = join(folder, 'status.json')
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_'))
    const flags = ['--state-dir', join(folder, 'state'), '--status-file', this.#statusFile]
    this.#child = spawn(
      process.execPath,
      ['bin/millrace.js', 'run', file, '--param', `BOOTSTRAP=${bootstrap}`, ...flags],
      {
        cwd: root,
        env: {
          ...Object.fromEntries(inherited),
          MILLRACE_PROGRESS_MS: '50',
          ...(failPoints === undefined ? {} : { MILLRACE_FAILPOINTS: failPoints }),
          ...(mutate === undefined ? {} : { MILLRACE_MUTATE: mutate }),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    this.#child.stderr!.on('data', chunk => {
      this.#log = `${this.#log}${chunk}`.slice(-8_000)
    })
    this.ended = new Promise(resolve => {
      this.#child.once('exit', (code, signal) => {
        this.#end = { code, signal }
        resolve(this.#end)
      })
    })
  }

  /** The status this process wrote last, not one of a process before. */
  #progress(): JobProgress | null {
    let text: string
    try {
      text = readFileSync(this.#statusFile, 'utf8')
    } catch {
      return null
    }
    const status = JSON.parse(text) as { readonly pid: number; readonly jobs: readonly JobProgress[] }
    return status.pid === this.#child.pid ? status.jobs[0]! : null
  }

  /** Waits for a status; the test's own timeout is the limit. Rejects when the process ends before. */
  async until(holds: (progress: JobProgress) => boolean): Promise<JobProgress> {
    for (;;) {
      const progress = this.#progress()
      if (progress !== null && holds(progress)) return progress
      if (this.#end !== null) throw new Error(`the job ended with ${JSON.stringify(this.#end)}\n${this.#log}`)
      await sleep(20)
    }
  }

  /** Everything up to the records that make this watermark was read: they are the last of every partition. */
  untilWatermark(ms: number): Promise<JobProgress> {
    return this.until(({ watermark }) => watermark !== null && Date.parse(watermark) >= ms)
  }

  /** SIGTERM: a savepoint is taken and its transaction committed. */
  async stop(): Promise<JobProgress> {
    this.#child.kill('SIGTERM')
    const { code } = await this.ended
    if (code !== 0) throw new Error(`the job ended with ${JSON.stringify(this.#end)}\n${this.#log}`)
    return this.#progress()!
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
