import type { OutputField } from '../plan-graph/plan-graph.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** Hands the rows of a top-level SELECT to the caller. */
export interface Collect {
  readonly kind: 'Collect'
  readonly input: LogicalPlan
  readonly output: readonly OutputField[]
}

export const collect = (input: LogicalPlan): Collect => ({ kind: 'Collect', input, output: input.output })
