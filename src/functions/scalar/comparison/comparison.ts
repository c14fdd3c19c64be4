/** `=`, `<>`, `<`, `<=`, `>`, `>=`. Strings compare by bytes, which is code point order; NaN is like in Java. */
import { booleanType, compareBytes, equalBytes, type PlainValue } from '../../../types/index.ts'
import { type ArgumentText, type InlineContext, inline, type ScalarSpec } from '../../function-spec.ts'
import { plainCompare, plainEquals } from '../../plain-compare.ts'
import { representationOf } from '../../representation.ts'
import { comparedTypes, orderedTypes } from './operand-types.ts'

type Operator = '=' | '<>' | '<' | '<=' | '>' | '>='
const scriptOperators: Readonly<Record<Operator, string>> = {
  '=': '===',
  '<>': '!==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

/** Text that compares two non-NULL values of one type. */
export function compareText(
  operator: Operator,
  context: InlineContext,
  a: ArgumentText,
  b: ArgumentText,
): string {
  const script = scriptOperators[operator]
  const isEquality = operator === '=' || operator === '<>'
  const representation = representationOf(context.argumentTypes[0]!)
  switch (representation) {
    case 'bool':
      return isEquality ? `(${a[0]} ${script} ${b[0]})` : `((${a[0]} ? 1 : 0) ${script} (${b[0]} ? 1 : 0))`
    case 'i64':
      return a.words !== undefined && b.words !== undefined
        ? compareWords(operator, a.words, b.words)
        : `(${a[0]} ${script} ${b[0]})`
    case 'i32':
    case 'f64':
      return `(${a[0]} ${script} ${b[0]})`
    case 'msnanos':
      if (isEquality) {
        const same = `(${a[0]} === ${b[0]} && ${a[1]} === ${b[1]})`
        return operator === '=' ? same : `!${same}`
      }
      return `(${a[0]} === ${b[0]} ? ${a[1]} ${script} ${b[1]} : ${a[0]} ${script} ${b[0]})`
    case 'bytes': {
      const list = [...a, ...b].join(', ')
      if (isEquality) return `${operator === '=' ? '' : '!'}${context.constant(equalBytes)}(${list})`
      return `(${context.constant(compareBytes)}(${list}) ${script} 0)`
    }
    case 'object':
      if (context.argumentTypes[0]!.kind === 'DECIMAL') return `(${a[0]} ${script} ${b[0]})`
      return `${operator === '=' ? '' : '!'}${context.constant(plainEquals)}(${a[0]}, ${b[0]})`
  }
}

type Words = readonly [lo: string, hi: string]

function compareWords(operator: Operator, [aLo, aHi]: Words, [bLo, bHi]: Words): string {
  if (operator === '=') return `(${aLo} === ${bLo} && ${aHi} === ${bHi})`
  if (operator === '<>') return `(${aLo} !== ${bLo} || ${aHi} !== ${bHi})`
  return `(${aHi} === ${bHi} ? (${aLo} >>> 0) ${operator} (${bLo} >>> 0) : ${aHi} ${operator} ${bHi})`
}

export function compareOrdered(operator: Operator, a: PlainValue, b: PlainValue): boolean {
  if (typeof a === 'number' && typeof b === 'number' && (Number.isNaN(a) || Number.isNaN(b)))
    return operator === '<>'
  switch (operator) {
    case '=':
      return plainEquals(a, b)
    case '<>':
      return !plainEquals(a, b)
    case '<':
      return plainCompare(a, b) < 0
    case '<=':
      return plainCompare(a, b) <= 0
    case '>':
      return plainCompare(a, b) > 0
    case '>=':
      return plainCompare(a, b) >= 0
  }
}

const comparison = (operator: Operator, doc: string, examples: ScalarSpec['examples']): ScalarSpec => ({
  names: [operator],
  signatures: ['(T any, T) -> BOOLEAN'],
  inferArguments: operator === '=' || operator === '<>' ? comparedTypes : orderedTypes,
  inferReturn: () => booleanType(),
  nulls: 'propagate',
  implement: call => {
    const isObject = representationOf(call.argumentTypes[0]!) === 'object'
    return inline((context, [a, b]) => compareText(operator, context, a!, b!), { total: !isObject })
  },
  naive: ([a, b]) => compareOrdered(operator, a!, b!),
  doc,
  examples,
})

export const equal = comparison('=', 'TRUE when both values are equal.', [
  { sql: '1 = 1', result: 'TRUE' },
  { sql: "'a' = 'b'", result: 'FALSE' },
  { sql: '1 = CAST(NULL AS INT)', result: 'CAST(NULL AS BOOLEAN)' },
  { sql: "TIMESTAMP '2024-01-01 00:00:00' = TIMESTAMP '2024-01-01 00:00:00.000'", result: 'TRUE' },
  { sql: "DATE '2024-01-01' = '2024-01-01'", result: 'TRUE' },
])
export const notEqual = comparison('<>', 'TRUE when the values differ.', [
  { sql: '1 <> 2', result: 'TRUE' },
  { sql: "'ab' <> 'ab'", result: 'FALSE' },
  { sql: 'CAST(1 AS BIGINT) <> CAST(1.5 AS DECIMAL(10, 2))', result: 'TRUE' },
])
export const lessThan = comparison('<', 'TRUE when the left value is smaller.', [
  { sql: "'a' < 'b'", result: 'TRUE' },
  { sql: 'CAST(1 AS BIGINT) < 1', result: 'FALSE' },
  { sql: 'FALSE < TRUE', result: 'TRUE' },
])
export const lessOrEqual = comparison('<=', 'TRUE when the left value is not larger.', [
  { sql: '1 <= 1.0', result: 'TRUE' },
  { sql: "'b' <= 'a'", result: 'FALSE' },
])
export const greaterThan = comparison('>', 'TRUE when the left value is larger.', [
  { sql: '2 > 1', result: 'TRUE' },
  { sql: "TIMESTAMP '2024-01-01 00:00:00.000000001' > TIMESTAMP '2024-01-01 00:00:00'", result: 'TRUE' },
])
export const greaterOrEqual = comparison('>=', 'TRUE when the left value is not smaller.', [
  { sql: '2 >= 3', result: 'FALSE' },
  { sql: "'é' >= 'e'", result: 'TRUE' },
])
