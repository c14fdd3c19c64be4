/** `%` and MOD: the rest has the sign of the dividend. Of two integers the result has the second one's type. */
import {
  isIntegral,
  type LogicalType,
  moduloType,
  pow10,
  toDecimal,
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

function restType(args: readonly ArgumentInfo[]): LogicalType {
  const [a, b] = args
  if (isIntegral(a!.type) && isIntegral(b!.type)) return b!.type
  return numericResult(args, moduloType)!
}

function implement({ argumentTypes, resultType }: CallContext): Implementation {
  const [a, b] = argumentTypes
  if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL') {
    const scale = Math.max(a!.scale, b!.scale)
    const left = pow10(scale - a!.scale)
    const right = pow10(scale - b!.scale)
    return kernel(
      'value',
      () => (x: bigint, y: bigint) =>
        y === 0n ? divisionByZero() : toDecimal((x * left) % (y * right), scale, resultType),
      { nullable: true },
    )
  }
  if (resultType.kind === 'DOUBLE' || resultType.kind === 'FLOAT')
    return inline((_, [x, y]) => wrapText(resultType, `${x![0]} % ${y![0]}`), { total: true })
  const wide = a!.kind === 'BIGINT'
  return inline((context, [x, y]) => {
    const rest = `${x![0]} % ${y![0]}`
    const cut = wide && resultType.kind !== 'BIGINT' ? `Number(${rest})` : wrapText(resultType, rest)
    if (x!.words !== undefined && y!.words !== undefined && cut.startsWith('Number')) {
      const [xLo, xHi] = x!.words
      const [yLo, yHi] = y!.words
      const small = `${xHi} === ${xLo} >> 31 && ${yHi} === ${yLo} >> 31 && ${yLo} !== 0`
      return `(${small} ? (${xLo} % ${yLo}) | 0 : ${y![0]} === 0n ? ${context.constant(divisionByZero)}() : ${wrapText(resultType, cut)})`
    }
    return `(${y![0]} === ${wide ? '0n' : '0'} ? ${context.constant(divisionByZero)}() : ${cut})`
  })
}

export const modulo: ScalarSpec = {
  names: ['MOD', '%'],
  signatures: ['(T numeric, T) -> T'],
  inferArguments: args => (args.length === 2 ? numericOperands(args) : undefined),
  inferReturn: args => withNullable(restType(args), true),
  nulls: 'propagate',
  nullability: args => args.some(arg => arg.type.nullable) || restType(args).kind === 'DECIMAL',
  implement,
  naive: ([x, y], { argumentTypes: [a, b], resultType }) => {
    if (resultType.kind === 'DOUBLE' || resultType.kind === 'FLOAT')
      return roundToType(resultType, (x as number) % (y as number))
    if (Number(y) === 0) return divisionByZero()
    if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL' && resultType.kind === 'DECIMAL') {
      const scale = Math.max(a!.scale, b!.scale)
      const rest = ((x as bigint) * pow10(scale - a!.scale)) % ((y as bigint) * pow10(scale - b!.scale))
      return toDecimal(rest, scale, resultType)
    }
    return wrapInteger(resultType, BigInt(x as number | bigint) % BigInt(y as number | bigint))
  },
  doc: 'Rest of the division, with the sign of the dividend.',
  examples: [
    { sql: '7 % 3', result: '1' },
    { sql: 'MOD(-7, 3)', result: '-1' },
    { sql: 'MOD(CAST(10000000000 AS BIGINT), 7)', result: '4' },
    { sql: 'MOD(7.5, 2)', result: 'CAST(1.5 AS DECIMAL(2, 1))' },
  ],
}
