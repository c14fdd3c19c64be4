/** CAST on plain values: the whole matrix, in the order of the target type. Throws MR_EXPR_CAST. */
import { assertNever, internalError } from '../../errors/index.ts'
import {
  cutMs,
  decimalToNumber,
  encodeUtf8,
  floorDiv,
  instantOf,
  isCharacter,
  isIntegral,
  isTimestamp,
  type LogicalType,
  MS_PER_DAY,
  type PlainValue,
  parseDate,
  parseDecimal,
  parseDouble,
  parseTime,
  parseTimestamp,
  plainOfInstant,
  pow10,
  timeZoneOf,
  toDecimal,
  typeToString,
  withNullable,
} from '../../types/index.ts'
import type { FunctionEnvironment } from '../function-spec.ts'
import { castFailure } from '../runtime-errors.ts'
import {
  doubleToInt,
  doubleToLong,
  parseBooleanText,
  parseDoubleText,
  parseIntegerText,
} from './number-text.ts'
import { plainToText } from './plain-text.ts'
import { fitBytes, fitText } from './text-length.ts'
import { isUnchanged } from './unchanged-cast.ts'

type Integral = Extract<LogicalType, { kind: 'TINYINT' | 'SMALLINT' | 'INTEGER' | 'BIGINT' }>
export const integralBits = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64 } as const

export const failCast = (value: PlainValue, from: LogicalType, to: LogicalType, expected?: string): never => {
  const text = typeof value === 'string' ? value : plainToText(value, from, timeZoneOf('UTC'))
  throw castFailure(text, typeToString(withNullable(to, true)), expected)
}

/** `value` is not NULL. NULL comes out where a DECIMAL does not fit, as in Flink. */
export function castPlain(
  value: PlainValue,
  from: LogicalType,
  to: LogicalType,
  environment: FunctionEnvironment,
): PlainValue {
  if (isUnchanged(from, to)) return value
  switch (to.kind) {
    case 'BOOLEAN':
      if (typeof value === 'string')
        return parseBooleanText(value) ?? failCast(value, from, to, 'TRUE or FALSE')
      return typeof value === 'bigint' ? value !== 0n : value !== 0 && value !== false
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return castToInteger(value, from, to)
    case 'FLOAT':
    case 'DOUBLE': {
      const number = castToNumber(value, from, to)
      return to.kind === 'FLOAT' ? Math.fround(number) : number
    }
    case 'DECIMAL':
      return castToDecimal(value, from, to)
    case 'CHAR':
    case 'VARCHAR':
      return fitText(plainToText(value, from, timeZoneOf(environment.timeZone)), to)
    case 'BINARY':
    case 'VARBINARY':
      return fitBytes(typeof value === 'string' ? encodeUtf8(value) : (value as Uint8Array), to)
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return castToTemporal(value, from, to, environment)
    case 'INTERVAL_YEAR_MONTH':
      return Number(BigInt.asIntN(32, BigInt(value as number | bigint)))
    case 'INTERVAL_DAY_TIME':
      return Number(value)
    case 'ARRAY':
    case 'MULTISET':
    case 'MAP':
    case 'ROW':
      return castCollection(value, from, to, environment)
    case 'NULL':
      throw internalError('nothing is cast to NULL')
    default:
      return assertNever(to, 'type')
  }
}

function castToInteger(value: PlainValue, from: LogicalType, to: Integral): PlainValue {
  const bits = integralBits[to.kind]
  const exact = (whole: bigint): PlainValue => {
    const wrapped = BigInt.asIntN(bits, whole)
    return bits === 64 ? wrapped : Number(wrapped)
  }
  if (typeof value === 'string') return exact(parseIntegerText(value, bits) ?? failCast(value, from, to))
  if (typeof value === 'boolean') return exact(value ? 1n : 0n)
  if (typeof value === 'bigint') return exact(from.kind === 'DECIMAL' ? value / pow10(from.scale) : value)
  if (from.kind === 'FLOAT' || from.kind === 'DOUBLE')
    return bits === 64 ? doubleToLong(value as number) : exact(BigInt(doubleToInt(value as number)))
  return exact(BigInt(value as number))
}

function castToNumber(value: PlainValue, from: LogicalType, to: LogicalType): number {
  if (typeof value === 'string') return parseDoubleText(value) ?? failCast(value, from, to)
  if (from.kind === 'DECIMAL') return decimalToNumber(value as bigint, from.scale)
  return Number(value)
}

