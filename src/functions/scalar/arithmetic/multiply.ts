/** `*`: numbers, and an interval times a number. */
import {
  doubleType,
  isInterval,
  isNumeric,
  type LogicalType,
  multiplicationType,
  toDecimal,
  withNullable,
} from '../../../types/index.ts'
import {
  type CallContext,
  type Implementation,
  type InlineImplementation,
  inline,
  kernel,
  type ScalarSpec,
} from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { multiplyWords } from '../../word-arithmetic.ts'
import { numericOperands, numericResult, roundToType, wrapInteger, wrapText } from './numeric-operands.ts'

/** The number beside an interval is taken as a DOUBLE; the product is cut to whole months or milliseconds. */
function intervalOperands(args: readonly ArgumentInfo[]): readonly LogicalType[] | undefined {
  const [a, b] = args.map(arg => arg.type)
  if (a === undefined || b === undefined) return undefined
  if (isInterval(a) && isNumeric(b)) return [a, doubleType(b.nullable)]
  if (isNumeric(a) && isInterval(b)) return [doubleType(a.nullable), b]
  return undefined
}

const productType = (args: readonly ArgumentInfo[]): LogicalType =>
  numericResult(args, multiplicationType) ?? intervalOperands(args)!.find(isInterval)!

function implement({ argumentTypes, resultType }: CallContext): Implementation {
  const [a, b] = argumentTypes
  if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL') {
    const scale = a!.scale + b!.scale
    if (a!.precision + b!.precision > 38)
      return kernel('value', () => (x: bigint, y: bigint) => toDecimal(x * y, scale, resultType), {
        nullable: true,
      })
    const small = resultType.precision <= 18
    return inline(
      (_, [x, y]) => (small ? `BigInt.asIntN(64, ${x![0]} * ${y![0]})` : `(${x![0]} * ${y![0]})`),
      {
        total: a!.precision <= 18 && b!.precision <= 18,
        emitWords: small ? product : undefined,
      },
    )
  }
  if (isInterval(resultType)) return inline((_, [x, y]) => `Math.trunc(${x![0]} * ${y![0]})`, { total: true })
  const isSmallInteger =
    resultType.kind === 'INTEGER' || resultType.kind === 'SMALLINT' || resultType.kind === 'TINYINT'
  return inline(
    (_, [x, y]) =>
      wrapText(resultType, isSmallInteger ? `Math.imul(${x![0]}, ${y![0]})` : `${x![0]} * ${y![0]}`),
    { total: true, emitWords: resultType.kind === 'BIGINT' ? product : undefined },
  )
}

const product: InlineImplementation['emitWords'] = (context, [x, y]) =>
  x!.words && y!.words ? multiplyWords(context, x!.words, y!.words) : undefined

export const multiply: ScalarSpec = {
  names: ['*'],
  signatures: ['(T numeric, T) -> T', '(T interval, numeric) -> T', '(numeric, T interval) -> T'],
  inferArguments: args => (args.length === 2 ? (numericOperands(args) ?? intervalOperands(args)) : undefined),
  inferReturn: args => withNullable(productType(args), true),
  nulls: 'propagate',
  nullability: args => {
    const type = productType(args)
    return args.some(arg => arg.type.nullable) || (type.kind === 'DECIMAL' && type.precision === 38)
  },
  implement,
  naive: ([x, y], { argumentTypes: [a, b], resultType }) => {
    if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL')
      return toDecimal((x as bigint) * (y as bigint), a!.scale + b!.scale, resultType)
    if (isInterval(resultType)) return Math.trunc((x as number) * (y as number))
    if (resultType.kind === 'DOUBLE' || resultType.kind === 'FLOAT')
      return roundToType(resultType, (x as number) * (y as number))
    return wrapInteger(resultType, BigInt(x as number | bigint) * BigInt(y as number | bigint))
  },
  doc: 'Product. Integers wrap on overflow; DECIMAL(p1, s1) * DECIMAL(p2, s2) is DECIMAL(p1 + p2, s1 + s2).',
  examples: [
    { sql: '6 * 7', result: '42' },
    { sql: '2147483647 * 2', result: '-2' },
    { sql: 'CAST(3037000500 AS BIGINT) * 3037000500', result: 'CAST(-9223372036709301616 AS BIGINT)' },
    { sql: '1.5 * 2.25', result: 'CAST(3.375 AS DECIMAL(5, 3))' },
    {
      sql: 'CAST(1.5 AS DECIMAL(20, 2)) * CAST(2.5 AS DECIMAL(15, 1))',
      result: 'CAST(3.75 AS DECIMAL(35, 3))',
    },
    { sql: "INTERVAL '1' HOUR * 3", result: "INTERVAL '3' HOUR" },
  ],
}
