/**
 * What one subtask tells of itself: plain data, so that it crosses threads. Entries and names are explained in
 * job-metrics.ts.
 */
import type { TaskShares } from '../../metrics/operator-metrics.ts'
import type { BuiltSubtask } from './subtask-builder.ts'

export interface SourceReport {
  /** Epoch ms; null before the first watermark. */
  readonly watermark: number | null
  readonly heldBy: string | null
  readonly idle: boolean
  readonly sourceIdleTime: number
  readonly pendingRecords: number | null
}

export interface SubtaskReport {
  /** Id of the task's head node. */
  readonly task: string
  readonly subtask: number
  /** By node id, for every node of the task. */
  readonly operators: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly connectors: readonly {
    readonly part: 'writer' | 'reader'
    readonly values: Readonly<Record<string, number>>
  }[]
  readonly times: TaskShares
  /** Null for a subtask that reads from channels. */
  readonly source: SourceReport | null
  readonly queuedInputBytes: number
}

export function reportOf({ task, index, subtask, metrics, writers }: BuiltSubtask): SubtaskReport {
  const { head } = subtask.parts
  const connectors: SubtaskReport['connectors'][number][] = []
  for (const writer of writers) {
    const values = writer.metrics?.()
    if (values !== undefined) connectors.push({ part: 'writer', values })
  }
  const values = head.kind === 'source' ? head.source.reader.metrics?.() : undefined
  if (values !== undefined) connectors.push({ part: 'reader', values })
  return {
    task: task.id,
    subtask: index,
    operators: Object.fromEntries(task.nodes.map(({ id }) => [id, metrics.get(id)!.snapshot()])),
    connectors,
    times: subtask.times.snapshot(),
    source: sourceReport(subtask.parts.head),
    queuedInputBytes: head.kind === 'gate' ? head.gate.queuedBytes : 0,
  }
}

function sourceReport(head: BuiltSubtask['subtask']['parts']['head']): SourceReport | null {
  if (head.kind !== 'source') return null
  const { watermarks, reader, lastRecordAtMs } = head.source
  const lags = reader.splits().map(split => split.lag)
  return {
    watermark: Number.isFinite(watermarks.current) ? watermarks.current : null,
    heldBy: watermarks.heldBy,
    idle: watermarks.idle,
    sourceIdleTime: Math.max(0, performance.now() - lastRecordAtMs),
    pendingRecords: lags.some(lag => lag === null) ? null : lags.reduce<number>((sum, lag) => sum + lag!, 0),
  }
}
