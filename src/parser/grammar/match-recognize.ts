import type { IToken } from 'chevrotain'
import type {
  AfterMatch,
  Expression,
  Measure,
  OrderItem,
  PatternDefinition,
  PatternVariable,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { MatchClauses, Rules } from './rules.ts'

/** MATCH_RECOGNIZE as far as Flink runs it; the rest of the standard's clauses are refused by name. */
export function defineMatchRecognizeRules(p: Grammar, r: Rules): void {
  r.matchRecognize = p.rule('matchRecognize', (): MatchClauses => {
    p.words(k.MATCH_RECOGNIZE, t.LeftParen)
    const partitionBy: readonly Expression[] = p.opt(0, () => p.sub(r.partitionExpressions)) ?? []
    let orderBy: readonly OrderItem[] = []
    p.opt(1, () => {
      p.words(k.ORDER, k.BY)
      orderBy = p.sub(r.orderItems)
    })
    const measures: Measure[] = []
    p.opt(2, () => {
      p.take(k.MEASURES)
      p.list(3, () => measures.push(measure(p, r)))
    })
    p.opt(4, () => rowsPerMatch(p))
    const afterMatch = p.opt(5, () => afterMatchClause(p))
    p.words(k.PATTERN, t.LeftParen)
    const pattern: PatternVariable[] = []
    p.act(() => refusePatternOperator(p))
    p.atLeastOnce(6, () => pattern.push(p.sub(r.patternVariable)))
    p.act(() => refusePatternOperator(p))
    p.take(t.RightParen)
    const within = p.opt(7, () => {
      p.take(k.WITHIN)
      return p.sub(r.intervalLiteral)
    })
    p.act(() => {
      if (p.isAt(1, k.SUBSET)) p.refuse('MR_PARSE_UNSUPPORTED', 'SUBSET is not supported', p.peek(1))
    })
    p.take(k.DEFINE)
    const definitions = p.list(8, () => definition(p, r))
    p.take(t.RightParen)
    return { partitionBy, orderBy, measures, afterMatch, pattern, within, definitions }
  })

  r.patternVariable = p.rule('patternVariable', () => {
    const start = p.mark()
    const name = p.name()
    const quantifier = p.opt(0, () => patternQuantifier(p, r)) ?? { min: 1, max: 1 }
    const reluctant = p.has(1, t.Question)
    return { kind: 'PatternVariable', name, ...quantifier, reluctant, position: p.span(start) }
  })
}

function refusePatternOperator(p: Grammar): void {
  const found = p.peek(1)
  const what = refusedPatternOperators.get(found.image.toUpperCase())
  if (what !== undefined) p.refuse('MR_PARSE_UNSUPPORTED', `${what} in PATTERN is not supported`, found)
}

const refusedPatternOperators = new Map([
  ['|', 'alternation (|)'],
  ['(', 'grouping with parentheses'],
  ['{', 'exclusion ({- … -})'],
  ['^', 'the anchor ^'],
  ['$', 'the anchor $'],
  ['PERMUTE', 'PERMUTE'],
])

function measure(p: Grammar, r: Rules): Measure {
  const start = p.mark()
  const semantics = p.opt(
    10,
    () =>
      p.oneOf(10, [
        [k.FINAL, 'FINAL' as const],
        [k.RUNNING, 'RUNNING' as const],
      ]),
    () => !p.isAt(2, t.Dot) && !p.isAt(2, t.LeftParen) && !p.isAt(2, k.AS),
  )
  const expression = p.sub(r.expression)
  p.take(k.AS)
  const alias = p.name()
  return { kind: 'Measure', expression, semantics, alias, position: p.span(start) }
}

function rowsPerMatch(p: Grammar): void {
  p.act(() => {
    if (p.isAt(1, k.ALL))
      p.refuse(
        'MR_PARSE_UNSUPPORTED',
        'ALL ROWS PER MATCH is not supported',
        p.peek(1),
        'use ONE ROW PER MATCH',
      )
  })
  p.alt<void>(11, [
    { ALT: () => p.words(k.ONE, k.ROW, k.PER, k.MATCH) },
    { ALT: () => p.words(k.ALL, k.ROWS, k.PER, k.MATCH) },
  ])
}

function afterMatchClause(p: Grammar): AfterMatch {
  p.words(k.AFTER, k.MATCH, k.SKIP)
  return p.alt<AfterMatch>(12, [
    {
      ALT: () => {
        p.words(k.PAST, k.LAST, k.ROW)
        return { kind: 'SkipPastLastRow' }
      },
    },
    {
      ALT: () => {
        p.take(k.TO)
        return p.alt<AfterMatch>(13, [
          {
            ALT: () => {
              p.words(k.NEXT, k.ROW)
              return { kind: 'SkipToNextRow' }
            },
          },
          {
            ALT: () => {
              p.take(k.FIRST)
              return { kind: 'SkipToFirst', variable: p.name() }
            },
            GATE: () => p.isAt(2, t.Identifier),
          },
          {
            ALT: () => {
              p.opt(
                14,
                () => p.take(k.LAST),
                () => p.isAt(2, t.Identifier),
              )
              return { kind: 'SkipToLast', variable: p.name() }
            },
          },
        ])
      },
    },
  ])
}

/** `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`, `{,m}`. */
function patternQuantifier(p: Grammar, r: Rules): { min: number; max: number | undefined } {
  return p.alt<{ min: number; max: number | undefined }>(20, [
    { ALT: () => p.oneOf(21, [[t.Star, { min: 0, max: undefined }]]) },
    { ALT: () => p.oneOf(22, [[t.Plus, { min: 1, max: undefined }]]) },
    { ALT: () => p.oneOf(23, [[t.Question, { min: 0, max: 1 }]]) },
    {
      ALT: () => {
        const open: IToken = p.take(t.LeftBrace)
        const min = p.opt(20, () => p.sub(r.unsignedInteger))
        let max = min
        p.opt(21, () => {
          p.take(t.Comma)
          max = p.opt(22, () => p.sub(r.unsignedInteger))
        })
        p.take(t.RightBrace)
        p.act(() => {
          if (min === undefined && max === undefined)
            p.refuse('MR_PARSE_QUANTIFIER', 'a quantifier needs a number: {n}, {n,}, {n,m} or {,m}', open)
        })
        return { min: min ?? 0, max }
      },
    },
  ])
}

function definition(p: Grammar, r: Rules): PatternDefinition {
  const start = p.mark()
  const variable = p.name()
  p.take(k.AS)
  const condition = p.sub(r.expression)
  return { kind: 'PatternDefinition', variable, condition, position: p.span(start) }
}
