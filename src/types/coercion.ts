/**
 * Which types turn into which: common type of several, implicit casts (function arguments, INSERT) and explicit
 * casts. Source: Flink's LogicalTypeMerging and LogicalTypeCasts. Strings never turn into numbers unasked.
 */
import { commonDecimal, decimalDigits } from './decimal.ts'
import type { LogicalType, RowField, TypeKind } from './logical-type.ts'
import * as t from './logical-type.ts'
import {
  isApproximate,
  isBinary,
  isCharacter,
  isDecimal,
  isExactNumeric,
  isIntegral,
  isInterval,
  isNumeric,
  isTemporal,
  isTimestamp,
} from './type-families.ts'

const integralOrder: readonly TypeKind[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']

function commonNumeric(a: LogicalType, b: LogicalType): LogicalType {
  if (isIntegral(a) && isIntegral(b))
    return integralOrder.indexOf(a.kind) >= integralOrder.indexOf(b.kind) ? a : b
  if (isExactNumeric(a) && isExactNumeric(b)) return commonDecimal(decimalDigits(a)!, decimalDigits(b)!)
  if (isApproximate(a) && isApproximate(b)) return a.kind === 'DOUBLE' ? a : b
  if (isDecimal(a) || isDecimal(b)) return t.doubleType()
  return isApproximate(a) ? a : b
}

function commonText(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (isCharacter(a) && isCharacter(b)) {
    const length = Math.max(a.length, b.length)
    return a.kind === 'CHAR' && b.kind === 'CHAR' && a.length === b.length
      ? t.charType(length)
      : t.varcharType(length)
  }
  if (isBinary(a) && isBinary(b)) {
    const length = Math.max(a.length, b.length)
    return a.kind === 'BINARY' && b.kind === 'BINARY' && a.length === b.length
      ? t.binaryType(length)
      : t.varbinaryType(length)
  }
  return undefined
}

function commonTimes(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (a.kind === 'TIME' && b.kind === 'TIME') return t.timeType(Math.max(a.precision, b.precision))
  if (isTimestamp(a) && isTimestamp(b)) {
    const precision = Math.max(a.precision, b.precision)
    const local = a.kind === 'TIMESTAMP_LTZ' || b.kind === 'TIMESTAMP_LTZ'
    return local ? t.timestampLtzType(precision) : t.timestampType(precision)
  }
  if (a.kind === 'DATE' && isTimestamp(b)) return b
  if (b.kind === 'DATE' && isTimestamp(a)) return a
  return undefined
}

function commonCollection(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (a.kind === 'ARRAY' && b.kind === 'ARRAY') {
    const element = commonType([a.element, b.element])
    return element && t.arrayType(element)
  }
  if (a.kind === 'MULTISET' && b.kind === 'MULTISET') {
    const element = commonType([a.element, b.element])
    return element && t.multisetType(element)
  }
  if (a.kind === 'MAP' && b.kind === 'MAP') {
    const key = commonType([a.key, b.key])
    const value = commonType([a.value, b.value])
    return key && value && t.mapType(key, value)
  }
  if (a.kind === 'ROW' && b.kind === 'ROW' && a.fields.length === b.fields.length) {
    const fields: RowField[] = []
    for (let i = 0; i < a.fields.length; i++) {
      const type = commonType([a.fields[i]!.type, b.fields[i]!.type])
      if (type === undefined) return undefined
      fields.push({ name: a.fields[i]!.name, type })
    }
    return t.rowType(fields)
  }
  return undefined
}

function commonOfTwo(a: LogicalType, b: LogicalType): LogicalType | undefined {
  const nullable = a.nullable || b.nullable
  const found =
    a.kind === 'NULL'
      ? b
      : b.kind === 'NULL' || sameType(a, b)
        ? a
        : isNumeric(a) && isNumeric(b)
          ? commonNumeric(a, b)
          : (commonText(a, b) ?? commonTimes(a, b) ?? commonCollection(a, b))
  return found && t.withNullable(found, nullable)
}

/** The type all of them turn into without loss (CASE, COALESCE, UNION, IN); undefined when there is none. */
export function commonType(types: readonly LogicalType[]): LogicalType | undefined {
  let common: LogicalType | undefined = types[0]
  for (let i = 1; i < types.length && common !== undefined; i++) common = commonOfTwo(common, types[i]!)
  return common
}

/** Equal but for the nullability of the type itself (not of its parts). */
export function sameType(a: LogicalType, b: LogicalType): boolean {
  if (a.kind !== b.kind) return false
  return JSON.stringify(t.withNullable(a, true)) === JSON.stringify(t.withNullable(b, true))
}

const numericRank: Partial<Record<TypeKind, number>> = {
  TINYINT: 1,
  SMALLINT: 2,
  INTEGER: 3,
  BIGINT: 4,
  FLOAT: 6,
  DOUBLE: 7,
}

/** Whether a value may take the type unasked: function arguments, INSERT. Nullability is not looked at. */
export function canCastImplicitly(from: LogicalType, to: LogicalType): boolean {
  if (from.kind === 'NULL' || sameType(from, to)) return true
  if (isNumeric(from) && isNumeric(to)) {
    if (to.kind === 'DECIMAL') return isExactNumeric(from)
    if (from.kind === 'DECIMAL') return isApproximate(to)
    return numericRank[from.kind]! <= numericRank[to.kind]!
  }
  if (isCharacter(from) && isCharacter(to)) return true
  if (isBinary(from) && isBinary(to)) return true
  if (isTimestamp(from))
    return isTimestamp(to) || (from.kind === 'TIMESTAMP' && (to.kind === 'DATE' || to.kind === 'TIME'))
  if (from.kind === 'DATE') return to.kind === 'TIMESTAMP'
  if (from.kind === 'TIME') return to.kind === 'TIME'
  return eachPart(from, to, canCastImplicitly)
}

/** Whether CAST(from AS to) exists at all; values may still fail at run time. */
export function canCast(from: LogicalType, to: LogicalType): boolean {
  if (canCastImplicitly(from, to)) return true
  if (to.kind === 'NULL') return false
  if (isCharacter(to)) return true
  if (isCharacter(from))
    return !isInterval(to) && (isNumeric(to) || to.kind === 'BOOLEAN' || isTemporal(to) || isBinary(to))
  if (isNumeric(from) || from.kind === 'BOOLEAN') {
    if (isNumeric(to) || to.kind === 'BOOLEAN') return !(from.kind === 'BOOLEAN' && to.kind === 'BOOLEAN')
    return isIntegral(from) && isInterval(to)
  }
  if (isInterval(from)) return isIntegral(to) && (from.kind === 'INTERVAL_YEAR_MONTH' || to.kind === 'BIGINT')
  if (isTemporal(from) && isTemporal(to)) {
    if (from.kind === 'DATE') return isTimestamp(to)
    return from.kind !== 'TIME' || isTimestamp(to)
  }
  return eachPart(from, to, canCast)
}

function eachPart(
  from: LogicalType,
  to: LogicalType,
  allowed: (from: LogicalType, to: LogicalType) => boolean,
): boolean {
  if (from.kind === 'ARRAY' && to.kind === 'ARRAY') return allowed(from.element, to.element)
  if (from.kind === 'MULTISET' && to.kind === 'MULTISET') return allowed(from.element, to.element)
  if (from.kind === 'MAP' && to.kind === 'MAP')
    return allowed(from.key, to.key) && allowed(from.value, to.value)
  if (from.kind === 'ROW' && to.kind === 'ROW')
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((field, i) => allowed(field.type, to.fields[i]!.type))
    )
  return false
}
