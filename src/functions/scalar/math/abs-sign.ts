/** ABS and SIGN keep the type of their argument. */
import { decimalType, type LogicalType, pow10 } from '../../../types/index.ts'
import { inline, type ScalarSpec } from '../../function-spec.ts'
import { roundToType, wrapInteger, wrapText } from '../arithmetic/numeric-operands.ts'

const isWide = (type: LogicalType): boolean => type.kind === 'BIGINT' || type.kind === 'DECIMAL'
const isDouble = (type: LogicalType): boolean => type.kind === 'FLOAT' || type.kind === 'DOUBLE'

export const abs: ScalarSpec = {
  names: ['ABS'],
  signatures: ['(T numeric) -> T', '(T interval) -> T'],
  nulls: 'propagate',
  implement: ({ argumentTypes: [type] }) =>
    inline((_, [a]) =>
      isWide(type!)
        ? wrapText(type!, `${a![0]} < 0n ? -${a![0]} : ${a![0]}`)
        : wrapText(type!, `Math.abs(${a![0]})`),
    ),
  naive: ([a], { argumentTypes: [type] }) => {
    if (typeof a === 'bigint')
      return type!.kind === 'BIGINT' ? wrapInteger(type!, a < 0n ? -a : a) : a < 0n ? -a : a
    if (isDouble(type!) || type!.kind.startsWith('INTERVAL')) return Math.abs(a as number)
    return wrapInteger(type!, BigInt(Math.abs(a as number)))
  },
  doc: 'The value without its sign. The smallest integer of a type stays as it is, as in Java.',
  examples: [
    { sql: 'ABS(-5)', result: '5' },
    { sql: 'ABS(CAST(-2147483648 AS INT))', result: 'CAST(-2147483648 AS INT)' },
    { sql: 'ABS(-1.50)', result: '1.50' },
    { sql: 'ABS(CAST(-9000000000 AS BIGINT))', result: '9000000000' },
  ],
}

export const sign: ScalarSpec = {
  names: ['SIGN'],
  signatures: ['(T numeric) -> T'],
  inferReturn: ([arg]) =>
    arg!.type.kind === 'DECIMAL' ? decimalType(arg!.type.precision, arg!.type.scale) : arg!.type,
  nulls: 'propagate',
  implement: ({ argumentTypes: [type] }) =>
    inline((context, [a]) => {
      if (!isWide(type!)) return `Math.sign(${a![0]})`
      const one = type!.kind === 'DECIMAL' ? context.constant(pow10(type!.scale)) : '1n'
      return `(${a![0]} > 0n ? ${one} : ${a![0]} < 0n ? -${one} : 0n)`
    }),
  naive: ([a], { argumentTypes: [type] }) => {
    if (typeof a !== 'bigint') return roundToType(type!, Math.sign(a as number))
    const one = type!.kind === 'DECIMAL' ? pow10(type!.scale) : 1n
    return a === 0n ? 0n : a < 0n ? -one : one
  },
  doc: '1, 0 or -1, of the same type.',
  examples: [
    { sql: 'SIGN(-7)', result: '-1' },
    { sql: 'SIGN(2.50)', result: '1.00' },
  ],
}
