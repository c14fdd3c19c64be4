/** JavaScript values into SQL values: what js-value.ts lists as given out or taken, and nothing else. */
import { validationError } from '../errors/index.ts'
import { cutMs, plainOfInstant } from './instant.ts'
import type { LogicalType, TypeOfKind } from './logical-type.ts'
import type { PlainValue } from './plain-value.ts'
import {
  applyZoneSuffix,
  NOT_A_DATE,
  parseDecimalText,
  scanDate,
  scannedTime,
  scanTimeOfDay,
  scanTimestamp,
} from './text/index.ts'
import { typeToString } from './type-to-string.ts'
import { encodeUtf8 } from './utf8.ts'

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object'
  return `${String(value)}${typeof value === 'bigint' ? 'n' : ''}`
}

const refuse = (value: unknown, type: LogicalType, field: string, why = '') =>
  validationError(
    'MR_VALUE_TYPE',
    `${field}: ${shown(value)} is no value of ${typeToString(type)}${why === '' ? '' : ` (${why})`}`,
  )

const integerBits = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64 } as const

function integer(value: unknown, type: LogicalType, bits: number, field: string): PlainValue {
  const isInteger = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
  if (!isInteger) throw refuse(value, type, field)
  const exact = BigInt(value as number | bigint)
  if (BigInt.asIntN(bits, exact) !== exact) throw refuse(value, type, field, 'out of range')
  return bits === 64 ? exact : Number(exact)
}

function decimal(value: unknown, type: TypeOfKind<'DECIMAL'>, field: string): PlainValue {
  const isNumber = typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
  if (typeof value !== 'string' && !isNumber) throw refuse(value, type, field)
  const unscaled = parseDecimalText(String(value).trim(), type.precision, type.scale)
  if (typeof unscaled === 'string')
    throw refuse(value, type, field, unscaled === 'overflow' ? 'too many digits' : '')
  return unscaled
}

function timestamp(
  value: unknown,
  type: TypeOfKind<'TIMESTAMP'> | TypeOfKind<'TIMESTAMP_LTZ'>,
  field: string,
): PlainValue {
  const zoned = type.kind === 'TIMESTAMP_LTZ'
  if (value instanceof Date) scannedTime[0] = value.getTime()
  else if (typeof value === 'number') scannedTime[0] = value
  if (value instanceof Date || typeof value === 'number') {
    scannedTime[1] = 0
    if (!Number.isSafeInteger(scannedTime[0])) throw refuse(value, type, field, 'expected whole milliseconds')
  } else if (typeof value === 'string') {
    const bytes = encodeUtf8(value)
    let end = scanTimestamp(bytes, 0, bytes.length, bytes[10] === 84 ? 84 : 32, true)
    if (end >= 0 && zoned) end = applyZoneSuffix(bytes, end, bytes.length)
    if (end !== bytes.length)
      throw refuse(value, type, field, `expected yyyy-MM-dd HH:mm:ss[.f]${zoned ? 'Z' : ''}`)
  } else throw refuse(value, type, field)
  return plainOfInstant(scannedTime[0]!, scannedTime[1]!, type.precision)
}

function dateOrTime(
  value: unknown,
  type: TypeOfKind<'DATE'> | TypeOfKind<'TIME'>,
  field: string,
): PlainValue {
  if (typeof value !== 'string') throw refuse(value, type, field)
  const bytes = encodeUtf8(value)
  if (type.kind === 'DATE') {
    const day = bytes.length === 10 ? scanDate(bytes, 0, 10) : NOT_A_DATE
    if (day === NOT_A_DATE) throw refuse(value, type, field, 'expected yyyy-MM-dd')
    return day
  }
  const end = scanTimeOfDay(bytes, 0, bytes.length, true)
  if (end !== bytes.length) throw refuse(value, type, field, 'expected HH:mm:ss[.f]')
  return cutMs(scannedTime[0]!, type.precision)
}

function entriesOf(value: unknown, type: LogicalType, field: string): [unknown, unknown][] {
  if (value instanceof Map) return [...value]
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.entries(value)
  }
  throw refuse(value, type, field)
}

function row(value: unknown, type: TypeOfKind<'ROW'>, field: string): PlainValue {
  if (Array.isArray(value)) {
    if (value.length !== type.fields.length) throw refuse(value, type, field, `${value.length} fields`)
    return type.fields.map((inner, i) => fromJsValue(value[i], inner.type, `${field}.${inner.name}`))
  }
  if (typeof value !== 'object' || value === null || value instanceof Map) throw refuse(value, type, field)
  const object = value as Readonly<Record<string, unknown>>
  return type.fields.map(inner => fromJsValue(object[inner.name], inner.type, `${field}.${inner.name}`))
}

/**
 * The plain value of `type` that `value` stands for. Throws ValidationError MR_VALUE_TYPE, with `field` as the place,
 * for a value of another type or out of range, and for NULL where the type is NOT NULL.
 */
export function fromJsValue(value: unknown, type: LogicalType, field = 'value'): PlainValue {
  if (value === null || value === undefined) {
    if (!type.nullable) throw refuse(value, type, field)
    return null
  }
  switch (type.kind) {
    case 'BOOLEAN':
      if (typeof value !== 'boolean') throw refuse(value, type, field)
      return value
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return integer(value, type, integerBits[type.kind], field)
    case 'INTERVAL_YEAR_MONTH':
      return integer(value, type, 32, field)
    case 'INTERVAL_DAY_TIME':
      return Number(integer(value, type, 64, field))
    case 'FLOAT':
    case 'DOUBLE':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw refuse(value, type, field)
      return type.kind === 'FLOAT' ? Math.fround(Number(value)) : Number(value)
    case 'DECIMAL':
      return decimal(value, type, field)
    case 'CHAR':
    case 'VARCHAR':
      if (typeof value !== 'string') throw refuse(value, type, field)
      return value
    case 'BINARY':
    case 'VARBINARY':
      if (!(value instanceof Uint8Array)) throw refuse(value, type, field)
      return new Uint8Array(value)
    case 'DATE':
    case 'TIME':
      return dateOrTime(value, type, field)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestamp(value, type, field)
    case 'ARRAY':
      if (!Array.isArray(value)) throw refuse(value, type, field)
      return value.map((item, i) => fromJsValue(item, type.element, `${field}[${i}]`))
    case 'MULTISET':
    case 'MAP': {
      const keyType = type.kind === 'MAP' ? type.key : type.element
      const itemType: LogicalType = type.kind === 'MAP' ? type.value : { kind: 'INTEGER', nullable: false }
      return new Map(
        entriesOf(value, type, field).map(([key, item]) => [
          fromJsValue(key, keyType, `a key of ${field}`),
          fromJsValue(item, itemType, `${field}['${String(key)}']`),
        ]),
      )
    }
    case 'ROW':
      return row(value, type, field)
    case 'NULL':
      throw refuse(value, type, field)
  }
}
