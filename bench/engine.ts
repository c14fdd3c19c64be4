/** `millrace run` as a user starts it, for benchmarks that measure a whole process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtMillrace } from './built-package.ts'

const START_TIMEOUT_MS = 60_000

export class Engine implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #folder: string
  #output = ''

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child
    this.#folder = folder
    child.stderr!.on('data', (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-8_000)
    })
  }

  /** Resolves when every job of the script runs. */
  static async start(sql: string): Promise<Engine> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-engine-'))
    writeFileSync(join(folder, 'job.sql'), sql)
    const child = spawn(
      process.execPath,
      [builtMillrace(), 'run', 'job.sql', '--status-file', 'status.json'],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    const engine = new Engine(child, folder)
    process.once('exit', engine.#kill)
    try {
      await engine.#running()
    } catch (error) {
      await engine[Symbol.asyncDispose]()
      throw error
    }
    return engine
  }

  readonly #kill = () => void this.#child.kill('SIGKILL')

  get pid(): number {
    return this.#child.pid!
  }

  /** Everything it said last, for errors. */
  get output(): string {
    return this.#output
  }

  async #running(): Promise<void> {
    for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(50)) {
      if (this.#status() === 'running') return
      if (this.#child.exitCode !== null || Date.now() > deadline)
        throw new Error(`the job does not run:\n${this.#output}`)
    }
  }

  #status(): string | undefined {
    try {
      const text = readFileSync(join(this.#folder, 'status.json'), 'utf8')
      return (JSON.parse(text) as { status: string }).status
    } catch {
      // Not written yet.
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#kill)
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise(resolve => this.#child.once('exit', resolve))
      this.#child.kill('SIGKILL')
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
