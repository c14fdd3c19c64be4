/**
 * Says in the log what an attempt drops: at once when it begins, then at most once a minute with the number since
 * the last line, and what is left when the attempt ends. Nothing that is dropped stays unsaid.
 */
import type { Logger } from '../../logger/logger.ts'
import type { OperatorMetrics } from './job-metrics.ts'

const CHECK_MS = 500
/** While no rows come nothing is dropped: then only every so many times is looked. */
const MAX_SKIPPED = 8
const PAUSE_MS = 60_000

/** Metrics that count rows which went nowhere, and what is said of them. */
const messages: Readonly<Record<string, string>> = {
  numLateRecordsDropped: 'late rows dropped: they came after the watermark and allowed lateness',
  nullTimeRowsDropped: 'rows dropped: the time column of their window is NULL',
  numNullRecordsDropped: 'rows dropped: NULL for a NOT NULL column',
  numRecordsInErrors: 'malformed records skipped',
  numFieldErrors: 'malformed fields read as NULL',
}

interface Said {
  count: number
  atMs: number
}

/** One timer for all jobs: each timer of an idle job would wake the process. */
const open = new Set<DropLog>()
let timer: NodeJS.Timeout | null = null

export class DropLog {
  readonly #logger: Logger
  readonly #read: () => readonly OperatorMetrics[]
  readonly #now: () => number
  readonly #said = new Map<string, Said>()
  #numRows = -1
  #skip = 0
  #toSkip = 0

  constructor(
    logger: Logger,
    read: () => readonly OperatorMetrics[],
    now: () => number = () => performance.now(),
  ) {
    this.#logger = logger
    this.#read = read
    this.#now = now
    open.add(this)
    if (timer !== null) return
    timer = setInterval(() => {
      for (const log of open) log.#tick()
    }, CHECK_MS)
    timer.unref()
  }

  #tick(): void {
    if (this.#toSkip-- > 0) return
    this.check()
    this.#toSkip = this.#skip
  }

  /** Logs what is due; `all` does not wait for the minute. */
  check(all = false): void {
    const totals = new Map<string, { count: number; label: string }>()
    let numRows = 0
    for (const { node, label, values } of this.#read()) {
      numRows += values['numRecordsIn'] ?? 0
      for (const metric of Object.keys(messages)) {
        const count = values[metric] ?? 0
        if (count === 0) continue
        const key = `${metric} ${node}`
        totals.set(key, { count: count + (totals.get(key)?.count ?? 0), label })
      }
    }
    this.#skip = numRows === this.#numRows ? Math.min(MAX_SKIPPED, this.#skip * 2 + 1) : 0
    this.#numRows = numRows
    for (const [key, { count, label }] of totals) this.#report(key, count, label, all)
  }

  #report(key: string, count: number, operator: string, all: boolean): void {
    const said = this.#said.get(key)
    const since = count - (said?.count ?? 0)
    if (since === 0 || (!all && said !== undefined && this.#now() - said.atMs < PAUSE_MS)) return
    this.#said.set(key, { count, atMs: this.#now() })
    this.#logger.warn(messages[key.split(' ')[0]!]!, { operator, count: since, total: count })
  }

  close(): void {
    this.check(true)
    open.delete(this)
    if (open.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}
