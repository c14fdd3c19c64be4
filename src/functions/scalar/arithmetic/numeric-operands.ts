/**
 * What + - * / % do to numbers: the types both sides are cast to, the result type, and texts per representation.
 * Integers wrap like Java's; two exact numbers with a DECIMAL among them compute exactly.
 */
import {
  commonType,
  decimalDigits,
  decimalType,
  isApproximate,
  isDecimal,
  isNumeric,
  type LogicalType,
  withNullable,
} from '../../../types/index.ts'
import type { ArgumentText } from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'

export type Digits = { readonly precision: number; readonly scale: number }

/** NULL literals take the other side's type. */
function known(args: readonly ArgumentInfo[]): LogicalType[] | undefined {
  const types = args.map(arg => arg.type)
  const other = types.find(type => type.kind !== 'NULL')
  if (other === undefined || !isNumeric(other)) return undefined
  const filled = types.map(type => (type.kind === 'NULL' ? withNullable(other, true) : type))
  return filled.every(isNumeric) ? filled : undefined
}

/** Integers and doubles meet at their common type; decimals keep their own digits. */
export function numericOperands(args: readonly ArgumentInfo[]): readonly LogicalType[] | undefined {
  const types = known(args)
  if (types === undefined) return undefined
  if (types.some(isDecimal) && !types.some(isApproximate))
    return types.map(type => {
      const { precision, scale } = decimalDigits(type)!
      return decimalType(precision, scale, type.nullable)
    })
  const common = commonType(types)
  return common && types.map(type => withNullable(common, type.nullable))
}

/** The result type where decimals need a rule of their own; otherwise the operands' common type. */
export function numericResult(
  args: readonly ArgumentInfo[],
  decimalRule: (a: Digits, b: Digits) => LogicalType,
): LogicalType | undefined {
  const operands = numericOperands(args)
  if (operands === undefined) return undefined
  const [a, b] = operands
  if (a!.kind === 'DECIMAL' && b!.kind === 'DECIMAL') return decimalRule(a, b)
  return a
}

/** Cuts an int32 or double text to the width of the type. */
export function wrapText(type: LogicalType, text: string): string {
  switch (type.kind) {
    case 'TINYINT':
      return `((${text}) << 24 >> 24)`
    case 'SMALLINT':
      return `((${text}) << 16 >> 16)`
    case 'INTEGER':
      return `((${text}) | 0)`
    case 'BIGINT':
      return `BigInt.asIntN(64, ${text})`
    case 'FLOAT':
      return `Math.fround(${text})`
    default:
      return `(${text})`
  }
}

/** A BIGINT argument as the nearest double. */
export const longAsNumber = ({ 0: value, words }: ArgumentText): string =>
  words === undefined ? `Number(${value})` : `(${words[1]} * 4294967296 + (${words[0]} >>> 0))`

const bits: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64 }

/** An exact integer as a plain value of the integral type, wrapped. For naive bodies. */
export function wrapInteger(type: LogicalType, value: bigint): number | bigint {
  const wrapped = BigInt.asIntN(bits[type.kind]!, value)
  return type.kind === 'BIGINT' ? wrapped : Number(wrapped)
}

export const roundToType = (type: LogicalType, value: number): number =>
  type.kind === 'FLOAT' ? Math.fround(value) : value
