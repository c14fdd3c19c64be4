/**
 * The readiness signal for supervisors: a JSON file, replaced atomically once a second (MILLRACE_PROGRESS_MS), that
 * says `starting`, `running`, `finished` or `failed`, the pid, and each job's progress.
 */
import { renameSync, writeFileSync } from 'node:fs'
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
  #timer: NodeJS.Timeout | null = null

  constructor(path: string, jobs: readonly Job[]) {
    this.#path = path
    this.#jobs = jobs.map(job => ({ meter: new ProgressMeter(job), job, recovery: null }))
    for (const entry of this.#jobs) {
      entry.job.onRecovered = recovery => {
        entry.recovery = recovery
        this.#write()
      }
    }
  }

  start(): void {
    this.#write()
    this.#timer = setInterval(() => this.#write(), Number(process.env['MILLRACE_PROGRESS_MS'] ?? 1000))
    this.#timer.unref()
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
      `${JSON.stringify({ pid: process.pid, status, updatedAt: new Date(now).toISOString(), jobs })}\n`,
    )
    renameSync(temporary, this.#path)
  }

  stop(status: ProcessStatus): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.write(status)
  }
}
