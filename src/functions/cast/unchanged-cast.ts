import {
  isBinary,
  isCharacter,
  type LogicalType,
  MAX_LENGTH,
  sameType,
  storageOf,
} from '../../types/index.ts'

/** Casts that leave the value in memory as it is: nullability, longer texts, more digits of a second. */
export function isUnchanged(from: LogicalType, to: LogicalType): boolean {
  if (sameType(from, to)) return true
  if (isCharacter(from) && to.kind === 'VARCHAR') return to.length === MAX_LENGTH || from.length <= to.length
  if (isBinary(from) && to.kind === 'VARBINARY') return to.length === MAX_LENGTH || from.length <= to.length
  if (from.kind === 'TIMESTAMP' && to.kind === 'TIMESTAMP')
    return to.precision >= from.precision && storageOf(from) === storageOf(to)
  if (from.kind === 'TIMESTAMP_LTZ' && to.kind === 'TIMESTAMP_LTZ')
    return to.precision >= from.precision && storageOf(from) === storageOf(to)
  return false
}
