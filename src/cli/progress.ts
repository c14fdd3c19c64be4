/** What the live view and the plain progress lines show of one job, as rates since the view before. */

import type { JobStatus } from '../runtime/job/job.ts'
import type { JobMetrics } from '../runtime/job/job-metrics.ts'

export interface Progress {
  readonly job: string
  readonly status: JobStatus
  readonly recordsIn: number
  readonly recordsOut: number
  readonly recordsInPerSecond: number
  readonly recordsOutPerSecond: number
  readonly lateDropped: number
  readonly restarts: number
  /** ISO time of the lowest source watermark; null before the first. */
  readonly watermark: string | null
  /** Which split holds it. */
  readonly heldBy: string | null
  readonly lag: number | null
  readonly lastCheckpoint: number | null
  readonly lastCheckpointMs: number | null
  /** Bytes of state in it. */
  readonly lastCheckpointBytes: number | null
  readonly failedCheckpoints: number
  /** The task that has least time to spare, or the sink it waits for, and its share of busy time in percent. */
  readonly busiest: string | null
}

export interface JobView {
  readonly name: string
  readonly status: JobStatus
  metrics(): JobMetrics
}

export class ProgressMeter {
  readonly #job: JobView
  #last: { readonly atMs: number; readonly metrics: JobMetrics } | null = null

  constructor(job: JobView) {
    this.#job = job
  }

  read(nowMs: number): Progress {
    const metrics = this.#job.metrics()
    const last = this.#last
    this.#last = { atMs: nowMs, metrics }
    const seconds = last === null ? 0 : (nowMs - last.atMs) / 1000
    const rate = (now: number, before: number) =>
      seconds > 0 ? Math.max(0, Math.round((now - before) / seconds)) : 0
    const lowest = lowestSource(metrics.sources)
    const lags = metrics.sources.map(source => source.pendingRecords)
    return {
      job: this.#job.name,
      status: this.#job.status,
      recordsIn: metrics.numRecordsIn,
      recordsOut: metrics.numRecordsOut,
      recordsInPerSecond: rate(metrics.numRecordsIn, last?.metrics.numRecordsIn ?? 0),
      recordsOutPerSecond: rate(metrics.numRecordsOut, last?.metrics.numRecordsOut ?? 0),
      lateDropped: metrics.numLateRecordsDropped,
      restarts: metrics.numRestarts,
      watermark:
        lowest === null || lowest.watermark === null ? null : new Date(lowest.watermark).toISOString(),
      heldBy: lowest?.heldBy ?? null,
      lag:
        lags.length === 0 || lags.some(lag => lag === null)
          ? null
          : lags.reduce<number>((sum, lag) => sum + lag!, 0),
      lastCheckpoint: metrics.checkpoints?.lastCompletedCheckpointId || null,
      lastCheckpointMs: metrics.checkpoints?.lastCompletedCheckpointId
        ? Math.round(metrics.checkpoints.lastCheckpointDuration)
        : null,
      lastCheckpointBytes: metrics.checkpoints?.lastCompletedCheckpointId
        ? metrics.checkpoints.lastCheckpointSize
        : null,
      failedCheckpoints: metrics.checkpoints?.numberOfFailedCheckpoints ?? 0,
      busiest: busiestText(metrics.busiestTask),
    }
  }
}

/** The source that holds time back; one without a watermark yet holds it most. Idle ones hold nobody. */
function lowestSource(sources: JobMetrics['sources']): JobMetrics['sources'][number] | null {
  const timed = sources.filter(source => source.heldBy !== null || source.watermark !== null)
  const active = timed.filter(source => !source.idle)
  const at = (source: (typeof timed)[number]) => source.watermark ?? Number.NEGATIVE_INFINITY
  return (active.length > 0 ? active : timed).reduce<(typeof timed)[number] | null>(
    (low, source) => (low === null || at(source) < at(low) ? source : low),
    null,
  )
}

function busiestText(task: JobMetrics['busiestTask']): string | null {
  if (task === null) return null
  const share = Math.round(task.busyTimeMsPerSecond / 10)
  return `${task.waitsForSink ? 'waits for ' : ''}${task.label} ${share} %`
}
