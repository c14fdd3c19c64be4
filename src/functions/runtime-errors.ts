/** Errors of function bodies at run time. The offending value is shown, cut to a line's length. */
import { type MillraceError, runtimeFailure } from '../errors/index.ts'

export function shortened(value: string, limit = 80): string {
  return value.length <= limit ? value : `${value.slice(0, limit)}… (${value.length} characters)`
}

export const divisionByZero = (): never => {
  throw runtimeFailure('MR_EXPR_DIVISION_BY_ZERO', 'division by zero', {
    hint: 'guard the divisor: x / NULLIF(y, 0)',
  })
}

export const castFailure = (value: string, type: string, expected?: string): MillraceError =>
  runtimeFailure('MR_EXPR_CAST', `cannot cast '${shortened(value)}' to ${type}`, {
    ...(expected === undefined ? {} : { expected: [expected] }),
    hint: 'TRY_CAST gives NULL instead',
  })

export const invalidArgument = (functionName: string, message: string, hint?: string): MillraceError =>
  runtimeFailure('MR_EXPR_ARGUMENT', `${functionName}: ${message}`, hint === undefined ? {} : { hint })
