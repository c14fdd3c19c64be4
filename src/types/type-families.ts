/** Groups of SQL types that rules speak of. */
import type { LogicalType, TypeKind, TypeOfKind } from './logical-type.ts'

export type IntegralType = TypeOfKind<'TINYINT' | 'SMALLINT' | 'INTEGER' | 'BIGINT'>
export type TimestampLike = TypeOfKind<'TIMESTAMP' | 'TIMESTAMP_LTZ'>

const kinds = (...list: TypeKind[]): ReadonlySet<TypeKind> => new Set(list)
const integral = kinds('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT')
const approximate = kinds('FLOAT', 'DOUBLE')
const character = kinds('CHAR', 'VARCHAR')
const binary = kinds('BINARY', 'VARBINARY')
const temporal = kinds('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ')
const interval = kinds('INTERVAL_YEAR_MONTH', 'INTERVAL_DAY_TIME')
const collection = kinds('ARRAY', 'MAP', 'MULTISET', 'ROW')

export const isIntegral = (type: LogicalType): type is IntegralType => integral.has(type.kind)
export const isApproximate = (type: LogicalType): type is TypeOfKind<'FLOAT' | 'DOUBLE'> =>
  approximate.has(type.kind)
export const isDecimal = (type: LogicalType): type is TypeOfKind<'DECIMAL'> => type.kind === 'DECIMAL'
export const isExactNumeric = (type: LogicalType): boolean => isIntegral(type) || isDecimal(type)
export const isNumeric = (type: LogicalType): boolean => isExactNumeric(type) || isApproximate(type)
export const isCharacter = (type: LogicalType): type is TypeOfKind<'CHAR' | 'VARCHAR'> =>
  character.has(type.kind)
export const isBinary = (type: LogicalType): type is TypeOfKind<'BINARY' | 'VARBINARY'> =>
  binary.has(type.kind)
/** DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ. */
export const isTemporal = (type: LogicalType): boolean => temporal.has(type.kind)
export const isTimestamp = (type: LogicalType): type is TimestampLike =>
  type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
export const isInterval = (type: LogicalType): boolean => interval.has(type.kind)
export const isCollection = (type: LogicalType): boolean => collection.has(type.kind)
/** Types with an order: everything but collections. */
export const isComparable = (type: LogicalType): boolean => !isCollection(type)
