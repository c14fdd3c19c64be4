import type { Expression, FrameBound, OrderItem, WindowFrame, WindowSpecification } from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

/** What OVER and the WINDOW clause describe: PARTITION BY, ORDER BY and a ROWS or RANGE frame. */
export function defineWindowRules(p: Grammar, r: Rules): void {
  r.partitionExpressions = p.rule('partitionExpressions', () => {
    p.words(k.PARTITION, k.BY)
    return p.alt<readonly Expression[]>(0, [
      {
        ALT: () => p.parenthesized(1, () => p.sub(r.expression)),
        GATE: () => isKeyListInParentheses(p),
      },
      { ALT: () => p.list(2, () => p.sub(r.expression)) },
    ])
  })

  r.windowSpecification = p.rule('windowSpecification', (): WindowSpecification => {
    const start = p.mark()
    p.take(t.LeftParen)
    const base = p.opt(0, () => p.name())
    const partitionBy = p.opt(1, () => p.sub(r.partitionExpressions)) ?? []
    let orderBy: readonly OrderItem[] = []
    p.opt(2, () => {
      p.words(k.ORDER, k.BY)
      orderBy = p.sub(r.orderItems)
    })
    const frame = p.opt(3, () => p.sub(r.windowFrame))
    p.take(t.RightParen)
    return { kind: 'WindowSpecification', base, partitionBy, orderBy, frame, position: p.span(start) }
  })

  r.windowFrame = p.rule('windowFrame', (): WindowFrame => {
    const start = p.mark()
    const unit = p.oneOf(0, [
      [k.ROWS, 'ROWS' as const],
      [k.RANGE, 'RANGE' as const],
    ])
    return p.alt<WindowFrame>(1, [
      {
        ALT: () => {
          p.take(k.BETWEEN)
          const first = p.sub(r.frameBound)
          p.take(k.AND)
          const last = p.sub(r.frameBound)
          return { kind: 'WindowFrame', unit, start: first, end: last, position: p.span(start) }
        },
      },
      {
        ALT: () => {
          const first = p.sub(r.frameBound)
          return { kind: 'WindowFrame', unit, start: first, end: undefined, position: p.span(start) }
        },
      },
    ])
  })

  r.frameBound = p.rule('frameBound', () =>
    p.alt<FrameBound>(0, [
      {
        ALT: () => {
          p.words(k.CURRENT, k.ROW)
          return { kind: 'CurrentRow' }
        },
      },
      {
        ALT: () => {
          p.take(k.UNBOUNDED)
          const preceding = isPreceding(p, 1)
          return { kind: preceding ? 'UnboundedPreceding' : 'UnboundedFollowing' }
        },
        GATE: () => p.isAt(2, k.PRECEDING) || p.isAt(2, k.FOLLOWING),
      },
      {
        ALT: () => {
          const offset = p.sub(r.expression)
          const preceding = isPreceding(p, 2)
          return { kind: preceding ? 'Preceding' : 'Following', offset }
        },
      },
    ]),
  )
}

function isPreceding(p: Grammar, index: number): boolean {
  return p.oneOf(index, [
    [k.PRECEDING, true],
    [k.FOLLOWING, false],
  ])
}

/** `PARTITION BY (a, b)` as a whole list, but not `PARTITION BY (a + b) * 2`. */
function isKeyListInParentheses(p: Grammar): boolean {
  if (!p.isAt(1, t.LeftParen)) return false
  let depth = 0
  for (let at = 1; !p.isAt(at, t.End); at++) {
    if (p.isAt(at, t.LeftParen)) depth++
    else if (p.isAt(at, t.RightParen) && --depth === 0)
      return listEnds.some(type => p.isAt(at + 1, type)) || p.isAt(at + 1, t.End)
  }
  return false
}

const listEnds = [t.RightParen, k.ORDER, k.ROWS, k.RANGE, k.MEASURES]
