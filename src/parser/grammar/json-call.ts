import type {
  Expression,
  JsonArrayAgg,
  JsonObjectAgg,
  JsonQueryBehavior,
  JsonValueBehavior,
  OrderItem,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

/** The SQL/JSON functions with their RETURNING, WRAPPER, ON EMPTY, ON ERROR and ON NULL clauses. */
export function defineJsonRules(p: Grammar, r: Rules): void {
  r.jsonCall = p.rule('jsonCall', () =>
    p.alt<Expression>(0, [
      { ALT: () => jsonExists(p, r) },
      { ALT: () => jsonValue(p, r) },
      { ALT: () => jsonQuery(p, r) },
      { ALT: () => jsonObject(p, r) },
      { ALT: () => jsonArray(p, r) },
      { ALT: () => jsonObjectAgg(p, r) },
      { ALT: () => jsonArrayAgg(p, r) },
    ]),
  )

  /** `[KEY] k VALUE v` or `k : v`. */
  r.jsonEntry = p.rule('jsonEntry', () => {
    p.opt(
      0,
      () => p.take(k.KEY),
      () => !isEntrySeparator(p, 2),
    )
    const key = p.sub(r.expression)
    p.oneOf(0, [
      [k.VALUE, 0],
      [t.Colon, 0],
    ])
    return { key, value: p.sub(r.expression) }
  })

  r.jsonNullClause = p.rule('jsonNullClause', () => {
    const clause = p.oneOf(0, [
      [k.NULL, 'NULL' as const],
      [k.ABSENT, 'ABSENT' as const],
    ])
    p.words(k.ON, k.NULL)
    return clause
  })
}

const isEntrySeparator = (p: Grammar, offset: number) => p.isAt(offset, k.VALUE) || p.isAt(offset, t.Colon)
const isNullClause = (p: Grammar) => p.ahead(k.NULL, k.ON) || p.ahead(k.ABSENT, k.ON)

function inputAndPath(p: Grammar, r: Rules) {
  p.take(t.LeftParen)
  const input = p.sub(r.expression)
  p.take(t.Comma)
  return { input, path: p.sub(r.expression) }
}

function jsonExists(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  p.take(k.JSON_EXISTS)
  const operands = inputAndPath(p, r)
  const onError = p.opt(1, () => {
    const behavior = p.oneOf(1, [
      [k.TRUE, 'TRUE' as const],
      [k.FALSE, 'FALSE' as const],
      [k.UNKNOWN, 'UNKNOWN' as const],
      [k.ERROR, 'ERROR' as const],
    ])
    p.words(k.ON, k.ERROR)
    return behavior
  })
  p.take(t.RightParen)
  return { kind: 'JsonExists', ...operands, onError, position: p.span(start) }
}

function jsonValue(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  p.take(k.JSON_VALUE)
  const operands = inputAndPath(p, r)
  const returning = returningClause(p, r, 10)
  let onEmpty: JsonValueBehavior | undefined
  let onError: JsonValueBehavior | undefined
  p.rep(11, () => {
    const behavior = valueBehavior(p, r)
    if (onEmptyOrError(p, 13) === 'EMPTY') onEmpty = behavior
    else onError = behavior
  })
  p.take(t.RightParen)
  return { kind: 'JsonValue', ...operands, returning, onEmpty, onError, position: p.span(start) }
}

function returningClause(p: Grammar, r: Rules, index: number) {
  return p.opt(index, () => {
    p.take(k.RETURNING)
    return p.sub(r.typeName)
  })
}

function onEmptyOrError(p: Grammar, index: number): 'EMPTY' | 'ERROR' {
  p.take(k.ON)
  return p.oneOf(index, [
    [k.EMPTY, 'EMPTY' as const],
    [k.ERROR, 'ERROR' as const],
  ])
}

function valueBehavior(p: Grammar, r: Rules): JsonValueBehavior {
  return p.alt<JsonValueBehavior>(12, [
    {
      ALT: () => {
        p.take(k.NULL)
        return { kind: 'Null' }
      },
    },
    {
      ALT: () => {
        p.take(k.ERROR)
        return { kind: 'Error' }
      },
    },
    {
      ALT: () => {
        p.take(k.DEFAULT)
        return { kind: 'Default', value: p.sub(r.expression) }
      },
    },
  ])
}

function jsonQuery(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  p.take(k.JSON_QUERY)
  const operands = inputAndPath(p, r)
  const returning = returningClause(p, r, 20)
  const wrapper = p.opt(21, () => wrapperClause(p))
  let onEmpty: JsonQueryBehavior | undefined
  let onError: JsonQueryBehavior | undefined
  p.rep(22, () => {
    const behavior = queryBehavior(p)
    if (onEmptyOrError(p, 26) === 'EMPTY') onEmpty = behavior
    else onError = behavior
  })
  p.take(t.RightParen)
  return { kind: 'JsonQuery', ...operands, returning, wrapper, onEmpty, onError, position: p.span(start) }
}

/** `WITHOUT [ARRAY] WRAPPER`, `WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER`; a bare WITH is unconditional. */
function wrapperClause(p: Grammar): 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL' {
  const wrapper = p.alt<'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL'>(23, [
    { ALT: () => p.oneOf(24, [[k.WITHOUT, 'WITHOUT' as const]]) },
    {
      ALT: () => {
        p.take(k.WITH)
        const conditional = p.opt(23, () =>
          p.oneOf(25, [
            [k.CONDITIONAL, true],
            [k.UNCONDITIONAL, false],
          ]),
        )
        return conditional === true ? 'CONDITIONAL' : 'UNCONDITIONAL'
      },
    },
  ])
  p.has(24, k.ARRAY)
  p.take(k.WRAPPER)
  return wrapper
}

