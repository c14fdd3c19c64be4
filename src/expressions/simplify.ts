/**
 * Constant folding: a deterministic call, cast or CASE over literals becomes a literal. What fails while folding is
 * left as it is: it must fail at run time, and only if a row reaches it.
 */
import { MillraceError, validationError } from '../errors/index.ts'
import { castBody } from '../functions/index.ts'
import type { BoundExpression, Call, Case, Cast, Literal } from './bound-expression.ts'
import { isDeterministic } from './determinism.ts'
import { evaluateNaive } from './evaluate-naive.ts'
import type { KernelEnvironment } from './kernel/kernel.ts'
import { canBeLiteral, literalOf } from './literal-value.ts'

export function simplify(expression: BoundExpression, environment: KernelEnvironment): BoundExpression {
  switch (expression.kind) {
    case 'InputRef':
    case 'Literal':
      return expression
    case 'Cast':
      return simplifyCast({ ...expression, operand: simplify(expression.operand, environment) }, environment)
    case 'Call': {
      const list = operandsOf(expression).map(argument => simplify(argument, environment))
      return folded({ ...expression, arguments: list }, environment)
    }
    case 'Case':
      return simplifyCase(expression, environment)
  }
}

/** `a OR b OR c` is one call of three, so that long chains nest in no one's stack. */
function operandsOf(call: Call): readonly BoundExpression[] {
  if (call.function !== 'AND' && call.function !== 'OR') return call.arguments
  const operands: BoundExpression[] = []
  const pending: BoundExpression[] = [...call.arguments].reverse()
  while (pending.length > 0) {
    const next = pending.pop()!
    if (next.kind === 'Call' && next.function === call.function)
      pending.push(...[...next.arguments].reverse())
    else operands.push(next)
  }
  return operands
}

/** A cast that changes nothing in memory is no reason to copy a column. */
function simplifyCast(cast: Cast, environment: KernelEnvironment): BoundExpression {
  const { operand, type } = cast
  if (operand.kind === 'InputRef' && castBody(operand.type, type, false).unchanged)
    return { ...operand, type }
  return folded(cast, environment)
}

const isLiteral = (expression: BoundExpression): boolean => expression.kind === 'Literal'

function folded(expression: BoundExpression, environment: KernelEnvironment): BoundExpression {
  const parts =
    expression.kind === 'Cast' ? [expression.operand] : expression.kind === 'Call' ? expression.arguments : []
  if (!parts.every(isLiteral) || !canBeLiteral(expression.type) || !isDeterministic(expression))
    return expression
  try {
    return literalOf(evaluateNaive(expression, [], environment), expression.type)
  } catch (error) {
    if (error instanceof MillraceError && error.family === 'runtime') return expression
    throw error
  }
}

/** Branches that can never be taken are dropped; one that always is ends the list. */
function simplifyCase(expression: Case, environment: KernelEnvironment): BoundExpression {
  const branches: Case['branches'][number][] = []
  for (const branch of expression.branches) {
    const when = simplify(branch.when, environment)
    const then = simplify(branch.then, environment)
    if (when.kind !== 'Literal') branches.push({ when, then })
    else if (when.value === 1) return closed(expression, branches, then)
  }
  return closed(expression, branches, simplify(expression.otherwise, environment))
}

function closed(expression: Case, branches: Case['branches'], otherwise: BoundExpression): BoundExpression {
  if (branches.length > 0) return { ...expression, branches, otherwise }
  // The branch may be of another nullability, never of another storage: the binder cast it.
  return { ...otherwise, type: expression.type } as BoundExpression
}

/** The value of an expression without columns. Throws a runtime error when it fails, a validation error when it is none. */
export function evaluateConstant(expression: BoundExpression, environment: KernelEnvironment): Literal {
  const result = simplify(expression, environment)
  if (result.kind === 'Literal') return result
  if (!readsNoColumn(result))
    throw validationError(
      'MR_EXPR_NOT_CONSTANT',
      'a constant is expected here, but the expression reads columns',
    )
  return literalOf(evaluateNaive(result, [], environment), result.type)
}

function readsNoColumn(expression: BoundExpression): boolean {
  switch (expression.kind) {
    case 'InputRef':
      return false
    case 'Literal':
      return true
    case 'Cast':
      return readsNoColumn(expression.operand)
    case 'Call':
      return expression.arguments.every(readsNoColumn)
    case 'Case':
      return (
        readsNoColumn(expression.otherwise) &&
        expression.branches.every(({ when, then }) => readsNoColumn(when) && readsNoColumn(then))
      )
  }
}
