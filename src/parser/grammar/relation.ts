import type { IToken } from 'chevrotain'
import type {
  FunctionCall,
  Hint,
  HintArgument,
  Join,
  JoinOn,
  JoinUsing,
  Property,
  Relation,
  TableAlias,
} from '../ast/index.ts'
import { k, t, tokenValue } from '../tokens.ts'
import { type Grammar, positionOf } from './grammar.ts'
import { isQueryParenthesis } from './query-parenthesis.ts'
import type { Rules } from './rules.ts'

/** FROM: joins, tables, subqueries, table functions, UNNEST, LATERAL; and hints. */
export function defineRelationRules(p: Grammar, r: Rules): void {
  r.relation = p.rule('relation', () => {
    const start = p.mark()
    let left = p.sub(r.joinedRelation)
    p.chain(0, () => {
      p.take(t.Comma)
      const right = p.sub(r.joinedRelation)
      left = {
        kind: 'Join',
        joinType: 'COMMA',
        natural: false,
        left,
        right,
        condition: undefined,
        position: p.span(start),
      }
    })
    return left
  })

  r.joinedRelation = p.rule('joinedRelation', () => {
    const start = p.mark()
    let left = p.sub(r.relationPrimary)
    p.chain(0, () => {
      left = join(p, r, start, left)
    })
    return left
  })

  r.relationPrimary = p.rule('relationPrimary', () => {
    const start = p.mark()
    const relation = p.alt<Relation>(0, [
      { ALT: () => p.sub(r.lateralRelation) },
      { ALT: () => derivedTable(p, r, false), GATE: () => isQueryParenthesis(p, 1) },
      {
        ALT: () => {
          p.take(t.LeftParen)
          const relation = p.sub(r.relation)
          p.take(t.RightParen)
          return relation
        },
      },
      { ALT: () => wrappedTableFunction(p, r, start, false) },
      { ALT: () => unnest(p, r) },
      { ALT: () => p.sub(r.namedRelation) },
    ])
    const clauses = p.opt(1, () => p.sub(r.matchRecognize))
    const alias = p.opt(2, () => p.sub(r.tableAlias))
    if (clauses !== undefined)
      return { kind: 'MatchRecognize', input: relation, ...clauses, alias, position: p.span(start) }
    if (alias === undefined) return relation
    const isAliased =
      relation.kind === 'Join' || relation.kind === 'MatchRecognize' || relation.alias !== undefined
    p.act(() => {
      if (isAliased)
        p.refuse('MR_PARSE_ALIAS', 'parentheses around a join or an aliased table take no alias', start)
    })
    return { ...relation, alias, position: p.span(start) } as Relation
  })

  r.lateralRelation = p.rule('lateralRelation', () => {
    const start = p.mark()
    p.take(k.LATERAL)
    return p.alt<Relation>(0, [
      { ALT: () => wrappedTableFunction(p, r, start, true) },
      { ALT: () => derivedTable(p, r, true) },
      {
        ALT: () => {
          const call = p.sub(r.tableFunctionCall)
          return { kind: 'TableFunction', call, lateral: true, alias: undefined, position: p.span(start) }
        },
      },
    ])
  })

  r.namedRelation = p.rule('namedRelation', () => {
    const start = p.mark()
    return p.alt<Relation>(0, [
      {
        ALT: () => {
          const call = p.sub(r.tableFunctionCall)
          return { kind: 'TableFunction', call, lateral: false, alias: undefined, position: p.span(start) }
        },
        GATE: () => isTableFunction(p),
      },
      {
        ALT: () => {
          const name = p.sub(r.qualifiedName)
          const hints = p.opt(1, () => p.sub(r.hints)) ?? []
          const systemTime = p.opt(2, () => {
            p.words(k.FOR, k.SYSTEM_TIME, k.AS, k.OF)
            return p.sub(r.expression)
          })
          return {
            kind: 'TableReference',
            name,
            hints,
            systemTime,
            alias: undefined,
            position: p.span(start),
          }
        },
      },
    ])
  })

  r.tableFunctionCall = p.rule('tableFunctionCall', () => p.sub(r.functionCall))

  r.tableAlias = p.rule('tableAlias', (): TableAlias => {
    const start = p.mark()
    p.has(0, k.AS)
    const name = p.name()
    const columns = p.opt(1, () => p.sub(r.nameList)) ?? []
    return { kind: 'TableAlias', name, columns, position: p.span(start) }
  })

  defineHintRules(p, r)
}

function isTableFunction(p: Grammar): boolean {
  let at = 1
  while (p.isAt(at, t.Identifier) && p.isAt(at + 1, t.Dot)) at += 2
  return p.isAt(at + 1, t.LeftParen)
}

