/** Shows jobs while they run: a view that redraws itself on a terminal, plain log lines when stderr is piped. */
import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import type { Logger } from '../logger/logger.ts'
import { type JobView, type Progress, ProgressMeter } from './progress.ts'

export interface LiveView {
  /** Prints a line above the view. */
  print(line: string): void
  stop(): void
}

const TERMINAL_INTERVAL_MS = 500
const DEFAULT_LOG_INTERVAL_MS = 5000

export function startTerminalView(jobs: readonly JobView[]): LiveView {
  const update = createLogUpdate(process.stderr, { showCursor: true })
  const meters = jobs.map(job => new ProgressMeter(job))
  const draw = () => update(meters.map(meter => renderProgress(meter.read(Date.now()))).join('\n'))
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

const count = (value: number) => value.toLocaleString('en-US')

function renderProgress(progress: Progress): string {
  const status = progress.status === 'RUNNING' ? pc.green(progress.status) : pc.yellow(progress.status)
  const heldBy = progress.heldBy === null ? '' : pc.dim(` held by ${progress.heldBy}`)
  const checkpoint =
    progress.lastCheckpoint === null
      ? 'none yet'
      : `#${progress.lastCheckpoint} in ${progress.lastCheckpointMs} ms`
  const warnings = [
    progress.lateDropped > 0 ? `${count(progress.lateDropped)} late records dropped` : '',
    progress.restarts > 0 ? `${progress.restarts} restarts` : '',
    progress.failedCheckpoints > 0 ? `${progress.failedCheckpoints} failed checkpoints` : '',
  ].filter(text => text !== '')
  return [
    `${pc.bold(progress.job)} ${status}`,
    `  in  ${count(progress.recordsIn).padStart(15)}  ${count(progress.recordsInPerSecond).padStart(11)}/s   lag ${progress.lag === null ? '?' : count(progress.lag)}`,
    `  out ${count(progress.recordsOut).padStart(15)}  ${count(progress.recordsOutPerSecond).padStart(11)}/s   busiest ${progress.busiest ?? '-'}`,
    `  watermark ${progress.watermark ?? '-'}${heldBy}   checkpoint ${checkpoint}`,
    ...(warnings.length > 0 ? [`  ${pc.yellow(warnings.join(' · '))}`] : []),
  ].join('\n')
}
