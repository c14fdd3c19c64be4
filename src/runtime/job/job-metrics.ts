/** What a job handle and the live view show of a running job, under Flink's names. */
import type { CheckpointStatistics } from '../../checkpoint/checkpoint-statistics.ts'
import type { BuiltJob } from './subtask-builder.ts'

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
  /** The split whose watermark is the minimum. */
  readonly heldBy: string | null
  readonly idle: boolean
  /** Records behind the end of all splits, if known. */
  readonly pendingRecords: number | null
}

export interface TaskStatus {
  readonly task: string
  readonly label: string
  readonly subtask: number
  readonly busyMs: number
  readonly idleMs: number
  readonly backPressuredMs: number
}

export interface JobMetrics {
  /** Rows read by all sources / written by all sinks since the (re)start. */
  readonly numRecordsIn: number
  readonly numRecordsOut: number
  readonly numLateRecordsDropped: number
  readonly numRestarts: number
  readonly operators: readonly OperatorMetrics[]
  readonly sources: readonly SourceStatus[]
  readonly tasks: readonly TaskStatus[]
  readonly checkpoints: Readonly<CheckpointStatistics> | null
}

export function collectMetrics(
  job: BuiltJob | null,
  checkpoints: CheckpointStatistics | null,
  numRestarts: number,
): JobMetrics {
  const operators: OperatorMetrics[] = []
  const sources: SourceStatus[] = []
  const tasks: TaskStatus[] = []
  let numRecordsIn = 0
  let numRecordsOut = 0
  let numLateRecordsDropped = 0
  for (const { task, index, subtask, metrics, writers } of job?.subtasks ?? []) {
    for (const node of task.nodes) {
      const values = metrics.get(node.id)!.snapshot()
      operators.push({ node: node.id, label: node.label, subtask: index, values })
      numLateRecordsDropped += values['numLateRecordsDropped'] ?? 0
      if (node.kind === 'Scan' || node.kind === 'Values') numRecordsIn += values['numRecordsIn'] ?? 0
      if (node.kind === 'Sink' || node.kind === 'Collect') numRecordsOut += values['numRecordsOut'] ?? 0
    }
    for (const writer of writers) {
      const values = writer.metrics?.()
      if (values !== undefined)
        operators.push({ node: task.id, label: `${task.head.label}: writer`, subtask: index, values })
    }
    const { head } = subtask.parts
    const reader = head.kind === 'source' ? head.source.reader.metrics?.() : undefined
    if (reader !== undefined)
      operators.push({ node: task.id, label: `${task.head.label}: reader`, subtask: index, values: reader })
    if (head.kind === 'source') sources.push(sourceStatus(task.head.label, index, head.source))
    const label = task.nodes.map(node => node.label).join(' -> ')
    tasks.push({ task: task.id, label, subtask: index, ...subtask.times.snapshot() })
  }
  return {
    numRecordsIn,
    numRecordsOut,
    numLateRecordsDropped,
    numRestarts,
    operators,
    sources,
    tasks,
    checkpoints,
  }
}

function sourceStatus(
  label: string,
  subtask: number,
  source: Extract<BuiltJob['subtasks'][number]['subtask']['parts']['head'], { kind: 'source' }>['source'],
): SourceStatus {
  const { watermarks, reader, nodeId } = source
  const lags = reader.splits().map(split => split.lag)
  return {
    node: nodeId,
    label,
    subtask,
    watermark: Number.isFinite(watermarks.current) ? watermarks.current : null,
    heldBy: watermarks.heldBy,
    idle: watermarks.idle,
    pendingRecords: lags.some(lag => lag === null) ? null : lags.reduce<number>((sum, lag) => sum + lag!, 0),
  }
}