function derivedTable(p: Grammar, r: Rules, lateral: boolean): Relation {
  const start = p.mark()
  const query = p.sub(r.parenthesizedQuery)
  return { kind: 'DerivedTable', query, lateral, alias: undefined, position: p.span(start) }
}

/** `TABLE(f(…))`. */
function wrappedTableFunction(p: Grammar, r: Rules, start: IToken, lateral: boolean): Relation {
  p.words(k.TABLE, t.LeftParen)
  const call: FunctionCall = p.sub(r.tableFunctionCall)
  p.take(t.RightParen)
  return { kind: 'TableFunction', call, lateral, alias: undefined, position: p.span(start) }
}

function unnest(p: Grammar, r: Rules): Relation {
  const start = p.mark()
  p.take(k.UNNEST)
  const operands = p.parenthesized(10, () => p.sub(r.expression))
  const withOrdinality = p.has(11, k.WITH, k.ORDINALITY)
  return { kind: 'Unnest', operands, withOrdinality, alias: undefined, position: p.span(start) }
}

function join(p: Grammar, r: Rules, start: IToken, left: Relation): Join {
  return p.alt<Join>(10, [
    {
      ALT: () => {
        p.words(k.CROSS, k.JOIN)
        const right = p.sub(r.relationPrimary)
        return {
          kind: 'Join',
          joinType: 'CROSS',
          natural: false,
          left,
          right,
          condition: undefined,
          position: p.span(start),
        }
      },
    },
    {
      ALT: () => {
        const natural = p.has(11, k.NATURAL)
        const joinType = joinKind(p)
        p.take(k.JOIN)
        const right = p.sub(r.relationPrimary)
        const condition = p.alt<JoinOn | JoinUsing | undefined>(12, [
          { ALT: () => undefined, GATE: () => natural },
          { ALT: () => joinCondition(p, r) },
        ])
        return { kind: 'Join', joinType, natural, left, right, condition, position: p.span(start) }
      },
    },
  ])
}

function joinKind(p: Grammar): Join['joinType'] {
  const kind = p.opt(13, () =>
    p.alt<Join['joinType']>(13, [
      { ALT: () => p.oneOf(14, [[k.INNER, 'INNER' as const]]) },
      {
        ALT: () => {
          const side = p.oneOf(15, [
            [k.LEFT, 'LEFT' as const],
            [k.RIGHT, 'RIGHT' as const],
            [k.FULL, 'FULL' as const],
          ])
          p.has(14, k.OUTER)
          return side
        },
      },
    ]),
  )
  return kind ?? 'INNER'
}

function joinCondition(p: Grammar, r: Rules): JoinOn | JoinUsing {
  const start = p.mark()
  return p.alt<JoinOn | JoinUsing>(16, [
    {
      ALT: () => {
        p.take(k.ON)
        return { kind: 'JoinOn', expression: p.sub(r.expression), position: p.span(start) }
      },
    },
    {
      ALT: () => {
        p.take(k.USING)
        return { kind: 'JoinUsing', columns: p.sub(r.nameList), position: p.span(start) }
      },
    },
  ])
}

function defineHintRules(p: Grammar, r: Rules): void {
  r.hints = p.rule('hints', () => {
    p.take(t.HintStart)
    const hints = [p.sub(r.hint)]
    p.rep(0, () => {
      p.has(1, t.Comma)
      hints.push(p.sub(r.hint))
    })
    p.take(t.HintEnd)
    return hints
  })

  r.hint = p.rule('hint', (): Hint => {
    const start = p.mark()
    const name = p.name()
    const properties: Property[] = []
    const args: HintArgument[] = []
    p.opt(0, () => {
      p.take(t.LeftParen)
      p.opt(1, () => {
        p.list(2, () => hintItem(p, r, properties, args))
      })
      p.take(t.RightParen)
    })
    return { kind: 'Hint', name, properties, args, position: p.span(start) }
  })
}

function hintItem(p: Grammar, r: Rules, properties: Property[], args: HintArgument[]): void {
  const start = p.mark()
  p.alt<void>(3, [
    {
      ALT: () => {
        const key = p.sub(r.string)
        p.take(t.Equals)
        const value = p.sub(r.string)
        properties.push({ kind: 'Property', key, value, position: p.span(start) })
      },
      GATE: () => p.isAt(2, t.Equals),
    },
    {
      ALT: () => {
        const form = p.oneOf(4, [
          [t.Identifier, 'identifier' as const],
          [t.String, 'string' as const],
          [t.Integer, 'number' as const],
        ])
        args.push({ kind: 'HintArgument', text: tokenValue(start), form, position: positionOf(start) })
      },
    },
  ])
}
