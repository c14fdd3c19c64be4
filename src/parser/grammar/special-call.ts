import type { IToken, TokenType } from 'chevrotain'
import type { Argument, ArgumentValue, Expression, FunctionCall, Trim } from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import { type Grammar, positionOf } from './grammar.ts'
import type { Rules } from './rules.ts'

/** Calls with a syntax of their own; all but TRIM become plain `FunctionCall`s (see ast/expression.ts). */
export function defineSpecialCallRules(p: Grammar, r: Rules): void {
  r.specialCall = p.rule('specialCall', () =>
    p.alt<Expression>(0, [
      { ALT: () => extract(p, r) },
      { ALT: () => floorOrCeil(p, r) },
      { ALT: () => timestampArithmetic(p, r) },
      { ALT: () => trim(p, r) },
      { ALT: () => substring(p, r) },
      { ALT: () => position(p, r) },
      { ALT: () => overlay(p, r) },
    ]),
  )
}

const expression = (p: Grammar, r: Rules) => p.sub(r.expression)

function extract(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  const name = p.take(k.EXTRACT)
  p.take(t.LeftParen)
  const unit = p.sub(r.timeUnit)
  p.take(k.FROM)
  const operand = expression(p, r)
  p.take(t.RightParen)
  return plainCall(p, start, name, [unit, operand])
}

function floorOrCeil(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  const name = p.alt(1, words([k.FLOOR, k.CEIL, k.CEILING], p))
  p.take(t.LeftParen)
  const args: ArgumentValue[] = [expression(p, r)]
  p.opt(1, () => {
    p.take(k.TO)
    args.push(p.sub(r.timeUnit))
  })
  p.rep(1, () => {
    p.take(t.Comma)
    args.push(expression(p, r))
  })
  p.take(t.RightParen)
  return plainCall(p, start, name, args)
}

function timestampArithmetic(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  const name = p.alt(2, words([k.TIMESTAMPADD, k.TIMESTAMPDIFF], p))
  p.take(t.LeftParen)
  const args: ArgumentValue[] = [p.sub(r.timeUnit)]
  p.take(t.Comma)
  args.push(expression(p, r))
  p.take(t.Comma)
  args.push(expression(p, r))
  p.take(t.RightParen)
  return plainCall(p, start, name, args)
}

/** `TRIM(x)`, `TRIM(BOTH FROM x)`, `TRIM('a' FROM x)`, `TRIM(LEADING 'a' FROM x)`. */
function trim(p: Grammar, r: Rules): Trim {
  const start = p.mark()
  p.take(k.TRIM)
  p.take(t.LeftParen)
  const side = p.opt(10, () =>
    p.oneOf(10, [
      [k.BOTH, 'BOTH' as const],
      [k.LEADING, 'LEADING' as const],
      [k.TRAILING, 'TRAILING' as const],
    ]),
  )
  const first = p.opt(11, () => expression(p, r))
  const second = p.opt(12, () => {
    p.take(k.FROM)
    return expression(p, r)
  })
  const end = p.take(t.RightParen)
  p.act(() => {
    const hasOperand = second !== undefined || (first !== undefined && side === undefined)
    if (!hasOperand) p.refuse('MR_PARSE_TRIM', 'TRIM needs a text: TRIM([BOTH] [characters] FROM text)', end)
  })
  return {
    kind: 'Trim',
    side: side ?? 'BOTH',
    characters: second === undefined ? undefined : first,
    operand: (second ?? first)!,
    position: p.span(start),
  }
}

/** `SUBSTRING(s FROM a [FOR n])` or `SUBSTRING(s, a[, n])`. */
function substring(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  const name = p.take(k.SUBSTRING)
  p.take(t.LeftParen)
  const args: ArgumentValue[] = [expression(p, r)]
  p.oneOf(20, [
    [k.FROM, 0],
    [t.Comma, 0],
  ])
  args.push(expression(p, r))
  p.opt(20, () => {
    p.oneOf(21, [
      [k.FOR, 0],
      [t.Comma, 0],
    ])
    args.push(expression(p, r))
  })
  p.take(t.RightParen)
  return plainCall(p, start, name, args)
}

/** `POSITION(a IN b [FROM n])`: the operand is below IN in precedence. */
function position(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  const name = p.take(k.POSITION)
  p.take(t.LeftParen)
  const args: ArgumentValue[] = [p.sub(r.sum)]
  p.take(k.IN)
  args.push(expression(p, r))
  p.opt(30, () => {
    p.take(k.FROM)
    args.push(expression(p, r))
  })
  p.take(t.RightParen)
  return plainCall(p, start, name, args)
}

function overlay(p: Grammar, r: Rules): Expression {
  const start = p.mark()
  const name = p.take(k.OVERLAY)
  p.take(t.LeftParen)
  const args: ArgumentValue[] = [expression(p, r)]
  p.take(k.PLACING)
  args.push(expression(p, r))
  p.take(k.FROM)
  args.push(expression(p, r))
  p.opt(40, () => {
    p.take(k.FOR)
    args.push(expression(p, r))
  })
  p.take(t.RightParen)
  return plainCall(p, start, name, args)
}

function words(types: readonly TokenType[], p: Grammar) {
  return types.map(type => ({ ALT: () => p.take(type) }))
}

function plainCall(p: Grammar, start: IToken, name: IToken, values: readonly ArgumentValue[]): FunctionCall {
  const args = values.map(
    (value): Argument => ({ kind: 'Argument', name: undefined, value, position: value.position }),
  )
  return {
    kind: 'FunctionCall',
    name: [{ kind: 'Identifier', name: name.image, quoted: false, position: positionOf(name) }],
    args,
    distinct: false,
    withinGroup: [],
    filter: undefined,
    nullTreatment: undefined,
    over: undefined,
    position: p.span(start),
  }
}
