import { MillraceError } from '../../errors/index.ts'
import type { Expression } from '../../parser/index.ts'
import { typeToString, withNullable } from '../../types/index.ts'
import { bindError } from './bind-error.ts'
import { bindExpression } from './bind-expression.ts'
import { Scope } from './scope.ts'
import { rowSite } from './select-site.ts'

/** Milliseconds of a constant day-time interval; `what` is its part in the window, for messages. */
export function constantInterval(e: Expression, what: string): number {
  const bound = bindConstant(e, what)
  if (bound.kind === 'Literal' && bound.type.kind === 'INTERVAL_DAY_TIME') return Number(bound.value)
  if (bound.type.kind === 'INTERVAL_YEAR_MONTH') {
    throw bindError(
      'MR_BIND_WINDOW',
      `the ${what} cannot be in months or years: they differ in length`,
      e.position,
      {
        hint: "use days, for example INTERVAL '30' DAY",
      },
    )
  }
  if (bound.kind === 'Literal' || bound.type.kind !== 'INTERVAL_DAY_TIME') {
    throw bindError(
      'MR_BIND_WINDOW',
      `the ${what} must be an interval, not ${typeToString(withNullable(bound.type, true))}`,
      e.position,
      { expected: ["INTERVAL '1' MINUTE"] },
    )
  }
  throw notConstant(e, what)
}

const notConstant = (e: Expression, what: string) =>
  bindError('MR_BIND_WINDOW', `the ${what} must be a constant interval`, e.position, {
    expected: ["INTERVAL '1' MINUTE"],
  })

function bindConstant(e: Expression, what: string) {
  try {
    return bindExpression(e, rowSite(Scope.empty, 'a window'))
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'MR_BIND_UNKNOWN_COLUMN') throw notConstant(e, what)
    throw error
  }
}
