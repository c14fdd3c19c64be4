import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'

/** Constant rows: VALUES, and one empty-keyed row for SELECT without FROM. */
export interface Values {
  readonly kind: 'Values'
  readonly rows: readonly (readonly BoundExpression[])[]
  readonly output: readonly OutputField[]
}

export const values = (
  rows: readonly (readonly BoundExpression[])[],
  output: readonly OutputField[],
): Values => ({ kind: 'Values', rows, output })
