import type { SourcePosition } from '../../errors/index.ts'
import type {
  AggregateCall,
  EmitStrategy,
  OutputField,
  WindowAssignment,
  WindowProperty,
} from '../plan-graph/plan-graph.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** GROUP BY a window, of both styles. Output: keys, results, window properties. */
export interface WindowAggregate {
  readonly kind: 'WindowAggregate'
  readonly input: LogicalPlan
  readonly time: WindowAssignment
  /** The time column as the query calls it. */
  readonly timeName: string
  /** From GROUP BY TUMBLE(…): Flink honours `table.exec.emit.*` on these only. */
  readonly legacy: boolean
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly properties: readonly WindowProperty[]
  readonly emit: EmitStrategy
  readonly output: readonly OutputField[]
  readonly position: SourcePosition | undefined
}

export const windowAggregate = (node: Omit<WindowAggregate, 'kind'>): WindowAggregate => ({
  kind: 'WindowAggregate',
  ...node,
})
