import type {
  CommonTableExpression,
  Expression,
  GroupingElement,
  GroupingExpressions,
  NamedWindow,
  NumberLiteral,
  OrderItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
  ValuesRow,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import { isStar, star } from './primary.ts'
import type { Rules } from './rules.ts'

/** WITH, SELECT, VALUES, set operations, ORDER BY and LIMIT. INTERSECT binds stronger than UNION and EXCEPT. */
export function defineQueryRules(p: Grammar, r: Rules): void {
  r.query = p.rule('query', () => {
    const start = p.mark()
    const commonTables: CommonTableExpression[] = []
    p.opt(0, () => {
      p.take(k.WITH)
      p.list(0, () => commonTables.push(commonTable(p, r)))
    })
    const body = p.sub(r.queryBody)
    let orderBy: readonly OrderItem[] = []
    p.opt(1, () => {
      p.words(k.ORDER, k.BY)
      orderBy = p.sub(r.orderItems)
    })
    const { limit, offset } = rowLimits(p, r)
    const isBare =
      commonTables.length === 0 && orderBy.length === 0 && limit === undefined && offset === undefined
    if (isBare && body.kind === 'Query') return body
    return { kind: 'Query', with: commonTables, body, orderBy, offset, limit, position: p.span(start) }
  })

  r.parenthesizedQuery = p.rule('parenthesizedQuery', () => {
    p.take(t.LeftParen)
    const query = p.sub(r.query)
    p.take(t.RightParen)
    return query
  })

  r.queryBody = p.rule('queryBody', () => {
    const start = p.mark()
    let left = p.sub(r.queryTerm)
    p.chain(0, () => {
      const operator = p.oneOf(0, [
        [k.UNION, 'UNION' as const],
        [k.EXCEPT, 'EXCEPT' as const],
      ])
      left = setOperation(p, operator, left, () => p.sub(r.queryTerm), start)
    })
    return left
  })

  r.queryTerm = p.rule('queryTerm', () => {
    const start = p.mark()
    let left = p.sub(r.queryPrimary)
    p.chain(0, () => {
      p.take(k.INTERSECT)
      left = setOperation(p, 'INTERSECT', left, () => p.sub(r.queryPrimary), start)
    })
    return left
  })

  r.queryPrimary = p.rule('queryPrimary', () =>
    p.alt<QueryBody>(0, [
      { ALT: () => p.sub(r.select) },
      { ALT: () => p.sub(r.values) },
      { ALT: () => withoutIdleParentheses(p.sub(r.parenthesizedQuery)) },
    ]),
  )

  r.values = p.rule('values', () => {
    const start = p.mark()
    p.take(k.VALUES)
    const rows = p.list(0, (): ValuesRow => {
      const start = p.mark()
      const row = p.sub(r.expression)
      const fields = row.kind === 'RowConstructor' ? row.fields : [row]
      return { kind: 'ValuesRow', fields, position: p.span(start) }
    })
    return { kind: 'Values', rows, position: p.span(start) }
  })

  defineSelectRules(p, r)

  r.orderItems = p.rule('orderItems', () => p.list(0, () => p.sub(r.orderItem)))

  r.orderItem = p.rule('orderItem', (): OrderItem => {
    const start = p.mark()
    const expression = p.sub(r.expression)
    const descending = p.opt(1, () =>
      p.oneOf(1, [
        [k.ASC, false],
        [k.DESC, true],
      ]),
    )
    const nulls = p.opt(2, () => {
      p.take(k.NULLS)
      return p.oneOf(2, [
        [k.FIRST, 'FIRST' as const],
        [k.LAST, 'LAST' as const],
      ])
    })
    return { kind: 'OrderItem', expression, descending: descending === true, nulls, position: p.span(start) }
  })
}

function defineSelectRules(p: Grammar, r: Rules): void {
  r.select = p.rule('select', (): Select => {
    const start = p.mark()
    p.take(k.SELECT)
    const hints = p.opt(0, () => p.sub(r.hints)) ?? []
    const distinct = p.opt(1, () =>
      p.oneOf(1, [
        [k.ALL, false],
        [k.DISTINCT, true],
      ]),
    )
    const items = p.list(2, () => p.sub(r.selectItem))
    const from = p.opt(3, () => {
      p.take(k.FROM)
      return p.sub(r.relation)
    })
    const where = condition(p, r, 4, k.WHERE)
    const groupBy = p.opt(5, () => {
      p.words(k.GROUP, k.BY)
      return p.list(5, () => p.sub(r.groupingElement))
    })
    const having = condition(p, r, 6, k.HAVING)
    const windows: NamedWindow[] = []
    p.opt(7, () => {
      p.take(k.WINDOW)
      p.list(7, () => windows.push(namedWindow(p, r)))
    })
    const qualify = condition(p, r, 8, k.QUALIFY)
    return {
      kind: 'Select',
      hints,
      distinct: distinct === true,
      items,
      from,
      where,
      groupBy,
      having,
      windows,
      qualify,
      position: p.span(start),
    }
  })

  r.selectItem = p.rule('selectItem', () => {
    const start = p.mark()
    return p.alt<SelectItem>(0, [
      { ALT: () => star(p, 0), GATE: () => isStar(p) },
      {
        ALT: () => {
          const expression = p.sub(r.expression)
          const alias = p.opt(1, () => {
            p.has(2, k.AS)
            return p.name()
          })
          return { kind: 'SelectExpression', expression, alias, position: p.span(start) }
        },
      },
    ])
  })

  r.groupingElement = p.rule('groupingElement', () => {
    const start = p.mark()
    return p.alt<GroupingElement>(0, [
      {
        ALT: () => {
          p.words(k.GROUPING, k.SETS)
          const elements = p.parenthesized(1, () => p.sub(r.groupingElement))
          return { kind: 'GroupingSets', elements, position: p.span(start) }
        },
        GATE: () => p.isAt(2, k.SETS),
      },
      {
        ALT: () => {
          const kind = p.oneOf(2, [
            [k.ROLLUP, 'Rollup' as const],
            [k.CUBE, 'Cube' as const],
          ])
          const elements = p.parenthesized(3, () => p.sub(r.groupingExpressions))
          return { kind, elements, position: p.span(start) }
        },
      },
      { ALT: () => p.sub(r.groupingExpressions) },
    ])
  })

  r.groupingExpressions = p.rule('groupingExpressions', (): GroupingExpressions => {
    const start = p.mark()
    const expressions = p.alt<readonly Expression[]>(0, [
      {
        ALT: () => {
          p.words(t.LeftParen, t.RightParen)
          return []
        },
        GATE: () => p.isAt(2, t.RightParen),
      },
      {
        ALT: () => {
          const isRow = p.isAt(1, k.ROW)
          const key = p.sub(r.expression)
          return key.kind === 'RowConstructor' && !isRow ? key.fields : [key]
        },
      },
    ])
    return { kind: 'GroupingExpressions', expressions, position: p.span(start) }
  })
}

function condition(p: Grammar, r: Rules, index: number, word: typeof k.WHERE): Expression | undefined {
  return p.opt(index, () => {
    p.take(word)
    return p.sub(r.expression)
  })
}

function namedWindow(p: Grammar, r: Rules): NamedWindow {
  const start = p.mark()
  const name = p.name()
  p.take(k.AS)
  const specification = p.sub(r.windowSpecification)
  return { kind: 'NamedWindow', name, specification, position: p.span(start) }
}

function commonTable(p: Grammar, r: Rules): CommonTableExpression {
  const start = p.mark()
  const name = p.name()
  const columns = p.opt(10, () => p.sub(r.nameList)) ?? []
  p.take(k.AS)
  const query = p.sub(r.parenthesizedQuery)
  return { kind: 'CommonTableExpression', name, columns, query, position: p.span(start) }
}

function setOperation(
  p: Grammar,
  operator: SetOperation['operator'],
  left: QueryBody,
  operand: () => QueryBody,
  start: ReturnType<Grammar['mark']>,
): SetOperation {
  const all = p.opt(1, () =>
    p.oneOf(1, [
      [k.ALL, true],
      [k.DISTINCT, false],
    ]),
  )
  const right = operand()
  return { kind: 'SetOperation', operator, all: all === true, left, right, position: p.span(start) }
}

function withoutIdleParentheses(query: Query): QueryBody {
  const isBare =
    query.with?.length === 0 &&
    query.orderBy.length === 0 &&
    query.limit === undefined &&
    query.offset === undefined
  return isBare ? query.body : query
}

/** LIMIT, OFFSET and FETCH in either order; `LIMIT start, count` as well. */
function rowLimits(
  p: Grammar,
  r: Rules,
): { limit: NumberLiteral | undefined; offset: NumberLiteral | undefined } {
  let limit: NumberLiteral | undefined
  let offset: NumberLiteral | undefined
  p.rep(20, () => {
    p.alt<void>(20, [
      {
        ALT: () => {
          p.take(k.LIMIT)
          p.alt<void>(21, [
            { ALT: () => void p.take(k.ALL) },
            {
              ALT: () => {
                limit = p.sub(r.number)
                p.opt(22, () => {
                  p.take(t.Comma)
                  offset = limit
                  limit = p.sub(r.number)
                })
              },
            },
          ])
        },
      },
      {
        ALT: () => {
          p.take(k.OFFSET)
          offset = p.sub(r.number)
          rowWord(p, 23)
        },
      },
      {
        ALT: () => {
          p.take(k.FETCH)
          p.oneOf(24, [
            [k.FIRST, 0],
            [k.NEXT, 0],
          ])
          limit = p.sub(r.number)
          rowWord(p, 25)
          p.take(k.ONLY)
        },
      },
    ])
  })
  return { limit, offset }
}

function rowWord(p: Grammar, index: number): void {
  p.opt(index, () =>
    p.oneOf(index, [
      [k.ROW, 0],
      [k.ROWS, 0],
    ]),
  )
}
