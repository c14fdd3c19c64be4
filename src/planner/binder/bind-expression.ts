/**
 * AST expressions → typed expressions. Where an expression stands decides what names, aggregates and OVER calls
 * mean there: that is the `ExpressionSite`; everything else is the same everywhere.
 */
import { assertNever } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { CaseExpression, Cast, ColumnReference, Expression } from '../../parser/index.ts'
import { canCast, commonType, type LogicalType, typeToString, withNullable } from '../../types/index.ts'
import { castTo, nullLiteral } from '../expression-rewrite.ts'
import { bindError, unsupported } from './bind-error.ts'
import { bindCall } from './bind-function-call.ts'
import { bindJson } from './bind-json.ts'
import { bindLiteral, bindNumber, textLiteral } from './bind-literal.ts'
import { bindType } from './bind-type.ts'
import { call } from './call.ts'
import { accessField } from './field-access.ts'

export interface ExpressionSite {
  /** For messages: `WHERE`, `SELECT`, `a computed column` … */
  readonly clause: string
  column(reference: ColumnReference): BoundExpression
  /** Takes over expressions that mean something special here (group keys, aggregates, OVER). */
  intercept?(e: Expression): BoundExpression | undefined
}

export function bindExpression(e: Expression, site: ExpressionSite): BoundExpression {
  const special = site.intercept?.(e)
  if (special !== undefined) return special
  const bind = (inner: Expression) => bindExpression(inner, site)
  switch (e.kind) {
    case 'NumberLiteral':
    case 'StringLiteral':
    case 'BinaryLiteral':
    case 'BooleanLiteral':
    case 'NullLiteral':
    case 'DateTimeLiteral':
    case 'IntervalLiteral':
      return bindLiteral(e)
    case 'ColumnReference':
      return site.column(e)
    case 'FieldAccess':
      return accessField(bind(e.base), e.field)
    case 'ElementAccess':
      return call('ITEM', [bind(e.base), bind(e.index)], e.position)
    case 'UnaryOperation':
      if (e.operator === 'NOT') return call('NOT', [bind(e.operand)], e.position)
      if (e.operator === '+') return bind(e.operand)
      if (e.operand.kind === 'NumberLiteral') return bindNumber(e.operand, true)
      return call('NEGATE', [bind(e.operand)], e.position)
    case 'BinaryOperation':
      return call(e.operator, [bind(e.left), bind(e.right)], e.position)
    case 'IsTest':
      return call(`IS ${e.negated ? 'NOT ' : ''}${e.test}`, [bind(e.operand)], e.position)
    case 'IsDistinctFrom':
      return call(`IS ${e.negated ? 'NOT ' : ''}DISTINCT FROM`, [bind(e.left), bind(e.right)], e.position)
    case 'IsJson':
      return negate(e.negated, call(`IS JSON ${e.jsonType}`, [bind(e.operand)], e.position), e)
    case 'Between':
      return negate(e.negated, between(e, bind), e)
    case 'Like': {
      const args = [e.operand, e.pattern, ...(e.escape === undefined ? [] : [e.escape])]
      return negate(e.negated, call(e.operator, args.map(bind), e.position), e)
    }
    case 'InList':
      return negate(e.negated, call('IN', [e.operand, ...e.items].map(bind), e.position), e)
    case 'Overlaps':
      return call('OVERLAPS', [e.leftStart, e.leftEnd, e.rightStart, e.rightEnd].map(bind), e.position)
    case 'Case':
      return bindCase(e, bind)
    case 'Cast':
      return bindCast(e, bind(e.operand))
    case 'Trim':
      return call(
        'TRIM',
        [
          textLiteral(e.side),
          e.characters === undefined ? textLiteral(' ') : bind(e.characters),
          bind(e.operand),
        ],
        e.position,
      )
    case 'RowConstructor':
      return call('ROW', e.fields.map(bind), e.position)
    case 'ArrayConstructor':
      return call('ARRAY', e.elements.map(bind), e.position)
    case 'MapConstructor':
      return call(
        'MAP',
        e.entries.flatMap(entry => [bind(entry.key), bind(entry.value)]),
        e.position,
      )
    case 'MultisetConstructor':
      throw unsupported('MULTISET[…] is not supported', e.position, 'use ARRAY[…]')
    case 'FunctionCall':
      return bindCall(e, site, bind)
    case 'JsonExists':
    case 'JsonValue':
    case 'JsonQuery':
    case 'JsonObject':
    case 'JsonArray':
    case 'JsonObjectAgg':
    case 'JsonArrayAgg':
      return bindJson(e, bind)
    case 'InSubquery':
    case 'Exists':
    case 'QuantifiedComparison':
    case 'ScalarSubquery':
      throw unsupported(
        `${subqueryNames[e.kind]} are not supported yet`,
        e.position,
        'supported: IN (value, …), and subqueries in FROM',
      )
    default:
      return assertNever(e, 'expression')
  }
}

