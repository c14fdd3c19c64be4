/**
 * Which window aggregations have two phases: each subtask of the input aggregates its own rows first and sends the groups
 * of a window when it ends, so that the exchange carries a row for each group instead of each record, and a key that most
 * records have does not make one subtask's work of all. As Flink's LocalWindowAggregate and GlobalWindowAggregate.
 *
 * Only when it is asked for: where a window has many keys, finding the groups twice costs more than the exchange of the
 * rows, which is cheap within a process.
 */
import type { AggregateCall, Exchange, OutputField, WindowAggregateNode } from '../plan-graph/plan-graph.ts'

/** `table.optimizer.agg-phase-strategy`; AUTO is ONE_PHASE. */
export type AggPhaseStrategy = 'AUTO' | 'ONE_PHASE' | 'TWO_PHASE'

type Aggregation = Pick<WindowAggregateNode, 'time' | 'aggregates' | 'emit' | 'inputRetracts'>

interface Site {
  readonly strategy: AggPhaseStrategy
  readonly input: { readonly output: readonly OutputField[]; readonly parallelism: number }
  readonly exchange: Exchange
}

export function hasLocalPhase(
  { time, aggregates, emit, inputRetracts }: Aggregation,
  { strategy, input, exchange }: Site,
): boolean {
  if (strategy !== 'TWO_PHASE' || exchange.kind === 'forward' || input.parallelism === 1) return false
  // Rows that wait for the end of their window are no use to one that speaks before it.
  const speaksOnce = emit.earlyDelayMs === null && emit.allowedLatenessMs === 0
  const isByTime = time.kind === 'assign' && time.timeColumn >= 0
  return speaksOnce && isByTime && !inputRetracts && aggregates.every(call => isMergeable(call, input.output))
}

/** Whether groups can be joined in any order: sums of floating-point numbers would not be the same each time. */
function isMergeable(call: AggregateCall, input: readonly OutputField[]): boolean {
  switch (call.function) {
    case 'MIN':
    case 'MAX':
      return true
    case 'COUNT':
      return !call.distinct
    case 'SUM':
    case 'AVG': {
      const kind = input[call.arguments[0]!]!.type.kind
      return !call.distinct && kind !== 'FLOAT' && kind !== 'DOUBLE'
    }
    default:
      return false
  }
}
