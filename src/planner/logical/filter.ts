import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'
import type { LogicalPlan } from './logical-plan.ts'

export interface Filter {
  readonly kind: 'Filter'
  readonly input: LogicalPlan
  readonly condition: BoundExpression
  readonly output: readonly OutputField[]
}

export const filter = (input: LogicalPlan, condition: BoundExpression): Filter => ({
  kind: 'Filter',
  input,
  condition,
  output: input.output,
})
