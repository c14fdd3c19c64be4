/**
 * What a job handle and the live view show of a running job, under Flink's names (Flink docs, Ops / Metrics).
 *
 * `values` of an operator: `numRecordsIn`, `numRecordsOut` and both with `PerSecond`, `currentInputWatermark`,
 * `currentOutputWatermark` (epoch ms; -Infinity before the first), `numLateRecordsDropped`, and what the operator
 * adds, such as `stateRows`. Connectors add theirs under entries of their own. Counters begin anew with each restart,
 * checkpoint counters do not. Rates cover the last ten seconds of reading, or the time since the start at first.
 */
import type { CheckpointStatistics } from '../../checkpoint/checkpoint-statistics.ts'
import { RateWindow } from '../../metrics/rate-window.ts'
import type { SubtaskReport } from './subtask-report.ts'
import type { Task } from './task-graph.ts'

export interface OperatorMetrics {
  readonly node: string
  readonly label: string
  readonly subtask: number
  readonly values: Readonly<Record<string, number>>
}

export interface SourceStatus {
  readonly node: string
  readonly label: string
  readonly subtask: number
  /** Epoch ms; null before the first watermark. */
  readonly watermark: number | null
  /** How far the watermark is behind the clock, ms; null before the first. */
  readonly watermarkLag: number | null
  /** The split whose watermark is the minimum. */
  readonly heldBy: string | null
  readonly idle: boolean
  /** ms since the last record was read; since the start when there was none. */
  readonly sourceIdleTime: number
  /** Records behind the end of all splits, if known. */
  readonly pendingRecords: number | null
}

/** One subtask. Per second of its time; time spent ready while others had the thread is in none of them. */
export interface TaskStatus {
  readonly task: string
  readonly label: string
  readonly subtask: number
  /** ms since the start. Busy: working, or waiting for the outside world to take a sink's rows. */
  readonly busyMs: number
  /** The part of it that was waiting for a sink. */
  readonly sinkWaitMs: number
  readonly idleMs: number
  readonly backPressuredMs: number
  readonly busyTimeMsPerSecond: number
  readonly sinkWaitTimeMsPerSecond: number
  readonly idleTimeMsPerSecond: number
  readonly backPressuredTimeMsPerSecond: number
  /** Bytes that wait in its input channels. */
  readonly queuedInputBytes: number
}

/** What to look at when the job does not keep up. */
export interface BusiestTask {
  /** Of the task, or of its sinks when that is what it mostly waits for. */
  readonly label: string
  readonly subtask: number
  readonly waitsForSink: boolean
  readonly busyTimeMsPerSecond: number
}

export interface JobMetrics {
  /** Rows read by all sources / written by all sinks since the (re)start. */
  readonly numRecordsIn: number
  readonly numRecordsOut: number
  readonly numLateRecordsDropped: number
  readonly numRestarts: number
  /** ms the job has been running without a failure; 0 while it is not. */
  readonly uptime: number
  /** ms since the failure it is recovering from; 0 while it runs. */
  readonly downtime: number
  readonly operators: readonly OperatorMetrics[]
  readonly sources: readonly SourceStatus[]
  readonly tasks: readonly TaskStatus[]
  /** The subtask that is busy for most of its time. */
  readonly busiestTask: BusiestTask | null
  readonly checkpoints: Readonly<CheckpointStatistics> | null
}

export interface JobFacts {
  readonly checkpoints: CheckpointStatistics | null
  readonly numRestarts: number
  readonly uptime: number
  readonly downtime: number
  /** Epoch ms, for lags. */
  readonly nowMs: number
}

/** A running attempt, as its reader sees it. */
export interface ReportingJob {
  /** By id. */
  readonly tasks: ReadonlyMap<string, Task>
  /** On performance.now()'s clock. */
  readonly startedAt: number
  reports(): readonly SubtaskReport[]
}

/** The counters and gauges of a subtask's operators and connectors. */
export function operatorMetrics(task: Task, report: SubtaskReport): readonly OperatorMetrics[] {
  const { subtask } = report
  const operators = task.nodes.map(({ id, label }) => ({
    node: id,
    label,
    subtask,
    values: report.operators[id] ?? {},
  }))
  const connectors = report.connectors.map(({ part, values }) => ({
    node: task.id,
    label: `${task.head.label}: ${part}`,
    subtask,
    values,
  }))
  return [...operators, ...connectors]
}

export const allOperatorMetrics = (job: ReportingJob): readonly OperatorMetrics[] =>
  job.reports().flatMap(report => operatorMetrics(job.tasks.get(report.task)!, report))