function queryBehavior(p: Grammar): JsonQueryBehavior {
  return p.alt<JsonQueryBehavior>(27, [
    { ALT: () => p.oneOf(28, [[k.NULL, 'NULL' as const]]) },
    { ALT: () => p.oneOf(29, [[k.ERROR, 'ERROR' as const]]) },
    {
      ALT: () => {
        p.take(k.EMPTY)
        return p.oneOf(30, [
          [k.ARRAY, 'EMPTY ARRAY' as const],
          [k.OBJECT, 'EMPTY OBJECT' as const],
        ])
      },
    },
  ])
}

function jsonObject(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  p.take(k.JSON_OBJECT)
  p.take(t.LeftParen)
  const entries: { key: Expression; value: Expression }[] = []
  p.opt(
    40,
    () => {
      p.list(41, () => entries.push(p.sub(r.jsonEntry)))
    },
    () => !isNullClause(p),
  )
  const onNull = p.opt(42, () => p.sub(r.jsonNullClause))
  p.take(t.RightParen)
  return { kind: 'JsonObject', entries, onNull, position: p.span(start) }
}

function jsonArray(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  p.take(k.JSON_ARRAY)
  p.take(t.LeftParen)
  const elements: Expression[] = []
  p.opt(
    50,
    () => {
      p.list(51, () => elements.push(p.sub(r.expression)))
    },
    () => !isNullClause(p),
  )
  const onNull = p.opt(52, () => p.sub(r.jsonNullClause))
  p.take(t.RightParen)
  return { kind: 'JsonArray', elements, onNull, position: p.span(start) }
}

function jsonObjectAgg(p: Grammar, r: Rules): JsonObjectAgg {
  const start = p.mark()
  p.take(k.JSON_OBJECTAGG)
  p.take(t.LeftParen)
  const { key, value } = p.sub(r.jsonEntry)
  const onNull = p.opt(60, () => p.sub(r.jsonNullClause))
  p.take(t.RightParen)
  const filter = p.opt(61, () => p.sub(r.filterClause))
  const over = p.opt(62, () => p.sub(r.overClause))
  return { kind: 'JsonObjectAgg', key, value, onNull, filter, over, position: p.span(start) }
}

function jsonArrayAgg(p: Grammar, r: Rules): JsonArrayAgg {
  const start = p.mark()
  p.take(k.JSON_ARRAYAGG)
  p.take(t.LeftParen)
  const element = p.sub(r.expression)
  let orderBy: readonly OrderItem[] = []
  p.opt(70, () => {
    p.words(k.ORDER, k.BY)
    orderBy = p.sub(r.orderItems)
  })
  const onNull = p.opt(71, () => p.sub(r.jsonNullClause))
  p.take(t.RightParen)
  const filter = p.opt(72, () => p.sub(r.filterClause))
  const over = p.opt(73, () => p.sub(r.overClause))
  return { kind: 'JsonArrayAgg', element, orderBy, onNull, filter, over, position: p.span(start) }
}
