/** Shows jobs while they run: a view that redraws itself on a terminal, plain log lines when stderr is piped. */
import type { Logger } from '../logger/logger.ts'
import { type JobView, ProgressMeter } from './progress.ts'
import { renderProgress } from './render-progress.ts'

export interface LiveView {
  /** Prints a line above the view. */
  print(line: string): void
  stop(): void
}

const TERMINAL_INTERVAL_MS = 500
const DEFAULT_LOG_INTERVAL_MS = 5000
/** Of terminals that do not tell theirs. */
const DEFAULT_WIDTH = 100

export async function startTerminalView(jobs: readonly JobView[]): Promise<LiveView> {
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(process.stderr, { showCursor: true })
  const meters = jobs.map(job => new ProgressMeter(job))
  const draw = () => {
    const width = process.stderr.columns || DEFAULT_WIDTH
    update(meters.map(meter => renderProgress(meter.read(Date.now()), width)).join('\n'))
  }
  const timer = setInterval(draw, TERMINAL_INTERVAL_MS)
  return {
    print(line) {
      update.clear()
      process.stderr.write(`${line}\n`)
      draw()
    },
    stop() {
      clearInterval(timer)
      draw()
      update.done()
    },
  }
}

/** One `progress` line per job every five seconds, or every MILLRACE_PROGRESS_MS. */
export function startLogView(jobs: readonly JobView[], logger: Logger): LiveView {
  const meters = jobs.map(job => new ProgressMeter(job))
  const log = () => {
    for (const meter of meters) logger.info('progress', { ...meter.read(Date.now()) })
  }
  const timer = setInterval(log, Number(process.env['MILLRACE_PROGRESS_MS'] ?? DEFAULT_LOG_INTERVAL_MS))
  timer.unref()
  return {
    print: line => process.stderr.write(`${line}\n`),
    stop() {
      clearInterval(timer)
      log()
    },
  }
}
