/**
 * The accumulator of DECIMAL sums: `low` is the exact sum while it fits in 64 bits; `big` (NULL until then) is
 * the exact sum afterwards. Only values of more than 18 digits, or an overflow, make a bigint.
 */
import { bigintType, type LogicalType, withNullable } from '../../types/index.ts'
import type { StateColumn, StateText, ValueText } from './aggregate-function.ts'
import { toBigInt } from './int64-text.ts'

export const decimalState = (sumType: LogicalType): readonly StateColumn[] => [
  { name: 'sum', type: bigintType(false) },
  { name: 'sum_big', type: withNullable(sumType, true) },
]

/** The exact sum, as a bigint expression. */
export const decimalSum = (low: ValueText, big: ValueText): string =>
  `(${big.isNull} ? ${toBigInt(low)} : ${big.value})`

export function decimalAccumulate(low: StateText, big: StateText, value: ValueText, sign: '+' | '-'): string {
  const bigValue = value.storage === 'object' ? value.value : toBigInt(value)
  const asBig = `{ const total = ${decimalSum(low, big)} ${sign} ${bigValue}; ${big.value} = total; ${big.nullByte} = 0; }`
  if (value.storage === 'object') return asBig
  // Overflow of x + y: the result's sign differs from both signs; of x - y: x and y differ, and x and result.
  const overflow =
    sign === '+'
      ? `((${low.high} ^ high) & (${value.high} ^ high)) < 0`
      : `((${low.high} ^ ${value.high}) & (${low.high} ^ high)) < 0`
  const carry = sign === '+' ? '(word > 4294967295 ? 1 : 0)' : '- (word < 0 ? 1 : 0)'
  return `if (${big.isNull}) {
    const word = (${low.value} >>> 0) ${sign} (${value.value} >>> 0);
    const high = (${low.high} ${sign} ${value.high} ${sign === '+' ? '+' : ''} ${carry}) | 0;
    if (${overflow}) ${asBig} else { ${low.value} = word | 0; ${low.high} = high; }
  } else ${asBig}`
}

export const decimalMerge = (
  low: StateText,
  big: StateText,
  otherLow: ValueText,
  otherBig: ValueText,
): string =>
  `if (${otherBig.isNull}) { ${decimalAccumulate(low, big, otherLow, '+')} }
   else { ${decimalAccumulate(low, big, otherBig, '+')} }`
