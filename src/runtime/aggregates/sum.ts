/**
 * SUM. The result has the argument's type and wraps like Flink's (Java arithmetic); FLOAT sums are rounded to
 * float at each step. DECIMAL sums are DECIMAL(38, s): exact in 64 bits until an addition overflows, from then
 * on that group's sum is a bigint; beyond 38 digits the result is NULL, as in Flink. NULL without values.
 */
import { internalError } from '../../errors/index.ts'
import { bigintType, type LogicalType, storageOf, withNullable } from '../../types/index.ts'
import type { AggregateFactory, StateColumn, StateText, ValueText } from './aggregate-function.ts'
import { decimalAccumulate, decimalMerge, decimalState, decimalSum } from './decimal-sum.ts'
import { add64, decrement64, increment64, isZero64, subtract64 } from './int64-text.ts'

/** With retraction a sum is NULL again when its count of values is zero. */
export const countColumn: StateColumn = { name: 'count', type: bigintType(false) }

const wrapped = (type: LogicalType, text: string): string => {
  switch (type.kind) {
    case 'TINYINT':
      return `((${text}) << 24) >> 24`
    case 'SMALLINT':
      return `((${text}) << 16) >> 16`
    case 'INTEGER':
      return `(${text}) | 0`
    case 'FLOAT':
      return `Math.fround(${text})`
    default:
      return text
  }
}

/** sum = sum ± value, for every type but DECIMAL; clears the NULL mark. */
export function addText(type: LogicalType, sum: StateText, value: ValueText, sign: '+' | '-'): string {
  if (sum.storage === 'i64') {
    return `${(sign === '+' ? add64 : subtract64)(sum, value)} ${sum.nullByte} = 0;`
  }
  return `${sum.value} = ${wrapped(type, `${sum.value} ${sign} ${value.value}`)}; ${sum.nullByte} = 0;`
}

const simpleSum: AggregateFactory = ({ type, retracts }) => ({
  state: [{ name: 'sum', type: withNullable(type, true) }, ...(retracts ? [countColumn] : [])],
  accumulate: ([sum, count], [value]) =>
    `${addText(type, sum!, value!, '+')} ${count === undefined ? '' : increment64(count)}`,
  retract: ([sum, count], [value]) => `${addText(type, sum!, value!, '-')} ${decrement64(count!)}`,
  merge: ([sum, count], [otherSum, otherCount]) => `
    if (!(${otherSum!.isNull})) { ${addText(type, sum!, otherSum!, '+')} }
    ${count === undefined ? '' : add64(count, otherCount!)}`,
  result: ([sum, count], result) => `
    if (${count === undefined ? `!(${sum!.isNull})` : `!(${isZero64(count)})`}) {
      ${result.isNull} = false; ${result.value} = ${sum!.value};
      ${sum!.storage === 'i64' ? `${result.high} = ${sum!.high};` : ''}
    }`,
})

const decimalSumFunction: AggregateFactory = ({ retracts, type }) => ({
  state: [...decimalState(type), countColumn],
  accumulate: ([low, big, count], [value]) =>
    `${decimalAccumulate(low!, big!, value!, '+')} ${increment64(count!)}`,
  ...(retracts && {
    retract: ([low, big, count], [value]) =>
      `${decimalAccumulate(low!, big!, value!, '-')} ${decrement64(count!)}`,
  }),
  merge: ([low, big, count], [otherLow, otherBig, otherCount]) =>
    `${decimalMerge(low!, big!, otherLow!, otherBig!)} ${add64(count!, otherCount!)}`,
  result: ([low, big, count], result) => `
    if (!(${isZero64(count!)})) {
      const total = ${decimalSum(low!, big!)};
      if (env.fits38(total)) { ${result.isNull} = false; ${result.value} = total; }
    }`,
})

export const sum: AggregateFactory = signature => {
  const { type } = signature
  if (type.kind === 'DECIMAL') {
    if (storageOf(type) !== 'object') throw internalError('a sum of DECIMAL must be DECIMAL(38, s)')
    return decimalSumFunction(signature)
  }
  return simpleSum(signature)
}
