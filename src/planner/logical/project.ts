import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'
import { field } from './field.ts'
import type { LogicalPlan } from './logical-plan.ts'

export interface Project {
  readonly kind: 'Project'
  readonly input: LogicalPlan
  readonly projections: readonly BoundExpression[]
  readonly output: readonly OutputField[]
}

/** Time attributes pass through plain columns only; PROCTIME() makes one. */
export function project(
  input: LogicalPlan,
  projections: readonly BoundExpression[],
  names: readonly string[],
): Project {
  const output = projections.map((e, i) => projectedField(input.output, e, names[i]!))
  return { kind: 'Project', input, projections, output }
}

export function projectedField(input: readonly OutputField[], e: BoundExpression, name: string): OutputField {
  if (e.kind === 'InputRef') return field(name, e.type, input[e.index]!.timeAttribute)
  if (e.kind === 'Call' && e.function === 'PROCTIME') return field(name, e.type, 'proctime')
  return field(name, e.type)
}
