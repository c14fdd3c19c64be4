/**
 * The readiness signal for supervisors: a JSON file, replaced atomically once a second (MILLRACE_PROGRESS_MS), that
 * says `starting`, `running`, `finished` or `failed`, the pid and its memory, and each job's progress.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { configError } from '../errors/index.ts'
import type { Job, RecoverySummary } from '../runtime/job/job.ts'
import { ProgressMeter } from './progress.ts'

export type ProcessStatus = 'starting' | 'running' | 'finished' | 'failed'

export class StatusFile {
  readonly #path: string
  readonly #jobs: readonly {
    readonly meter: ProgressMeter
    readonly job: Job
    recovery: RecoverySummary | null
  }[]
  #isFailing = false
  #timer: NodeJS.Timeout | null = null

  constructor(path: string, jobs: readonly Job[]) {
    this.#path = path
    this.#jobs = jobs.map(job => ({ meter: new ProgressMeter(job), job, recovery: null }))
    for (const entry of this.#jobs) {
      entry.job.onRecovered = recovery => {
        entry.recovery = recovery
        this.#tryWrite(() => this.#write())
      }
    }
  }

  /** Throws MR_STATUS_FILE when the file cannot be written; later failures do not end the jobs. */
  start(): void {
    try {
      this.#write()
    } catch (cause) {
      throw configError('MR_STATUS_FILE', `Status file ${this.#path} cannot be written: ${String(cause)}`, {
        hint: 'give --status-file a path in a directory that exists and is writable',
        cause,
      })
    }
    const write = () => this.#tryWrite(() => this.#write())
    this.#timer = setInterval(write, Number(process.env['MILLRACE_PROGRESS_MS'] ?? 1000))
    this.#timer.unref()
  }

  /** A full disk must not stop a job that runs: its supervisor sees that the file is old. */
  #tryWrite(write: () => void): void {
    try {
      write()
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) process.stderr.write(`status file ${this.#path}: ${String(error)}\n`)
      this.#isFailing = true
    }
  }

  #write(): void {
    const running = this.#jobs.every(({ job }) => job.status === 'RUNNING' || job.status === 'FINISHED')
    this.write(running ? 'running' : 'starting')
  }

  write(status: ProcessStatus): void {
    const now = Date.now()
    const jobs = this.#jobs.map(({ meter, recovery }) => ({ ...meter.read(now), ...recovery }))
    const temporary = `${this.#path}.tmp`
    writeFileSync(
      temporary,
      `${JSON.stringify({ pid: process.pid, status, updatedAt: new Date(now).toISOString(), memory: memoryUsage(), jobs })}\n`,
    )
    renameSync(temporary, this.#path)
  }

  stop(status: ProcessStatus): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#tryWrite(() => this.write(status))
  }
}

/** Bytes. Batches and state lie outside of V8's heap; what Node calls external is no measure of them. */
function memoryUsage(): { readonly rss: number; readonly heapUsed: number } {
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heapUsed }
}
