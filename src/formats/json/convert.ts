/**
 * Exact conversion of one JSON value (already checked by `scan.ts`) to a value of a SQL type, with the rules of
 * Flink's JSON format. The decoder's generated code only calls this for values its fast paths do not know.
 */

import { validationError } from '../../errors/index.ts'
import {
  applyZoneSuffix,
  asciiText,
  cutMs,
  decodeUtf8,
  encodeUtf8,
  type LogicalType,
  NOT_A_DATE,
  parseDecimalText,
  parseDoubleText,
  parseInt64,
  plainOfInstant,
  scanDate,
  scannedTime,
  scanTimeOfDay,
  scanTimestamp,
  type TypeOfKind,
  truncateToInt64,
} from '../../types/index.ts'
import { parseBase64 } from '../base64.ts'
import { convertArray, convertMap, convertRow } from './convert-nested.ts'
import {
  type ConvertSettings,
  FieldProblem,
  type JsonConverter,
  conversionProblem as problem,
} from './field-problem.ts'
import { compactJson, stringText } from './strings.ts'

const isString = (bytes: Uint8Array, start: number) => bytes[start] === 34
const isNumber = (bytes: Uint8Array, start: number) =>
  bytes[start] === 45 || (bytes[start]! >= 48 && bytes[start]! <= 57)
const isContainer = (bytes: Uint8Array, start: number) => bytes[start] === 123 || bytes[start] === 91

/** Text without characters up to the blank at its ends, as Java's `String.trim`. */
function trimmed(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 32) from++
  while (to > from && text.charCodeAt(to - 1) <= 32) to--
  return text.slice(from, to)
}

/** Text of a scalar: a string's content, or the token itself. Refuses objects and arrays. */
function scalarText(bytes: Uint8Array, start: number, end: number, type: LogicalType): string {
  if (isString(bytes, start)) return stringText(bytes, start + 1, end - 1)
  if (isContainer(bytes, start)) throw problem(bytes, start, end, type)
  return asciiText(bytes, start, end)
}

const int64 = new BigInt64Array(1)
const int64Words = new Int32Array(int64.buffer)

/** Flink reads `1.9` and `1e3` as INT or BIGINT by dropping the fraction, but not as smaller types. */
function integerConverter(type: LogicalType, bits: 8 | 16 | 32 | 64): JsonConverter {
  const inRange = (value: bigint): bigint | undefined =>
    BigInt.asIntN(bits, value) === value ? value : undefined
  return (bytes, _view, start, end) => {
    let outcome = isNumber(bytes, start) ? parseInt64(bytes, start, end, int64Words, 0) : 1
    let value = outcome === 0 ? inRange(int64[0]!) : undefined
    if (outcome === 1) {
      const text = trimmed(scalarText(bytes, start, end, type))
      const digits = encodeUtf8(text)
      outcome = parseInt64(digits, 0, digits.length, int64Words, 0)
      if (outcome === 0) value = inRange(int64[0]!)
      else if (outcome === 1 && (bits < 32 || !isNumber(bytes, start))) throw problem(bytes, start, end, type)
      else if (outcome === 1) {
        const truncated = truncateToInt64(text)
        value = truncated === undefined ? undefined : inRange(truncated)
      }
    }
    if (value === undefined) throw problem(bytes, start, end, type, `it does not fit ${bits} bits`)
    return bits === 64 ? value : Number(value)
  }
}

const booleanConverter =
  (type: LogicalType): JsonConverter =>
  (bytes, _view, start, end) =>
    trimmed(scalarText(bytes, start, end, type)).toLowerCase() === 'true'

function doubleConverter(type: LogicalType): JsonConverter {
  return (bytes, _view, start, end) => {
    const value = parseDoubleText(trimmed(scalarText(bytes, start, end, type)))
    if (value === undefined) throw problem(bytes, start, end, type)
    return type.kind === 'FLOAT' ? Math.fround(value) : value
  }
}

function decimalConverter(type: TypeOfKind<'DECIMAL'>): JsonConverter {
  return (bytes, _view, start, end) => {
    const text = trimmed(scalarText(bytes, start, end, type))
    const value = parseDecimalText(text, type.precision, type.scale)
    if (value === 'malformed') throw problem(bytes, start, end, type)
    return value === 'overflow' ? null : value
  }
}

const stringConverter: JsonConverter = (bytes, _view, start, end) => {
  if (isString(bytes, start)) return stringText(bytes, start + 1, end - 1)
  return isContainer(bytes, start) ? compactJson(bytes, start, end) : asciiText(bytes, start, end)
}

function bytesConverter(type: LogicalType): JsonConverter {
  return (bytes, _view, start, end) => {
    if (!isString(bytes, start)) throw problem(bytes, start, end, type, 'expected a base64 string')
    const value = parseBase64(stringText(bytes, start + 1, end - 1))
    if (value === undefined) throw problem(bytes, start, end, type, 'it is not base64')
    return value
  }
}

/** The content of a string as bytes of their own, escapes resolved. */
function stringBytes(bytes: Uint8Array, start: number, end: number, type: LogicalType): Uint8Array {
  return encodeUtf8(scalarText(bytes, start, end, type))
}

