import type { IToken, TokenType } from 'chevrotain'
import type { BinaryOperator, ComparisonOperator, Expression } from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import { isQueryParenthesis } from './query-parenthesis.ts'
import type { Rules } from './rules.ts'

/**
 * Operators, weakest first, with Calcite's precedence: OR · AND · NOT · IS · comparison and IS DISTINCT FROM ·
 * BETWEEN, IN, LIKE, OVERLAPS · + − · * / % || · sign · [ ] and field access. All are left-associative.
 */
export function defineExpressionRules(p: Grammar, r: Rules): void {
  const leftAssociative = (
    name: string,
    operand: () => Expression,
    operators: readonly (readonly [TokenType, BinaryOperator])[],
  ) =>
    p.rule(name, () => {
      const start = p.mark()
      let left = operand()
      p.chain(0, () => {
        const operator = p.oneOf(0, operators)
        const right = operand()
        left = { kind: 'BinaryOperation', operator, left, right, position: p.span(start) }
      })
      return left
    })

  r.expression = leftAssociative('expression', () => p.sub(r.conjunction), [[k.OR, 'OR']])
  r.conjunction = leftAssociative('conjunction', () => p.sub(r.negation), [[k.AND, 'AND']])

  r.negation = p.rule('negation', () => {
    const start = p.mark()
    return p.alt<Expression>(0, [
      {
        ALT: () => {
          p.take(k.NOT)
          const operand = p.sub(r.negation)
          return { kind: 'UnaryOperation', operator: 'NOT', operand, position: p.span(start) }
        },
      },
      { ALT: () => p.sub(r.test) },
    ])
  })

  r.test = p.rule('test', () => {
    const start = p.mark()
    let operand = p.sub(r.comparison)
    p.chain(0, () => {
      operand = isTest(p, start, operand)
    })
    return operand
  })

  r.comparison = p.rule('comparison', () => {
    const start = p.mark()
    let left = p.sub(r.predicate)
    p.chain(
      0,
      () => {
        left = p.alt<Expression>(0, [
          {
            ALT: () => {
              p.take(k.IS)
              const negated = p.has(0, k.NOT)
              p.words(k.DISTINCT, k.FROM)
              const right = p.sub(r.predicate)
              return { kind: 'IsDistinctFrom', left, right, negated, position: p.span(start) }
            },
            GATE: () => isDistinctAhead(p),
          },
          { ALT: () => comparisonTail(p, r, start, left) },
        ])
      },
      () => !p.isAt(1, k.IS) || isDistinctAhead(p),
    )
    return left
  })

  r.predicate = p.rule('predicate', () => {
    const start = p.mark()
    let operand = p.sub(r.sum)
    p.chain(0, () => {
      operand = predicateTail(p, r, start, operand)
    })
    return operand
  })

  r.sum = leftAssociative('sum', () => p.sub(r.product), [
    [t.Plus, '+'],
    [t.Minus, '-'],
  ])
  r.product = leftAssociative('product', () => p.sub(r.signed), [
    [t.Star, '*'],
    [t.Slash, '/'],
    [t.Percent, '%'],
    [t.Concat, '||'],
  ])

  r.signed = p.rule('signed', () => {
    const start = p.mark()
    return p.alt<Expression>(0, [
      {
        ALT: () => {
          const operator = p.oneOf(1, [
            [t.Plus, '+' as const],
            [t.Minus, '-' as const],
          ])
          const operand = p.sub(r.signed)
          return { kind: 'UnaryOperation', operator, operand, position: p.span(start) }
        },
      },
      { ALT: () => p.sub(r.postfix) },
    ])
  })

  r.postfix = p.rule('postfix', () => {
    const start = p.mark()
    let base = p.sub(r.primary)
    p.chain(0, () => {
      base = p.alt<Expression>(0, [
        {
          ALT: () => {
            p.take(t.LeftBracket)
            const index = p.sub(r.expression)
            p.take(t.RightBracket)
            return { kind: 'ElementAccess', base, index, position: p.span(start) }
          },
        },
        {
          ALT: () => {
            p.take(t.Dot)
            const field = p.name()
            return { kind: 'FieldAccess', base, field, position: p.span(start) }
          },
        },
      ])
    })
    return base
  })
}

function isDistinctAhead(p: Grammar): boolean {
  return p.ahead(k.IS, k.DISTINCT) || p.ahead(k.IS, k.NOT, k.DISTINCT)
}

function isTest(p: Grammar, start: IToken, operand: Expression): Expression {
  p.take(k.IS)
  const negated = p.has(0, k.NOT)
  return p.alt<Expression>(1, [
    {
      ALT: () => {
        const test = p.oneOf(2, [
          [k.NULL, 'NULL' as const],
          [k.TRUE, 'TRUE' as const],
          [k.FALSE, 'FALSE' as const],
          [k.UNKNOWN, 'UNKNOWN' as const],
        ])
        return { kind: 'IsTest', operand, test, negated, position: p.span(start) }
      },
    },
    {
      ALT: () => {
        p.take(k.JSON)
        const jsonType = p.opt(3, () =>
          p.oneOf(3, [
            [k.VALUE, 'VALUE' as const],
            [k.OBJECT, 'OBJECT' as const],
            [k.ARRAY, 'ARRAY' as const],
            [k.SCALAR, 'SCALAR' as const],
          ]),
        )
        return { kind: 'IsJson', operand, jsonType: jsonType ?? 'VALUE', negated, position: p.span(start) }
      },
    },
  ])
}

