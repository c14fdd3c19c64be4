import type { Expression, IntervalLiteral, NumberLiteral, QualifiedName, Star } from '../ast/index.ts'
import { k, t, tokenValue } from '../tokens.ts'
import { type Grammar, positionOf } from './grammar.ts'
import { isQueryParenthesis } from './query-parenthesis.ts'
import type { Rules } from './rules.ts'

/** The smallest expressions: literals, names, parentheses, constructors, CASE and CAST. */
export function definePrimaryRules(p: Grammar, r: Rules): void {
  r.primary = p.rule('primary', () =>
    p.alt<Expression>(0, [
      { ALT: () => p.sub(r.literal) },
      { ALT: () => p.sub(r.dateTimeLiteral), GATE: () => isDateTimeLiteral(p) },
      { ALT: () => p.sub(r.intervalLiteral) },
      { ALT: () => p.sub(r.parenthesis) },
      { ALT: () => p.sub(r.caseExpression) },
      { ALT: () => p.sub(r.cast) },
      { ALT: () => p.sub(r.exists) },
      { ALT: () => p.sub(r.constructor_), GATE: () => !p.isAt(1, k.MAP) || p.isAt(2, t.LeftBracket) },
      { ALT: () => p.sub(r.jsonCall) },
      { ALT: () => p.sub(r.specialCall), GATE: () => p.isAt(2, t.LeftParen) },
      { ALT: () => p.sub(r.nameOrCall) },
    ]),
  )

  r.literal = p.rule('literal', () =>
    p.alt<Expression>(0, [
      { ALT: () => p.sub(r.number) },
      { ALT: () => p.sub(r.string) },
      {
        ALT: () => {
          const token = p.take(t.Binary)
          return { kind: 'BinaryLiteral', hex: tokenValue(token), position: positionOf(token) }
        },
      },
      {
        ALT: () => {
          const start = p.mark()
          const value = p.oneOf(2, [
            [k.TRUE, true],
            [k.FALSE, false],
            [k.UNKNOWN, null],
          ])
          return { kind: 'BooleanLiteral', value, position: p.span(start) }
        },
      },
      { ALT: () => ({ kind: 'NullLiteral', position: positionOf(p.take(k.NULL)) }) },
    ]),
  )

  r.number = p.rule('number', () =>
    p.alt<NumberLiteral>(
      0,
      (['integer', 'decimal', 'double'] as const).map(form => ({
        ALT: (): NumberLiteral => {
          const token = p.take(numberTypes[form])
          return { kind: 'NumberLiteral', text: token.image, form, position: positionOf(token) }
        },
      })),
    ),
  )

  r.dateTimeLiteral = p.rule('dateTimeLiteral', () => {
    const start = p.mark()
    const type = p.alt<'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ'>(0, [
      {
        ALT: () =>
          p.oneOf(1, [
            [k.DATE, 'DATE' as const],
            [k.TIME, 'TIME' as const],
            [k.TIMESTAMP_LTZ, 'TIMESTAMP_LTZ' as const],
          ]),
      },
      {
        ALT: () => {
          p.take(k.TIMESTAMP)
          return p.has(2, k.WITH, k.LOCAL, k.TIME, k.ZONE) ? 'TIMESTAMP_LTZ' : 'TIMESTAMP'
        },
      },
    ])
    const text = tokenValue(p.take(t.String))
    return { kind: 'DateTimeLiteral', type, text, position: p.span(start) }
  })

  r.intervalLiteral = p.rule('intervalLiteral', (): IntervalLiteral => {
    const start = p.mark()
    p.take(k.INTERVAL)
    const negative = p.opt(0, () =>
      p.oneOf(0, [
        [t.Minus, true],
        [t.Plus, false],
      ]),
    )
    const text = tokenValue(p.take(t.String))
    const qualifier = p.sub(r.intervalQualifier)
    return {
      kind: 'IntervalLiteral',
      negative: negative === true,
      text,
      qualifier,
      position: p.span(start),
    }
  })

  r.parenthesis = p.rule('parenthesis', () => {
    const start = p.mark()
    return p.alt<Expression>(0, [
      {
        ALT: () => {
          const query = p.sub(r.parenthesizedQuery)
          return { kind: 'ScalarSubquery', query, position: p.span(start) }
        },
        GATE: () => isQueryParenthesis(p, 1),
      },
      {
        ALT: () => {
          const fields = p.parenthesized(1, () => p.sub(r.expression))
          if (fields.length === 1) return fields[0]!
          return { kind: 'RowConstructor', fields, position: p.span(start) }
        },
      },
    ])
  })

  r.constructor_ = p.rule('constructor_', () => {
    const start = p.mark()
    return p.alt<Expression>(0, [
      {
        ALT: () => {
          p.take(k.ROW)
          const fields = p.parenthesized(1, () => p.sub(r.expression))
          return { kind: 'RowConstructor', fields, position: p.span(start) }
        },
      },
      {
        ALT: () => {
          const kind = p.oneOf(2, [
            [k.ARRAY, 'ArrayConstructor' as const],
            [k.MULTISET, 'MultisetConstructor' as const],
          ])
          p.take(t.LeftBracket)
          const elements: Expression[] = []
          p.opt(3, () => {
            p.list(4, () => elements.push(p.sub(r.expression)))
          })
          p.take(t.RightBracket)
          return { kind, elements, position: p.span(start) }
        },
      },
      {
        ALT: () => {
          p.words(k.MAP, t.LeftBracket)
          const entries: { key: Expression; value: Expression }[] = []
          p.opt(5, () => {
            p.list(6, () => {
              const key = p.sub(r.expression)
              p.take(t.Comma)
              entries.push({ key, value: p.sub(r.expression) })
            })
          })
          p.take(t.RightBracket)
          return { kind: 'MapConstructor', entries, position: p.span(start) }
        },
      },
    ])
  })

  r.caseExpression = p.rule('caseExpression', () => {
    const start = p.mark()
    p.take(k.CASE)
    const operand = p.opt(0, () => p.sub(r.expression))
    const branches: { when: Expression; result: Expression }[] = []
    const branch = () => {
      p.take(k.WHEN)
      const values = p.list(2, () => p.sub(r.expression))
      p.take(k.THEN)
      const result = p.sub(r.expression)
      for (const when of values) branches.push({ when, result })
    }
    p.atLeastOnce(1, branch)
    const otherwise = p.opt(3, () => {
      p.take(k.ELSE)
      return p.sub(r.expression)
    })
    p.take(k.END)
    return { kind: 'Case', operand, branches, otherwise, position: p.span(start) }
  })

  r.exists = p.rule('exists', () => {
    const start = p.mark()
    p.take(k.EXISTS)
    const query = p.sub(r.parenthesizedQuery)
    return { kind: 'Exists', query, position: p.span(start) }
  })

  r.cast = p.rule('cast', () => {
    const start = p.mark()
    const safe = p.oneOf(0, [
      [k.CAST, false],
      [k.TRY_CAST, true],
    ])
    p.take(t.LeftParen)
    const operand = p.sub(r.expression)
    p.take(k.AS)
    const type = p.sub(r.typeName)
    p.take(t.RightParen)
    return { kind: 'Cast', operand, type, safe, position: p.span(start) }
  })
}

function isDateTimeLiteral(p: Grammar): boolean {
  return p.isAt(2, t.String) || p.ahead(k.TIMESTAMP, k.WITH)
}

const numberTypes = { integer: t.Integer, decimal: t.Decimal, double: t.Double } as const

/** Whether a star follows the names ahead: `*`, `t.*`, `c.d.t.*`. */
export function isStar(p: Grammar): boolean {
  let at = 1
  while (p.isAt(at, t.Identifier) && p.isAt(at + 1, t.Dot)) at += 2
  return p.isAt(at, t.Star)
}

export function star(p: Grammar, index: number): Star {
  const start = p.mark()
  const qualifier: QualifiedName[number][] = []
  p.rep(index, () => {
    qualifier.push(p.name())
    p.take(t.Dot)
  })
  p.take(t.Star)
  return { kind: 'Star', qualifier, position: p.span(start) }
}
