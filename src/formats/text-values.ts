/**
 * SQL values from plain text (fields of CSV), straight from bytes where that is cheap. Rules are those of Flink's CSV
 * format: everything but strings is trimmed, numbers are exact, timestamps have the SQL form.
 */
import {
  applyZoneSuffix,
  asciiText,
  type Column,
  cutMs,
  decodeUtf8,
  type LogicalType,
  NOT_A_DATE,
  type PlainValue,
  parseDecimalText,
  parseDoubleText,
  parseInt64,
  plainOfInstant,
  scanDate,
  scannedTime,
  scanTimeOfDay,
  scanTimestamp,
  writePlain,
} from '../types/index.ts'
import { parseBase64 } from './base64.ts'
import { skipUtf8 } from './json/scan.ts'

/** The value of the text, or undefined when it is none of the type. */
export type TextParser = (bytes: Uint8Array, start: number, end: number) => PlainValue | undefined

const int64 = new BigInt64Array(1)
const int64Words = new Int32Array(int64.buffer)

function integerParser(bits: number): TextParser {
  return (bytes, start, end) => {
    if (parseInt64(bytes, start, end, int64Words, 0) !== 0) return undefined
    const value = int64[0]!
    if (bits === 64) return value
    return BigInt.asIntN(bits, value) === value ? Number(value) : undefined
  }
}

export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let p = start
  while (p < end) {
    p = bytes[p]! < 128 ? p + 1 : skipUtf8(bytes, p, end)
    if (p < 0) return false
  }
  return true
}

function timestampParser(precision: number, zoned: boolean): TextParser {
  return (bytes, start, end) => {
    let at = scanTimestamp(bytes, start, end, bytes[start + 10] === 84 ? 84 : 32, false)
    if (at >= 0 && zoned) at = applyZoneSuffix(bytes, at, end)
    return at === end ? plainOfInstant(scannedTime[0]!, scannedTime[1]!, precision) : undefined
  }
}

/** For trimmed text. undefined for types that one text cannot hold. */
function scalarParser(type: LogicalType): TextParser | undefined {
  switch (type.kind) {
    case 'BOOLEAN':
      return (bytes, start, end) => asciiText(bytes, start, end).toLowerCase() === 'true'
    case 'TINYINT':
      return integerParser(8)
    case 'SMALLINT':
      return integerParser(16)
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return integerParser(32)
    case 'BIGINT':
      return integerParser(64)
    case 'INTERVAL_DAY_TIME': {
      const parse = integerParser(64)
      return (bytes, start, end) => {
        const value = parse(bytes, start, end)
        return value === undefined ? undefined : Number(value)
      }
    }
    case 'FLOAT':
    case 'DOUBLE':
      return (bytes, start, end) => {
        const value = parseDoubleText(asciiText(bytes, start, end))
        return value !== undefined && type.kind === 'FLOAT' ? Math.fround(value) : value
      }
    case 'DECIMAL':
      return (bytes, start, end) => {
        const value = parseDecimalText(asciiText(bytes, start, end), type.precision, type.scale)
        if (value === 'overflow') return null
        return value === 'malformed' ? undefined : value
      }
    case 'BINARY':
    case 'VARBINARY':
      return (bytes, start, end) => parseBase64(asciiText(bytes, start, end))
    case 'DATE':
      return (bytes, start, end) => {
        const day = end - start === 10 ? scanDate(bytes, start, end) : NOT_A_DATE
        return day === NOT_A_DATE ? undefined : day
      }
    case 'TIME':
      return (bytes, start, end) =>
        scanTimeOfDay(bytes, start, end, true) === end ? cutMs(scannedTime[0]!, type.precision) : undefined
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampParser(type.precision, type.kind === 'TIMESTAMP_LTZ')
    case 'NULL':
      return () => null
    default:
      return undefined
  }
}

const textParser: TextParser = (bytes, start, end) =>
  isUtf8(bytes, start, end) ? decodeUtf8(bytes, start, end) : undefined

/** The parser of a scalar type; undefined for ARRAY, MAP, MULTISET and ROW. */
export function createTextParser(type: LogicalType): TextParser | undefined {
  if (type.kind === 'CHAR' || type.kind === 'VARCHAR') return textParser
  const parse = scalarParser(type)
  if (parse === undefined) return undefined
  return (bytes, start, end) => {
    let from = start
    let to = end
    while (from < to && bytes[from]! <= 32) from++
    while (to > from && bytes[to - 1]! <= 32) to--
    return parse(bytes, from, to)
  }
}

/** Stores the text as row `row`; false, with nothing written, when it is no value of the type. */
export type TextWriter = (
  column: Column,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
) => boolean

/** Like `createTextParser`, into a column; strings and 64-bit integers make no object. */
export function createTextWriter(type: LogicalType): TextWriter | undefined {
  if (type.kind === 'CHAR' || type.kind === 'VARCHAR') {
    return (column, row, bytes, start, end) => {
      if (column.storage !== 'bytes' || !isUtf8(bytes, start, end)) return false
      column.append(row, bytes, start, end)
      return true
    }
  }
  const parse = createTextParser(type)
  if (parse === undefined) return undefined
  return (column, row, bytes, start, end) => {
    const value = parse(bytes, start, end)
    if (value === undefined || (value === null && !type.nullable)) return false
    writePlain(column, row, value)
    return true
  }
}
