/**
 * Evaluates expressions one value at a time, from the naive bodies of the functions: for constants at plan time
 * and as the second opinion of the tests. Lazy where SQL is: AND, OR, CASE, COALESCE, IF, IN.
 */
import { internalError, MillraceError } from '../errors/index.ts'
import { type CallContext, castPlain, plainEquals, scalarSpec } from '../functions/index.ts'
import type { PlainValue } from '../types/index.ts'
import type { BoundExpression, Call, Cast } from './bound-expression.ts'
import type { KernelEnvironment } from './kernel/kernel.ts'
import { plainOfLiteral } from './literal-value.ts'

/** `row[i]` is the plain value of input column i. Throws MillraceError (family 'runtime') as compiled code does. */
export function evaluateNaive(
  expression: BoundExpression,
  row: readonly PlainValue[],
  environment: KernelEnvironment,
): PlainValue {
  const evaluate = (part: BoundExpression): PlainValue => evaluateNaive(part, row, environment)
  switch (expression.kind) {
    case 'InputRef':
      return row[expression.index] ?? null
    case 'Literal':
      return plainOfLiteral(expression)
    case 'Cast':
      return evaluateCast(expression, evaluate, environment)
    case 'Case': {
      const branch = expression.branches.find(({ when }) => evaluate(when) === true)
      return evaluate(branch?.then ?? expression.otherwise)
    }
    case 'Call':
      return evaluateCall(expression, evaluate, environment)
  }
}

type Evaluate = (expression: BoundExpression) => PlainValue

function evaluateCast(
  { operand, type, safe }: Cast,
  evaluate: Evaluate,
  environment: KernelEnvironment,
): PlainValue {
  const value = evaluate(operand)
  if (value === null) return null
  try {
    return castPlain(value, operand.type, type, environment)
  } catch (error) {
    if (safe && error instanceof MillraceError && error.family === 'runtime') return null
    throw error
  }
}

function evaluateJunction(args: readonly BoundExpression[], evaluate: Evaluate, stop: boolean): PlainValue {
  let unknown = false
  for (const arg of args) {
    const value = evaluate(arg)
    if (value === stop) return stop
    if (value === null) unknown = true
  }
  return unknown ? null : !stop
}

/** Items after a match are not evaluated. */
function evaluateIn([operand, ...items]: readonly BoundExpression[], evaluate: Evaluate): PlainValue {
  const value = evaluate(operand!)
  let unknown = false
  for (const item of items) {
    const candidate = evaluate(item)
    if (value === null || candidate === null) unknown = true
    else if (!Number.isNaN(value) && plainEquals(value, candidate)) return true
  }
  return unknown ? null : false
}

function evaluateCall(call: Call, evaluate: Evaluate, environment: KernelEnvironment): PlainValue {
  const list = call.arguments
  switch (call.function) {
    case 'AND':
      return evaluateJunction(list, evaluate, false)
    case 'OR':
      return evaluateJunction(list, evaluate, true)
    case 'COALESCE':
      for (const argument of list) {
        const value = evaluate(argument)
        if (value !== null) return value
      }
      return null
    case 'IN':
      return evaluateIn(list, evaluate)
    case 'IF':
      return evaluate(evaluate(list[0]!) === true ? list[1]! : list[2]!)
  }
  const spec = scalarSpec(call.function)
  if (spec === undefined) throw internalError(`no function named ${call.function}`)
  const args = list.map(evaluate)
  if (spec.nulls === 'propagate' && args.includes(null)) return null
  const context: CallContext = {
    argumentTypes: list.map(argument => argument.type),
    resultType: call.type,
    constants: list.map(argument => (argument.kind === 'Literal' ? plainOfLiteral(argument) : undefined)),
    environment,
  }
  return spec.naive(args, context)
}
