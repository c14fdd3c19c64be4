import type { SourcePosition } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { type ArgumentInfo, resolveScalar } from '../../functions/index.ts'
import { castTo } from '../expression-rewrite.ts'
import { at } from './bind-error.ts'

/** A call of a scalar function or operator, its arguments cast as the signature wants. */
export function call(
  name: string,
  args: readonly BoundExpression[],
  position: SourcePosition,
): BoundExpression {
  const resolution = at(position, () => resolveScalar(name, args.map(argumentInfo)))
  return {
    kind: 'Call',
    function: resolution.function,
    arguments: args.map((arg, i) => castTo(arg, resolution.argumentTypes[i] ?? arg.type)),
    type: resolution.returnType,
  }
}

export function argumentInfo(e: BoundExpression): ArgumentInfo {
  if (e.kind !== 'Literal' || typeof e.value === 'object') {
    return e.kind === 'Literal' && e.value === null ? { type: e.type, literal: null } : { type: e.type }
  }
  return { type: e.type, literal: e.value }
}
