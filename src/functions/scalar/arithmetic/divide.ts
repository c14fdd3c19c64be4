/** `/`: integers divide to integers (towards zero), decimals exactly to at least 6 places, doubles as IEEE. */
import {
  divideDecimals,
  divisionType,
  doubleType,
  isInterval,
  isNumeric,
  type LogicalType,
  withNullable,
} from '../../../types/index.ts'
import {
  type CallContext,
  type Implementation,
  inline,
  kernel,
  type ScalarSpec,
} from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { divisionByZero } from '../../runtime-errors.ts'
import { numericOperands, numericResult, roundToType, wrapInteger, wrapText } from './numeric-operands.ts'

const intervalOperands = (args: readonly ArgumentInfo[]): readonly LogicalType[] | undefined =>
  isInterval(args[0]!.type) && isNumeric(args[1]!.type)
    ? [args[0]!.type, doubleType(args[1]!.type.nullable)]
    : undefined

const quotientType = (args: readonly ArgumentInfo[]): LogicalType =>
  numericResult(args, divisionType) ?? args[0]!.type

function implement({ argumentTypes, resultType }: CallContext): Implementation {
  const [a, b] = argumentTypes
  if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL')
    return kernel(
      'value',
      () => (x: bigint, y: bigint) =>
        y === 0n ? divisionByZero() : divideDecimals(x, a!.scale, y, b!.scale, resultType),
      { nullable: true },
    )
  if (isInterval(resultType))
    return inline(
      (context, [x, y]) =>
        `(${y![0]} === 0 ? ${context.constant(divisionByZero)}() : Math.trunc(${x![0]} / ${y![0]}))`,
    )
  if (resultType.kind === 'DOUBLE' || resultType.kind === 'FLOAT')
    return inline((_, [x, y]) => wrapText(resultType, `${x![0]} / ${y![0]}`), { total: true })
  const zero = resultType.kind === 'BIGINT' ? '0n' : '0'
  return inline(
    (context, [x, y]) =>
      `(${y![0]} === ${zero} ? ${context.constant(divisionByZero)}() : ${wrapText(resultType, `${x![0]} / ${y![0]}`)})`,
  )
}

export const divide: ScalarSpec = {
  names: ['/'],
  signatures: ['(T numeric, T) -> T', '(T interval, numeric) -> T'],
  inferArguments: args => (args.length === 2 ? (numericOperands(args) ?? intervalOperands(args)) : undefined),
  inferReturn: args => withNullable(quotientType(args), true),
  nulls: 'propagate',
  nullability: args => args.some(arg => arg.type.nullable) || quotientType(args).kind === 'DECIMAL',
  implement,
  naive: ([x, y], { argumentTypes: [a, b], resultType }) => {
    if (resultType.kind === 'DOUBLE' || resultType.kind === 'FLOAT')
      return roundToType(resultType, (x as number) / (y as number))
    if (BigInt(Math.trunc(Number(y))) === 0n && Number(y) === 0) return divisionByZero()
    if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL')
      return divideDecimals(x as bigint, a!.scale, y as bigint, b!.scale, resultType)
    if (isInterval(resultType)) return Math.trunc((x as number) / (y as number))
    return wrapInteger(resultType, BigInt(x as number | bigint) / BigInt(y as number | bigint))
  },
  doc: 'Quotient. Division of integers and decimals by zero is an error; of doubles it is Infinity or NaN.',
  examples: [
    { sql: '7 / 2', result: '3' },
    { sql: '-7 / 2', result: '-3' },
    { sql: 'CAST(7 AS BIGINT) / CAST(2 AS BIGINT)', result: 'CAST(3 AS BIGINT)' },
    { sql: '7.0 / 2', result: 'CAST(3.5 AS DECIMAL(13, 12))' },
    { sql: '1e0 / 4', result: '0.25e0' },
    { sql: "INTERVAL '1' HOUR / 2", result: "INTERVAL '30' MINUTE" },
  ],
}