function castToDecimal(
  value: PlainValue,
  from: LogicalType,
  to: Extract<LogicalType, { kind: 'DECIMAL' }>,
): PlainValue {
  if (typeof value === 'string') {
    const parsed = parseDecimal(value) ?? failCast(value, from, to)
    return toDecimal(parsed.unscaled, parsed.scale, to)
  }
  if (from.kind === 'DECIMAL') return toDecimal(value as bigint, from.scale, to)
  if (from.kind === 'FLOAT' || from.kind === 'DOUBLE') {
    const parsed = parseDouble(value as number) ?? failCast(value, from, to)
    return toDecimal(parsed.unscaled, parsed.scale, to)
  }
  return toDecimal(BigInt(value as number | bigint | boolean), 0, to)
}

type Temporal = Extract<LogicalType, { kind: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ' }>
export const TIMESTAMP_FORM = "'yyyy-MM-dd HH:mm:ss[.fffffffff]'"

function castToTemporal(
  value: PlainValue,
  from: LogicalType,
  to: Temporal,
  environment: FunctionEnvironment,
): PlainValue {
  if (typeof value === 'string') return parseTemporal(value, from, to, environment)
  const zone = timeZoneOf(environment.timeZone)
  // Local time, as ms and nanoseconds; of an LTZ in the session's zone.
  const [ms, nanos] = isTimestamp(from)
    ? instantOf(value)
    : ([from.kind === 'DATE' ? (value as number) * MS_PER_DAY : (value as number), 0] as const)
  if (to.kind === 'TIMESTAMP_LTZ')
    return plainOfInstant(from.kind === 'TIMESTAMP_LTZ' ? ms : zone.toUtc(ms), nanos, to.precision)
  const local = from.kind === 'TIMESTAMP_LTZ' ? zone.toLocal(ms) : ms
  if (to.kind === 'TIMESTAMP') return plainOfInstant(local, nanos, to.precision)
  const day = floorDiv(local, MS_PER_DAY)
  return to.kind === 'DATE' ? day : cutMs(local - day * MS_PER_DAY, to.precision)
}

function parseTemporal(
  text: string,
  from: LogicalType,
  to: Temporal,
  environment: FunctionEnvironment,
): PlainValue {
  if (to.kind === 'DATE') return parseDate(text) ?? failCast(text, from, to, "'yyyy-MM-dd'")
  if (to.kind === 'TIME') {
    const [ms] = parseTime(text) ?? failCast(text, from, to, "'HH:mm:ss'")
    return cutMs(ms, to.precision)
  }
  const [ms, nanos] = parseTimestamp(text) ?? failCast(text, from, to, TIMESTAMP_FORM)
  const instant = to.kind === 'TIMESTAMP' ? ms : timeZoneOf(environment.timeZone).toUtc(ms)
  return plainOfInstant(instant, nanos, to.precision)
}

function castCollection(
  value: PlainValue,
  from: LogicalType,
  to: LogicalType,
  environment: FunctionEnvironment,
): PlainValue {
  const part = (item: PlainValue, fromPart: LogicalType, toPart: LogicalType): PlainValue =>
    item === null ? null : castPlain(item, fromPart, toPart, environment)
  if (from.kind === 'ARRAY' && to.kind === 'ARRAY')
    return (value as readonly PlainValue[]).map(item => part(item, from.element, to.element))
  if (from.kind === 'ROW' && to.kind === 'ROW')
    return (value as readonly PlainValue[]).map((item, i) =>
      part(item, from.fields[i]!.type, to.fields[i]!.type),
    )
  const entries = [...(value as ReadonlyMap<PlainValue, PlainValue>)]
  if (from.kind === 'MAP' && to.kind === 'MAP')
    return new Map(
      entries.map(([key, item]) => [part(key, from.key, to.key), part(item, from.value, to.value)]),
    )
  if (from.kind === 'MULTISET' && to.kind === 'MULTISET')
    return new Map(entries.map(([item, count]) => [part(item, from.element, to.element), count]))
  throw internalError(`no cast from ${typeToString(from)} to ${typeToString(to)}`)
}

export const isIntegralKind = (type: LogicalType): type is Integral => isIntegral(type)
export const isTextKind = (type: LogicalType): boolean => isCharacter(type)
