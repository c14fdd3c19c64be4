import { timestampType } from '../../types/index.ts'
import type { OutputField, WindowTime } from '../plan-graph/plan-graph.ts'
import { field, materialized } from './field.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** Appends window_start, window_end and window_time; only the last stays a time attribute. */
export interface WindowTableFunction {
  readonly kind: 'WindowTableFunction'
  readonly input: LogicalPlan
  readonly time: WindowTime
  /** The name the query calls the time column by, for messages and EXPLAIN. */
  readonly timeName: string
  /** GROUP BY TUMBLE(…) instead of a window table function. */
  readonly legacy: boolean
  readonly output: readonly OutputField[]
}

export function windowTableFunction(
  input: LogicalPlan,
  time: WindowTime,
  timeName: string,
  timeType: OutputField['type'],
  legacy = false,
): WindowTableFunction {
  const output = [...input.output.map(materialized), ...windowFields(time.attribute, timeType)]
  return { kind: 'WindowTableFunction', input, time, timeName, legacy, output }
}

/** Bounds are TIMESTAMP(3) in the session's zone, also for windows over TIMESTAMP_LTZ (Flink's rule). */
export function windowFields(
  attribute: WindowTime['attribute'],
  timeType: OutputField['type'],
): readonly OutputField[] {
  return [
    field('window_start', timestampType(3, false)),
    field('window_end', timestampType(3, false)),
    field('window_time', timeType, attribute),
  ]
}
