/** `+` and `-`: numbers, intervals, and times with intervals. */
import {
  additionType,
  isInterval,
  isTemporal,
  type LogicalType,
  pow10,
  rescale,
  toDecimal,
  withNullable,
} from '../../../types/index.ts'
import {
  type CallContext,
  type Implementation,
  inline,
  kernel,
  type NaiveBody,
  type ScalarSpec,
} from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { addWords, constantWords, multiplyWords, subtractWords, type Words } from '../../word-arithmetic.ts'
import { shiftPlain, shiftText, temporalOperands, temporalResult } from './interval-operands.ts'
import { numericOperands, numericResult, roundToType, wrapInteger, wrapText } from './numeric-operands.ts'

type Sign = '+' | '-'

function operandTypes(sign: Sign, args: readonly ArgumentInfo[]): readonly LogicalType[] | undefined {
  if (args.length !== 2) return undefined
  return numericOperands(args) ?? temporalOperands(args, sign)
}

function resultType(sign: Sign, args: readonly ArgumentInfo[]): LogicalType {
  return numericResult(args, additionType) ?? temporalResult(temporalOperands(args, sign)!)
}

function implementDecimals(sign: Sign, { argumentTypes, resultType }: CallContext): Implementation {
  const [a, b] = argumentTypes as readonly Extract<LogicalType, { kind: 'DECIMAL' }>[]
  const result = resultType as Extract<LogicalType, { kind: 'DECIMAL' }>
  const scale = Math.max(a!.scale, b!.scale)
  const exact = additionType(a!, b!) as typeof result
  if (exact.scale !== scale || exact.precision === 38)
    return kernel(
      'value',
      () => (x: bigint, y: bigint) => {
        const right = rescale(y, b!.scale, scale)
        return toDecimal(rescale(x, a!.scale, scale) + (sign === '+' ? right : -right), scale, result)
      },
      { nullable: true },
    )
  return inline(
    (context, [x, y]) => {
      const scaled = (text: string, own: number): string =>
        own === scale ? text : `${text} * ${context.constant(pow10(scale - own))}`
      const sum = `${scaled(x![0]!, a!.scale)} ${sign} ${scaled(y![0]!, b!.scale)}`
      return result.precision <= 18 ? `BigInt.asIntN(64, ${sum})` : `(${sum})`
    },
    {
      total: a!.precision <= 18 && b!.precision <= 18,
      emitWords: (context, [x, y]) => {
        if (result.precision > 18 || x!.words === undefined || y!.words === undefined) return undefined
        const scaled = (words: Words, own: number): Words =>
          own === scale ? words : multiplyWords(context, words, constantWords(context, pow10(scale - own)))
        return combine(sign, scaled(x!.words, a!.scale), scaled(y!.words, b!.scale))
      },
    },
  )
}

const combine = (sign: Sign, a: Words, b: Words): Words =>
  sign === '+' ? addWords(a, b) : subtractWords(a, b)

function implement(sign: Sign, call: CallContext): Implementation {
  const [a, b] = call.argumentTypes
  if (a!.kind === 'DECIMAL') return implementDecimals(sign, call)
  if (isTemporal(a!)) return inline((context, [x, y]) => shiftText(context, a!, b!, x!, y![0]!, sign))
  if (isTemporal(b!)) return inline((context, [x, y]) => shiftText(context, b!, a!, y!, x![0]!, sign))
  return inline((_, [x, y]) => wrapText(a!, `${x![0]} ${sign} ${y![0]}`), {
    total: true,
    emitWords: (_, [x, y]) => (x!.words && y!.words ? combine(sign, x!.words, y!.words) : undefined),
  })
}

const naive =
  (sign: Sign): NaiveBody =>
  ([x, y], { argumentTypes: [a, b], resultType }) => {
    if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL') {
      const scale = Math.max(a!.scale, b!.scale)
      const left = (x as bigint) * pow10(scale - a!.scale)
      const right = (y as bigint) * pow10(scale - b!.scale)
      return toDecimal(sign === '+' ? left + right : left - right, scale, resultType)
    }
    if (isTemporal(a!)) return shiftPlain(a!, b!, x!, sign === '+' ? (y as number) : -(y as number))
    if (isTemporal(b!)) return shiftPlain(b!, a!, y!, x as number)
    if (a!.kind === 'DOUBLE' || a!.kind === 'FLOAT' || isInterval(a!))
      return roundToType(a!, (x as number) + (sign === '+' ? (y as number) : -(y as number)))
    const left = BigInt(x as number | bigint)
    const right = BigInt(y as number | bigint)
    return wrapInteger(a!, sign === '+' ? left + right : left - right)
  }

const spec = (sign: Sign, doc: string, examples: ScalarSpec['examples']): ScalarSpec => ({
  names: [sign],
  signatures: ['(T numeric, T) -> T', '(timestamp, interval) -> timestamp', '(T interval, T) -> T'],
  inferArguments: args => operandTypes(sign, args),
  inferReturn: args => withNullable(resultType(sign, args), true),
  nulls: 'propagate',
  // A DECIMAL(38) sum that does not fit is NULL.
  nullability: args => {
    if (args.some(arg => arg.type.nullable)) return true
    const type = resultType(sign, args)
    return type.kind === 'DECIMAL' && type.precision === 38
  },
  implement: call => implement(sign, call),
  naive: naive(sign),
  doc,
  examples,
})

export const plus = spec('+', 'Sum. Integers wrap on overflow; DECIMAL is exact, NULL beyond 38 digits.', [
  { sql: '1 + 2', result: '3' },
  { sql: '2147483647 + 1', result: 'CAST(-2147483648 AS INT)' },
  { sql: 'CAST(9223372036854775807 AS BIGINT) + 1', result: 'CAST(-9223372036854775808 AS BIGINT)' },
  { sql: '1.25 + 2', result: 'CAST(3.25 AS DECIMAL(13, 2))' },
  { sql: '1e0 + 0.5', result: '1.5e0' },
  {
    sql: 'CAST(99999999999999999999 AS DECIMAL(38, 2)) + CAST(1.5 AS DECIMAL(38, 2))',
    result: 'CAST(100000000000000000000.5 AS DECIMAL(38, 2))',
  },
  { sql: "TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1' MONTH", result: "TIMESTAMP '2024-02-29 10:00:00'" },
  {
    sql: "TIMESTAMP '2024-01-31 10:00:00.123456' + INTERVAL '1' DAY",
    result: "TIMESTAMP '2024-02-01 10:00:00.123456'",
  },
  { sql: "DATE '2024-02-28' + INTERVAL '2' DAY", result: "DATE '2024-03-01'" },
])
export const minus = spec('-', 'Difference.', [
  { sql: '1 - 2', result: '-1' },
  { sql: 'CAST(-32768 AS SMALLINT) - CAST(1 AS SMALLINT)', result: 'CAST(32767 AS SMALLINT)' },
  { sql: "TIME '00:30:00' - INTERVAL '1' HOUR", result: "TIME '23:30:00'" },
  {
    sql: "TIMESTAMP '2024-03-31 00:00:00.000000001' - INTERVAL '1' MONTH",
    result: "TIMESTAMP '2024-02-29 00:00:00.000000001'",
  },
  { sql: "INTERVAL '1' HOUR - INTERVAL '1' MINUTE", result: "INTERVAL '59' MINUTE" },
])
