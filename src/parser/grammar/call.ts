import type {
  Argument,
  ArgumentValue,
  Expression,
  FunctionCall,
  Identifier,
  OrderItem,
  QualifiedName,
  TimeUnit,
} from '../ast/index.ts'
import { timeUnits } from '../ast/index.ts'
import { k, t, tokenValue } from '../tokens.ts'
import { type Grammar, positionOf } from './grammar.ts'
import { isStar, star } from './primary.ts'
import type { Rules } from './rules.ts'

/** Names and ordinary calls, with DISTINCT, named arguments, WITHIN GROUP, FILTER, IGNORE NULLS and OVER. */
export function defineCallRules(p: Grammar, r: Rules): void {
  r.nameOrCall = p.rule('nameOrCall', () => {
    const start = p.mark()
    return p.alt<Expression>(0, [
      { ALT: () => niladicCall(p, r) },
      { ALT: () => p.sub(r.functionCall), GATE: () => isCall(p) },
      {
        ALT: () => {
          const path = p.sub(r.qualifiedName)
          return { kind: 'ColumnReference', path, position: p.span(start) }
        },
      },
    ])
  })

  r.functionCall = p.rule('functionCall', () => {
    const start = p.mark()
    const name = functionName(p, r)
    p.take(t.LeftParen)
    const distinct = p.opt(1, () =>
      p.oneOf(1, [
        [k.DISTINCT, true],
        [k.ALL, false],
      ]),
    )
    const args: Argument[] = []
    p.opt(2, () => {
      p.list(3, () => args.push(p.sub(r.argument)))
    })
    p.take(t.RightParen)
    const tail = callTail(p, r)
    return { kind: 'FunctionCall', name, args, distinct: distinct === true, ...tail, position: p.span(start) }
  })

  r.argument = p.rule('argument', () => {
    const start = p.mark()
    const name = p.opt(
      0,
      () => {
        const name = p.name()
        p.take(t.Arrow)
        return name
      },
      () => p.isAt(2, t.Arrow),
    )
    const value = p.alt<ArgumentValue>(0, [
      { ALT: () => star(p, 1), GATE: () => isStar(p) },
      { ALT: () => tableArgument(p, r) },
      { ALT: () => descriptor(p, r), GATE: () => p.isAt(2, t.LeftParen) },
      { ALT: () => ({ kind: 'DefaultArgument', position: positionOf(p.take(k.DEFAULT)) }) },
      { ALT: () => queryOrExpression(p, r) },
    ])
    return { kind: 'Argument', name, value, position: p.span(start) }
  })

  r.filterClause = p.rule('filterClause', () => {
    p.take(k.FILTER)
    p.take(t.LeftParen)
    p.take(k.WHERE)
    const condition = p.sub(r.expression)
    p.take(t.RightParen)
    return condition
  })

  r.overClause = p.rule('overClause', () => {
    p.take(k.OVER)
    return p.alt<NonNullable<FunctionCall['over']>>(0, [
      { ALT: () => p.sub(r.windowSpecification) },
      {
        ALT: () => {
          const name = p.name()
          return { kind: 'WindowReference', name, position: name.position }
        },
      },
    ])
  })

  r.timeUnit = p.rule('timeUnit', () => {
    const words = [t.Identifier, k.YEAR, k.MONTH, k.DAY, k.HOUR, k.MINUTE, k.SECOND]
    const token = p.alt(
      0,
      words.map(word => ({ ALT: () => p.take(word) })),
    )
    let unit: TimeUnit = 'DAY'
    p.act(() => {
      unit = timeUnitOf(p, token)
    })
    return { kind: 'TimeUnitArgument', unit, position: positionOf(token) }
  })
}

/** Names of units are not keywords of one class, so any word is taken and looked up here. */
function timeUnitOf(p: Grammar, token: Parameters<typeof tokenValue>[0]): TimeUnit {
  const word = tokenValue(token)
    .toUpperCase()
    .replace(/^SQL_TSI_/, '')
  const singular = word.endsWith('S') ? word.slice(0, -1) : word
  const found = timeUnits.find(unit => unit === word || unit === singular)
  if (found !== undefined) return found
  return p.refuse(
    'MR_PARSE_TIME_UNIT',
    `'${token.image}' is not a time unit`,
    token,
    `units: ${timeUnits.join(', ')}`,
  )
}

function functionName(p: Grammar, r: Rules): QualifiedName {
  return p.alt<QualifiedName>(10, [
    { ALT: () => p.sub(r.qualifiedName) },
    { ALT: () => [reservedFunctionName(p)] },
  ])
}

