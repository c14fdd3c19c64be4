/** Types both sides of a comparison are cast to. A string beside a date or time is read as one (Flink does so too). */
import {
  commonType,
  isCharacter,
  isComparable,
  isTemporal,
  type LogicalType,
  withNullable,
} from '../../../types/index.ts'
import type { ArgumentInfo } from '../../resolution.ts'

function operandType(types: readonly LogicalType[]): LogicalType | undefined {
  const temporal = types.filter(isTemporal)
  if (temporal.length > 0 && types.some(isCharacter))
    return commonType(types.filter(type => !isCharacter(type)))
  return commonType(types)
}

/** Every argument's type after the implicit casts, or undefined when they cannot be compared. */
export function comparedTypes(args: readonly ArgumentInfo[]): readonly LogicalType[] | undefined {
  const common = operandType(args.map(arg => arg.type))
  return common && args.map(arg => withNullable(common, arg.type.nullable))
}

export function orderedTypes(args: readonly ArgumentInfo[]): readonly LogicalType[] | undefined {
  const types = comparedTypes(args)
  return types?.every(isComparable) ? types : undefined
}
