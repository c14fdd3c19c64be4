/** `--timings`: where the time from the start of the process to the first row goes, as a small table on stderr. */
import type { Job } from '../runtime/job/job.ts'
import type { RowCollector } from '../runtime/operators/collect.ts'

const stages = ['start Node.js', 'load modules', 'parse', 'plan', 'connect', 'first row'] as const
type Stage = (typeof stages)[number]

export class Timings {
  readonly #print: (line: string) => void
  readonly #spent = new Map<Stage, number>()
  /** On performance.now()'s clock, which begins with the process. */
  #at: number = performance.nodeTiming.bootstrapComplete
  #printed = false

  constructor(print: (line: string) => void) {
    this.#print = print
    this.#spent.set('start Node.js', this.#at)
  }

  /** The time since the lap before was spent on this; several laps of a stage add up. */
  lap(stage: Stage): void {
    if (this.#printed) return
    const now = performance.now()
    this.#spent.set(stage, (this.#spent.get(stage) ?? 0) + now - this.#at)
    this.#at = now
  }

  /** The rows of a query; the table is printed after the first. */
  watchRows(rows: RowCollector): RowCollector {
    return {
      collect: batch => {
        rows.collect(batch)
        if (batch.length === 0) return
        this.lap('first row')
        this.print()
      },
      ready: () => rows.ready(),
    }
  }

  /** Nobody here sees the rows of jobs: the table is printed when all of them run. */
  watchJobs(jobs: readonly Job[]): void {
    Promise.all(jobs.map(job => job.started())).then(
      () => {
        this.lap('connect')
        this.print()
      },
      // Whoever waits for the job says what is wrong.
      () => {},
    )
  }

  /** Only the first time. Stages that were not reached are left out. */
  print(): void {
    if (this.#printed) return
    this.#printed = true
    const { user, system } = process.cpuUsage()
    const line = (name: string, ms: number) => `${name.padEnd(14)}${ms.toFixed(0).padStart(6)} ms`
    for (const stage of stages) {
      const ms = this.#spent.get(stage)
      if (ms !== undefined) this.#print(line(stage, ms))
    }
    this.#print(`${line('together', this.#at)}, CPU ${((user + system) / 1000).toFixed(0)} ms`)
  }
}
