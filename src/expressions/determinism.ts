/** Whether an expression gives the same value every time: RAND, UUID, NOW and the like do not. */
import { scalarSpec } from '../functions/index.ts'
import type { BoundExpression } from './bound-expression.ts'

export function isDeterministic(expression: BoundExpression): boolean {
  switch (expression.kind) {
    case 'InputRef':
    case 'Literal':
      return true
    case 'Cast':
      return isDeterministic(expression.operand)
    case 'Case':
      return (
        isDeterministic(expression.otherwise) &&
        expression.branches.every(branch => isDeterministic(branch.when) && isDeterministic(branch.then))
      )
    case 'Call':
      return (
        (scalarSpec(expression.function)?.deterministic ?? true) &&
        expression.arguments.every(isDeterministic)
      )
  }
}
