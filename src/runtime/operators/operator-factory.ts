/** The one place where a plan node becomes an operator. Scans, VALUES, sinks and collects have drivers of their own. */
import type { PlanNode } from '../../planner/plan-graph/plan-graph.ts'
import type { LogicalType } from '../../types/index.ts'
import { createCalcOperator } from './calc.ts'
import { createChangelogNormalizeOperator } from './changelog-normalize.ts'
import { createGroupAggregateOperator } from './group-aggregate.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { createUnionOperator } from './union.ts'
import { createWindowAggregateOperator } from './window-aggregate.ts'
import { createWindowTableFunctionOperator } from './window-table-function.ts'
import { createWindowTopNOperator } from './window-top-n.ts'

export type OperatorNode = Exclude<PlanNode, { kind: 'Scan' | 'Values' | 'Sink' | 'Collect' }>

export function createOperator(
  node: OperatorNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator {
  switch (node.kind) {
    case 'Calc':
      return createCalcOperator(node, inputTypes, context)
    case 'Union':
      return createUnionOperator(context)
    case 'WindowTableFunction':
      return createWindowTableFunctionOperator(node, inputTypes, context)
    case 'WindowAggregate':
      return createWindowAggregateOperator(node, inputTypes, context)
    case 'GroupAggregate':
      return createGroupAggregateOperator(node, inputTypes, context)
    case 'WindowTopN':
      return createWindowTopNOperator(node, inputTypes, context)
    case 'ChangelogNormalize':
      return createChangelogNormalizeOperator(node, inputTypes, context)
  }
}