const comparisonOperators: readonly (readonly [TokenType, ComparisonOperator])[] = [
  [t.Equals, '='],
  [t.NotEquals, '<>'],
  [t.Less, '<'],
  [t.LessOrEqual, '<='],
  [t.Greater, '>'],
  [t.GreaterOrEqual, '>='],
]

function comparisonTail(p: Grammar, r: Rules, start: IToken, left: Expression): Expression {
  const operator = p.oneOf(1, comparisonOperators)
  return p.alt<Expression>(2, [
    {
      ALT: () => {
        const quantifier = p.oneOf(3, [
          [k.ANY, 'ANY' as const],
          [k.SOME, 'ANY' as const],
          [k.ALL, 'ALL' as const],
        ])
        const query = p.sub(r.parenthesizedQuery)
        return {
          kind: 'QuantifiedComparison',
          operator,
          quantifier,
          operand: left,
          query,
          position: p.span(start),
        }
      },
    },
    {
      ALT: () => {
        const right = p.sub(r.predicate)
        return { kind: 'BinaryOperation', operator, left, right, position: p.span(start) }
      },
    },
  ])
}

function predicateTail(p: Grammar, r: Rules, start: IToken, operand: Expression): Expression {
  return p.alt<Expression>(10, [
    {
      ALT: () => {
        p.take(k.OVERLAPS)
        const right = p.sub(r.sum)
        return overlaps(p, start, operand, right)
      },
    },
    {
      ALT: () => {
        const negated = p.has(11, k.NOT)
        return p.alt<Expression>(12, [
          { ALT: () => between(p, r, start, operand, negated) },
          { ALT: () => inTail(p, r, start, operand, negated) },
          { ALT: () => like(p, r, start, operand, negated) },
        ])
      },
    },
  ])
}

function between(p: Grammar, r: Rules, start: IToken, operand: Expression, negated: boolean): Expression {
  p.take(k.BETWEEN)
  const symmetric = p.opt(20, () =>
    p.oneOf(20, [
      [k.SYMMETRIC, true],
      [k.ASYMMETRIC, false],
    ]),
  )
  const low = p.sub(r.sum)
  p.take(k.AND)
  const high = p.sub(r.sum)
  return {
    kind: 'Between',
    operand,
    low,
    high,
    symmetric: symmetric === true,
    negated,
    position: p.span(start),
  }
}

function inTail(p: Grammar, r: Rules, start: IToken, operand: Expression, negated: boolean): Expression {
  p.take(k.IN)
  return p.alt<Expression>(30, [
    {
      ALT: () => {
        const query = p.sub(r.parenthesizedQuery)
        return { kind: 'InSubquery', operand, query, negated, position: p.span(start) }
      },
      GATE: () => isQueryParenthesis(p, 1),
    },
    {
      ALT: () => {
        const items = p.parenthesized(31, () => p.sub(r.expression))
        return { kind: 'InList', operand, items, negated, position: p.span(start) }
      },
    },
  ])
}

function like(p: Grammar, r: Rules, start: IToken, operand: Expression, negated: boolean): Expression {
  const operator = p.alt<'LIKE' | 'SIMILAR TO'>(40, [
    { ALT: () => p.oneOf(41, [[k.LIKE, 'LIKE' as const]]) },
    {
      ALT: () => {
        p.words(k.SIMILAR, k.TO)
        return 'SIMILAR TO'
      },
    },
  ])
  const pattern = p.sub(r.sum)
  const escapeCharacter = p.opt(42, () => {
    p.take(k.ESCAPE)
    return p.sub(r.sum)
  })
  return {
    kind: 'Like',
    operator,
    operand,
    pattern,
    escape: escapeCharacter,
    negated,
    position: p.span(start),
  }
}

function overlaps(p: Grammar, start: IToken, left: Expression, right: Expression): Expression {
  const [leftStart, leftEnd] = periodOf(p, left, start)
  const [rightStart, rightEnd] = periodOf(p, right, start)
  return { kind: 'Overlaps', leftStart, leftEnd, rightStart, rightEnd, position: p.span(start) }
}

function periodOf(p: Grammar, side: Expression, start: IToken): readonly [Expression, Expression] {
  const isPair = side.kind === 'RowConstructor' && side.fields.length === 2
  if (isPair) return [side.fields[0]!, side.fields[1]!]
  p.act(() => p.refuse('MR_PARSE_OVERLAPS', 'both sides of OVERLAPS are pairs: (start, end)', start))
  return [side, side]
}
