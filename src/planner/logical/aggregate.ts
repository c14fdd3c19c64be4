import type { SourcePosition } from '../../errors/index.ts'
import type { AggregateCall, OutputField } from '../plan-graph/plan-graph.ts'
import { field, materialized } from './field.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** GROUP BY without a window; SELECT DISTINCT is one without aggregates. Output: keys, then results. */
export interface Aggregate {
  readonly kind: 'Aggregate'
  readonly input: LogicalPlan
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly output: readonly OutputField[]
  /** Of the GROUP BY or of the first aggregate; messages about updates point here. */
  readonly position: SourcePosition | undefined
}

/** `timeKeys` are the keys that stay time attributes: the window_time of the window grouped by. */
export function aggregate(
  input: LogicalPlan,
  keys: readonly number[],
  aggregates: readonly AggregateCall[],
  names: readonly string[],
  position: SourcePosition | undefined,
  timeKeys: ReadonlySet<number>,
): Aggregate {
  const output = [
    ...keys.map(k => (timeKeys.has(k) ? input.output[k]! : materialized(input.output[k]!))),
    ...aggregates.map((call, i) => field(names[i]!, call.type)),
  ]
  return { kind: 'Aggregate', input, keys, aggregates, output, position }
}