function reservedFunctionName(p: Grammar): Identifier {
  const token = p.take(t.FunctionName)
  return { kind: 'Identifier', name: token.image, quoted: false, position: positionOf(token) }
}

/** Whether a call starts here: `f(`, `c.d.f(`, or a reserved function word and `(`. */
function isCall(p: Grammar): boolean {
  if (p.isAt(1, t.FunctionName)) return p.isAt(2, t.LeftParen)
  let at = 1
  while (p.isAt(at, t.Identifier) && p.isAt(at + 1, t.Dot)) at += 2
  return p.isAt(at, t.Identifier) && p.isAt(at + 1, t.LeftParen)
}

type CallTail = Pick<FunctionCall, 'withinGroup' | 'filter' | 'nullTreatment' | 'over'>

export function callTail(p: Grammar, r: Rules): CallTail {
  const nullTreatment = p.opt(
    20,
    () => {
      const treatment = p.oneOf(20, [
        [k.IGNORE, 'IGNORE NULLS' as const],
        [k.RESPECT, 'RESPECT NULLS' as const],
      ])
      p.take(k.NULLS)
      return treatment
    },
    () => p.isAt(2, k.NULLS),
  )
  let withinGroup: readonly OrderItem[] = []
  p.opt(21, () => {
    p.words(k.WITHIN, k.GROUP, t.LeftParen, k.ORDER, k.BY)
    withinGroup = p.sub(r.orderItems)
    p.take(t.RightParen)
  })
  const filter = p.opt(22, () => p.sub(r.filterClause))
  const over = p.opt(23, () => p.sub(r.overClause))
  return { nullTreatment, withinGroup, filter, over }
}

/** `CURRENT_DATE`, `LOCALTIMESTAMP(3)`: calls whose parentheses are optional. */
function niladicCall(p: Grammar, r: Rules): FunctionCall {
  const start = p.mark()
  const token = p.take(t.NiladicFunction)
  const name: Identifier = {
    kind: 'Identifier',
    name: token.image,
    quoted: false,
    position: positionOf(token),
  }
  const args: Argument[] = []
  p.opt(11, () => {
    p.take(t.LeftParen)
    p.opt(12, () => args.push(p.sub(r.argument)))
    p.take(t.RightParen)
  })
  return {
    kind: 'FunctionCall',
    name: [name],
    args,
    distinct: false,
    withinGroup: [],
    filter: undefined,
    nullTreatment: undefined,
    over: undefined,
    position: p.span(start),
  }
}

function tableArgument(p: Grammar, r: Rules): ArgumentValue {
  const start = p.mark()
  p.take(k.TABLE)
  const table = p.sub(r.qualifiedName)
  const ordering = partitioning(p, r, 30)
  return { kind: 'TableArgument', table, ...ordering, position: p.span(start) }
}

/** `(SELECT …) PARTITION BY k` is a table argument; `(SELECT …)` alone stays a subquery expression. */
function queryOrExpression(p: Grammar, r: Rules): ArgumentValue {
  const start = p.mark()
  const expression = p.sub(r.expression)
  const isSubquery = () => expression.kind === 'ScalarSubquery'
  const ordering = partitioning(p, r, 40, isSubquery)
  if (expression.kind !== 'ScalarSubquery') return expression
  if (ordering.partitionBy.length === 0 && ordering.orderBy.length === 0) return expression
  return { kind: 'TableArgument', table: expression.query, ...ordering, position: p.span(start) }
}

/** A comma ends the clause, since it separates arguments: several keys take parentheses. */
function partitioning(p: Grammar, r: Rules, index: number, gate?: () => boolean) {
  let partitionBy: readonly Expression[] = []
  let orderBy: readonly OrderItem[] = []
  const isList = () => p.isAt(1, t.LeftParen)
  p.opt(
    index,
    () => {
      p.words(k.PARTITION, k.BY)
      partitionBy = p.alt(index, [
        { ALT: () => p.parenthesized(index + 2, () => p.sub(r.expression)), GATE: isList },
        { ALT: () => [p.sub(r.expression)] },
      ])
    },
    gate,
  )
  p.opt(
    index + 1,
    () => {
      p.words(k.ORDER, k.BY)
      orderBy = p.alt(index + 1, [
        { ALT: () => p.parenthesized(index + 3, () => p.sub(r.orderItem)), GATE: isList },
        { ALT: () => [p.sub(r.orderItem)] },
      ])
    },
    gate,
  )
  return { partitionBy, orderBy }
}

function descriptor(p: Grammar, r: Rules): ArgumentValue {
  const start = p.mark()
  p.take(k.DESCRIPTOR)
  const columns = p.sub(r.nameList)
  return { kind: 'Descriptor', columns, position: p.span(start) }
}
