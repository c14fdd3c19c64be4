import type { Identifier } from '../../parser/index.ts'
import { allColumns } from '../expression-rewrite.ts'
import { type LogicalPlan, project } from '../logical/index.ts'
import { bindError } from './bind-error.ts'

/** The plan with other column names: `AS t (a, b)`, the columns of a view or a WITH query. */
export function renamed(plan: LogicalPlan, columns: readonly Identifier[]): LogicalPlan {
  if (columns.length !== plan.output.length) {
    throw bindError(
      'MR_BIND_COLUMN_COUNT',
      `${columns.length} column names are given, but the query has ${plan.output.length} columns`,
      columns[0]!.position,
      { expected: plan.output.map(f => f.name) },
    )
  }
  return renamedTo(
    plan,
    columns.map(c => c.name),
  )
}

export function renamedTo(plan: LogicalPlan, names: readonly string[]): LogicalPlan {
  if (plan.output.every((f, i) => f.name === names[i])) return plan
  return project(plan, allColumns(plan.output), names)
}