function dateConverter(type: LogicalType): JsonConverter {
  return (bytes, _view, start, end) => {
    const text = stringBytes(bytes, start, end, type)
    const day = text.length === 10 ? scanDate(text, 0, 10) : NOT_A_DATE
    if (day === NOT_A_DATE) throw problem(bytes, start, end, type, 'expected yyyy-MM-dd')
    return day
  }
}

function timeConverter(type: TypeOfKind<'TIME'>): JsonConverter {
  return (bytes, _view, start, end) => {
    const text = stringBytes(bytes, start, end, type)
    if (scanTimeOfDay(text, 0, text.length, false) !== text.length) {
      throw problem(bytes, start, end, type, 'expected HH:mm:ss[.fraction]')
    }
    return cutMs(scannedTime[0]!, type.precision)
  }
}

/** The "no date" of MySQL, which java.time refuses. */
const zeroTimestamp = /^0000-00-00[ T]00:00:00(\.0+)?Z?$/

function timestampConverter(
  type: TypeOfKind<'TIMESTAMP'> | TypeOfKind<'TIMESTAMP_LTZ'>,
  { isoTimestamps: iso, zeroTimestampIsNull }: ConvertSettings,
): JsonConverter {
  const zoned = type.kind === 'TIMESTAMP_LTZ'
  const expected = `expected yyyy-MM-dd${iso ? "'T'" : ' '}HH:mm:ss[.fraction]${zoned ? "'Z'" : ''}`
  return (bytes, _view, start, end) => {
    const text = stringBytes(bytes, start, end, type)
    let at = scanTimestamp(text, 0, text.length, iso ? 84 : 32, iso)
    if (at >= 0 && zoned) at = applyZoneSuffix(text, at, text.length)
    if (at !== text.length) {
      if (zeroTimestampIsNull && zeroTimestamp.test(decodeUtf8(text, 0, text.length))) return null
      throw problem(bytes, start, end, type, expected)
    }
    return plainOfInstant(scannedTime[0]!, scannedTime[1]!, type.precision)
  }
}

function notNullConverter(type: LogicalType, settings: ConvertSettings): JsonConverter {
  switch (type.kind) {
    case 'BOOLEAN':
      return booleanConverter(type)
    case 'TINYINT':
      return integerConverter(type, 8)
    case 'SMALLINT':
      return integerConverter(type, 16)
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return integerConverter(type, 32)
    case 'BIGINT':
      return integerConverter(type, 64)
    case 'INTERVAL_DAY_TIME': {
      const convert = integerConverter(type, 64)
      return (bytes, view, start, end) => Number(convert(bytes, view, start, end))
    }
    case 'FLOAT':
    case 'DOUBLE':
      return doubleConverter(type)
    case 'DECIMAL':
      return decimalConverter(type)
    case 'CHAR':
    case 'VARCHAR':
      return stringConverter
    case 'BINARY':
    case 'VARBINARY':
      return bytesConverter(type)
    case 'DATE':
      return dateConverter(type)
    case 'TIME':
      return timeConverter(type)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampConverter(type, settings)
    case 'ARRAY':
      return convertArray(type, createConverter(type.element, settings))
    case 'MAP':
      return convertMap(type, createConverter(type.value, settings))
    case 'MULTISET':
      return convertMap(type, createConverter({ kind: 'INTEGER', nullable: false }, settings))
    case 'ROW':
      return convertRow(
        type,
        type.fields.map(field => createConverter(field.type, settings)),
        settings,
      )
    case 'NULL':
      return () => null
  }
}

/** Refuses at plan time what JSON cannot hold: keys of maps that are not strings. */
export function checkJsonType(type: LogicalType, field: string): void {
  if (type.kind === 'ARRAY') checkJsonType(type.element, field)
  if (type.kind === 'ROW')
    for (const inner of type.fields) checkJsonType(inner.type, `${field}.${inner.name}`)
  if (type.kind !== 'MAP' && type.kind !== 'MULTISET') return
  const key = type.kind === 'MAP' ? type.key : type.element
  if (key.kind !== 'CHAR' && key.kind !== 'VARCHAR') {
    throw validationError(
      'MR_FORMAT_TYPE',
      `the json format cannot hold field '${field}': keys of a ${type.kind} must be strings, not ${key.kind}`,
    )
  }
  if (type.kind === 'MAP') checkJsonType(type.value, field)
}

/** A converter that knows NULL; in nested positions an ignored error becomes NULL where the type allows it. */
export function createConverter(type: LogicalType, settings: ConvertSettings): JsonConverter {
  const convert = createStrictConverter(type, settings)
  if (!settings.ignoreParseErrors || !type.nullable) return convert
  return (bytes, view, start, end) => {
    try {
      return convert(bytes, view, start, end)
    } catch (thrown) {
      if (!(thrown instanceof FieldProblem)) throw thrown
      settings.onIgnoredError()
      return null
    }
  }
}

/** Like `createConverter`, but the value's own errors are thrown even when errors are ignored. */
export function createStrictConverter(type: LogicalType, settings: ConvertSettings): JsonConverter {
  const convert = notNullConverter(type, settings)
  return (bytes, view, start, end) => {
    const value = bytes[start] === 110 ? null : convert(bytes, view, start, end)
    if (value === null && !type.nullable) {
      throw bytes[start] === 110
        ? new FieldProblem('NULL, but the field is NOT NULL')
        : problem(bytes, start, end, type, 'it overflows to NULL, but the field is NOT NULL')
    }
    return value
  }
}
