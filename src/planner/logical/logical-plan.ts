/** The closed union of logical nodes, and the ways to walk it. */
import type { Aggregate } from './aggregate.ts'
import type { Collect } from './collect.ts'
import type { Filter } from './filter.ts'
import type { Project } from './project.ts'
import type { RowNumber } from './row-number.ts'
import type { Scan } from './scan.ts'
import type { Sink } from './sink.ts'
import type { Union } from './union.ts'
import type { Values } from './values.ts'
import type { WindowAggregate } from './window-aggregate.ts'
import type { WindowTableFunction } from './window-table-function.ts'
import type { WindowTopN } from './window-top-n.ts'

export type LogicalPlan =
  | Scan
  | Values
  | Filter
  | Project
  | WindowTableFunction
  | Aggregate
  | WindowAggregate
  | RowNumber
  | WindowTopN
  | Union
  | Sink
  | Collect

export type LogicalKind = LogicalPlan['kind']
export type LogicalOf<K extends LogicalKind> = Extract<LogicalPlan, { kind: K }>

/** One handler per node kind: a new kind that is not handled does not compile. */
export type LogicalVisitor<R> = { readonly [K in LogicalKind]: (node: LogicalOf<K>) => R }

export function visit<R>(plan: LogicalPlan, visitor: LogicalVisitor<R>): R {
  return (visitor[plan.kind] as (node: LogicalPlan) => R)(plan)
}

export function inputsOf(plan: LogicalPlan): readonly LogicalPlan[] {
  if (plan.kind === 'Scan' || plan.kind === 'Values') return []
  return plan.kind === 'Union' ? plan.inputs : [plan.input]
}

/** The same node over other inputs of the same output columns; the same object when nothing changed. */
export function withInputs(plan: LogicalPlan, inputs: readonly LogicalPlan[]): LogicalPlan {
  const old = inputsOf(plan)
  if (old.every((input, i) => input === inputs[i])) return plan
  if (plan.kind === 'Scan' || plan.kind === 'Values') return plan
  if (plan.kind === 'Union') return { ...plan, inputs }
  const input = inputs[0]!
  if (plan.kind === 'Filter' || plan.kind === 'Collect') return { ...plan, input, output: input.output }
  return { ...plan, input }
}

/** Rewrites bottom-up: `rewrite` sees a node whose inputs are already rewritten. */
export function transformUp(plan: LogicalPlan, rewrite: (node: LogicalPlan) => LogicalPlan): LogicalPlan {
  return rewrite(
    withInputs(
      plan,
      inputsOf(plan).map(input => transformUp(input, rewrite)),
    ),
  )
}
