/**
 * MIN and MAX on every comparable type; strings compare by bytes (code point order). Without retraction the
 * accumulator is the best value; with retraction the loop keeps a table of the group's values beside it
 * (value-tables.ts) and calls `accumulate` for a value that is new in the group.
 */
import { withNullable } from '../../types/index.ts'
import type { AggregateFactory, StateText, ValueText } from './aggregate-function.ts'

/** A boolean expression: x orders before y. */
export function lessText(x: ValueText, y: ValueText): string {
  switch (x.storage) {
    case 'i32':
    case 'f64':
    case 'object':
      return `${x.value} < ${y.value}`
    case 'i64':
      return `(${x.high} < ${y.high} || (${x.high} === ${y.high} && (${x.value} >>> 0) < (${y.value} >>> 0)))`
    case 'msnanos':
      return `(${x.value} < ${y.value} || (${x.value} === ${y.value} && ${x.nanos} < ${y.nanos}))`
    case 'bytes':
      return `env.compareBytes(${x.bytes}, ${x.start}, ${x.end}, ${y.bytes}, ${y.start}, ${y.end}) < 0`
  }
}

export const betterText = (kind: 'min' | 'max', x: ValueText, y: ValueText): string =>
  kind === 'min' ? lessText(x, y) : lessText(y, x)

export const extreme =
  (kind: 'min' | 'max'): AggregateFactory =>
  ({ type }) => {
    const take = (best: StateText, value: ValueText) =>
      `if (${best.isNull} || ${betterText(kind, value, best)}) { ${best.set(value)} }`
    return {
      state: [{ name: kind, type: withNullable(type, true) }],
      accumulate: ([best], [value]) => take(best!, value!),
      merge: ([best], [other]) => `if (!(${other!.isNull})) { ${take(best!, other!)} }`,
      result: ([best], result) =>
        `if (!(${best!.isNull})) { ${result.isNull} = false; ${copyText(result, best!)} }`,
    }
  }

/** Statements that copy a value into result locals of the same storage. */
export function copyText(result: ValueText, value: ValueText): string {
  switch (value.storage) {
    case 'i32':
    case 'f64':
    case 'object':
      return `${result.value} = ${value.value};`
    case 'i64':
      return `${result.value} = ${value.value}; ${result.high} = ${value.high};`
    case 'msnanos':
      return `${result.value} = ${value.value}; ${result.nanos} = ${value.nanos};`
    case 'bytes':
      return `${result.bytes} = ${value.bytes}; ${result.start} = ${value.start}; ${result.end} = ${value.end};`
  }
}