const subqueryNames = {
  InSubquery: 'IN (SELECT …) conditions',
  Exists: 'EXISTS conditions',
  QuantifiedComparison: 'comparisons with ANY or ALL',
  ScalarSubquery: 'scalar subqueries',
} as const

/** A condition: BOOLEAN, or NULL. */
export function bindCondition(e: Expression, site: ExpressionSite): BoundExpression {
  const bound = bindExpression(e, site)
  if (bound.type.kind === 'BOOLEAN') return bound
  if (bound.type.kind === 'NULL') return nullLiteral({ kind: 'BOOLEAN', nullable: true })
  throw bindError(
    'MR_BIND_TYPE',
    `${site.clause} needs BOOLEAN, not ${typeToString(bound.type)}`,
    e.position,
    {
      expected: ['BOOLEAN'],
    },
  )
}

const negate = (negated: boolean, e: BoundExpression, ast: Expression): BoundExpression =>
  negated ? call('NOT', [e], ast.position) : e

/** x BETWEEN a AND b → x >= a AND x <= b; SYMMETRIC tries both orders. */
function between(
  e: Expression & { readonly kind: 'Between' },
  bind: (inner: Expression) => BoundExpression,
): BoundExpression {
  const [operand, low, high] = [bind(e.operand), bind(e.low), bind(e.high)]
  const within = (from: BoundExpression, to: BoundExpression) =>
    call('AND', [call('>=', [operand, from], e.position), call('<=', [operand, to], e.position)], e.position)
  return e.symmetric ? call('OR', [within(low, high), within(high, low)], e.position) : within(low, high)
}

/** Simple CASE becomes searched CASE; results get their common type. */
function bindCase(e: CaseExpression, bind: (inner: Expression) => BoundExpression): BoundExpression {
  const operand = e.operand === undefined ? undefined : bind(e.operand)
  const conditions = e.branches.map(branch => {
    const when = bind(branch.when)
    if (operand !== undefined) return call('=', [operand, when], branch.when.position)
    if (when.type.kind === 'BOOLEAN') return when
    throw bindError(
      'MR_BIND_TYPE',
      `WHEN needs BOOLEAN, not ${typeToString(when.type)}`,
      branch.when.position,
    )
  })
  const results = e.branches.map(branch => bind(branch.result))
  const otherwise =
    e.otherwise === undefined ? nullLiteral({ kind: 'NULL', nullable: true }) : bind(e.otherwise)
  const type = commonType([...results, otherwise].map(r => r.type))
  if (type === undefined) {
    const texts = [...new Set([...results, otherwise].map(r => typeToString(withNullable(r.type, true))))]
    throw bindError(
      'MR_BIND_TYPE',
      `the results of CASE have no common type: ${texts.join(', ')}`,
      e.position,
      { hint: 'CAST them to one type' },
    )
  }
  return {
    kind: 'Case',
    branches: conditions.map((when, i) => ({ when, then: castTo(results[i]!, type) })),
    otherwise: castTo(otherwise, type),
    type,
  }
}

function bindCast(e: Cast, operand: BoundExpression): BoundExpression {
  const target = bindType(e.type)
  const word = e.safe ? 'TRY_CAST' : 'CAST'
  if (!canCast(operand.type, target)) {
    throw bindError(
      'MR_BIND_CAST',
      `${word} from ${plainText(operand.type)} to ${plainText(target)} does not exist`,
      e.position,
    )
  }
  if (operand.kind === 'Literal' && operand.value === null) return nullLiteral(target)
  return { kind: 'Cast', operand, safe: e.safe, type: withNullable(target, e.safe || operand.type.nullable) }
}

const plainText = (type: LogicalType): string => typeToString(withNullable(type, true))
