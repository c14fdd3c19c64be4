import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { isAggregateFunction, isScalarFunction, resolveScalar } from '../../functions/index.ts'
import type { Argument, Expression, FunctionCall } from '../../parser/index.ts'
import { at, bindError, unsupported } from './bind-error.ts'
import type { ExpressionSite } from './bind-expression.ts'
import { textLiteral } from './bind-literal.ts'
import { call } from './call.ts'

/** The name of a called function, upper case; a path of several parts is no built-in function. */
export const functionName = (e: FunctionCall): string =>
  e.name
    .map(part => part.name)
    .join('.')
    .toUpperCase()

export const groupWindowNames = ['TUMBLE', 'HOP', 'SESSION'] as const
const auxiliaryPattern = /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/
export const isGroupWindow = (name: string): boolean => (groupWindowNames as readonly string[]).includes(name)
export const isWindowAuxiliary = (name: string): boolean => auxiliaryPattern.test(name)

/** A scalar call; anything else that looks like a call is refused with what it is. */
export function bindCall(
  e: FunctionCall,
  site: ExpressionSite,
  bind: (inner: Expression) => BoundExpression,
): BoundExpression {
  const name = functionName(e)
  if (e.over !== undefined) throw misplacedOver(e, name, site)
  if (isAggregateFunction(name) && !isScalarFunction(name)) {
    throw bindError(
      'MR_BIND_AGGREGATE',
      `the aggregate ${name} is not allowed in ${site.clause}`,
      e.position,
      {
        hint: site.clause === 'WHERE' ? 'filter groups with HAVING' : undefined,
      },
    )
  }
  if (isGroupWindow(name)) {
    throw bindError(
      'MR_BIND_GROUP_WINDOW',
      `the group window ${name}(…) is not allowed in ${site.clause}`,
      e.position,
      {
        hint: `say GROUP BY ${name}(…), or FROM TABLE(${name}(TABLE t, DESCRIPTOR(ts), …))`,
      },
    )
  }
  if (isWindowAuxiliary(name)) {
    const window = name.split('_')[0]!
    throw bindError(
      'MR_BIND_GROUP_WINDOW',
      `${name} needs GROUP BY ${window}(…) in the same query`,
      e.position,
    )
  }
  if (e.distinct || e.filter !== undefined || e.withinGroup.length > 0 || e.nullTreatment !== undefined) {
    // Unknown functions are reported as such first.
    if (!isScalarFunction(name)) at(e.position, () => resolveScalar(name, []))
    throw bindError(
      'MR_BIND_AGGREGATE',
      `${name} is no aggregate: DISTINCT, FILTER and the like do not apply`,
      e.position,
    )
  }
  if (name === 'SOURCE_WATERMARK') {
    throw unsupported(
      'SOURCE_WATERMARK() is not supported yet',
      e.position,
      "for example ts - INTERVAL '5' SECOND",
    )
  }
  return call(
    name,
    e.args.map(arg => bindArgument(arg, name, bind)),
    e.position,
  )
}

function bindArgument(
  arg: Argument,
  name: string,
  bind: (inner: Expression) => BoundExpression,
): BoundExpression {
  const { value } = arg
  if (arg.name !== undefined) {
    throw unsupported(`${name} takes no named arguments`, arg.position, 'give them by position')
  }
  switch (value.kind) {
    case 'TimeUnitArgument':
      return textLiteral(value.unit)
    case 'Star':
      throw bindError('MR_BIND_STAR', `* is no argument of ${name}`, value.position, {
        hint: 'only COUNT(*) takes *',
      })
    case 'TableArgument':
    case 'Descriptor':
    case 'DefaultArgument':
      throw bindError(
        'MR_BIND_ARGUMENT',
        `${name} is no table function: it takes values only`,
        value.position,
      )
    default:
      return bind(value)
  }
}

function misplacedOver(e: FunctionCall, name: string, site: ExpressionSite) {
  if (name === 'ROW_NUMBER') {
    return bindError('MR_BIND_OVER', `ROW_NUMBER() OVER is not allowed in ${site.clause}`, e.position, {
      hint: 'select it in a subquery and filter there, or use QUALIFY',
    })
  }
  return unsupported(
    `${name} OVER (…) is not supported yet`,
    e.position,
    'supported: ROW_NUMBER() OVER (PARTITION BY window_start, window_end[, k] ORDER BY …) filtered by rownum <= n',
  )
}