/** Reads the metrics of one attempt after another; keeps what rates are measured against. */
export class JobMetricsReader {
  #job: ReportingJob | null = null
  #rates = new Map<string, RateWindow>()

  read(job: ReportingJob | null, facts: JobFacts): JobMetrics {
    if (job !== this.#job) {
      this.#job = job
      this.#rates = new Map()
    }
    const reports = job?.reports() ?? []
    const taskOf = (report: SubtaskReport) => job!.tasks.get(report.task)!
    const tasks = reports.map(report => this.#task(taskOf(report), report))
    const sum = (name: string, kinds?: readonly string[]) =>
      reports.reduce((total, report) => {
        const nodes = taskOf(report).nodes.filter(node => kinds === undefined || kinds.includes(node.kind))
        return nodes.reduce((part, { id }) => part + (report.operators[id]?.[name] ?? 0), total)
      }, 0)
    const { nowMs, ...given } = facts
    return {
      ...given,
      numRecordsIn: sum('numRecordsIn', ['Scan', 'Values']),
      numRecordsOut: sum('numRecordsOut', ['Sink', 'Collect']),
      numLateRecordsDropped: sum('numLateRecordsDropped'),
      operators: reports.flatMap(report => this.#operators(taskOf(report), report)),
      sources: reports.flatMap(report => sourceStatus(taskOf(report), report, nowMs)),
      tasks,
      busiestTask: busiest(reports.map(taskOf), tasks),
    }
  }

  #perSecond(name: string, value: number): number {
    let window = this.#rates.get(name)
    if (window === undefined) {
      window = new RateWindow(this.#job!.startedAt)
      this.#rates.set(name, window)
    }
    return window.read(performance.now(), value)
  }

  #operators(task: Task, report: SubtaskReport): readonly OperatorMetrics[] {
    return operatorMetrics(task, report).map(operator => {
      const values = { ...operator.values }
      for (const name of ['numRecordsIn', 'numRecordsOut']) {
        const value = values[name]
        const key = `${operator.node} ${operator.label} ${operator.subtask} ${name}`
        if (value !== undefined) values[`${name}PerSecond`] = this.#perSecond(key, value)
      }
      return { ...operator, values }
    })
  }

  #task(task: Task, { subtask, times, queuedInputBytes }: SubtaskReport): TaskStatus {
    const { busyMs, idleMs, backPressuredMs, sinkWaitMs } = times
    const shares = [busyMs, idleMs, backPressuredMs, sinkWaitMs].map((value, i) =>
      this.#perSecond(`${task.id} ${subtask} ${i}`, value),
    )
    const total = shares[0]! + shares[1]! + shares[2]!
    const [busy, idle, backPressured, sinkWait] = shares.map(share =>
      total > 0 ? (share * 1000) / total : 0,
    )
    return {
      task: task.id,
      label: task.nodes.map(node => node.label).join(' -> '),
      subtask,
      ...times,
      busyTimeMsPerSecond: busy!,
      sinkWaitTimeMsPerSecond: sinkWait!,
      idleTimeMsPerSecond: idle!,
      backPressuredTimeMsPerSecond: backPressured!,
      queuedInputBytes,
    }
  }
}

/** `statuses[i]` is a status of `tasks[i]`. */
function busiest(tasks: readonly Task[], statuses: readonly TaskStatus[]): BusiestTask | null {
  let best = -1
  for (let i = 0; i < statuses.length; i++) {
    if (statuses[i]!.busyTimeMsPerSecond > (statuses[best]?.busyTimeMsPerSecond ?? 0)) best = i
  }
  const status = statuses[best]
  if (status === undefined) return null
  const { label, subtask, busyTimeMsPerSecond, sinkWaitTimeMsPerSecond } = status
  const waitsForSink = sinkWaitTimeMsPerSecond > busyTimeMsPerSecond / 2
  const sinks = tasks[best]!.nodes.filter(({ kind }) => kind === 'Sink' || kind === 'Collect')
  return {
    label: waitsForSink ? sinks.map(sink => sink.label).join(', ') : label,
    subtask,
    waitsForSink,
    busyTimeMsPerSecond,
  }
}

function sourceStatus(
  task: Task,
  { subtask, source }: SubtaskReport,
  nowMs: number,
): readonly SourceStatus[] {
  if (source === null) return []
  const { watermark } = source
  const watermarkLag = watermark === null ? null : nowMs - watermark
  return [{ node: task.id, label: task.head.label, subtask, ...source, watermarkLag }]
}
