/** Casts from and to text on bytes. Plain forms are read without making a string; the rest takes the plain cast. */
import {
  type ByteSink,
  cutMs,
  decodeUtf8,
  isBinary,
  isCharacter,
  type LogicalType,
  MAX_LENGTH,
  type NanosCell,
  type PlainValue,
  parseTimestamp,
  plainOfInstant,
  readTimestamp,
  storageOf,
  timeZoneOf,
  utf8Width,
} from '../../types/index.ts'
import {
  type CallContext,
  type Implementation,
  type KernelFunction,
  kernel,
  type Slot,
} from '../function-spec.ts'
import { failCast, integralBits, TIMESTAMP_FORM } from './cast-plain.ts'
import { parseBooleanText, parseDoubleText, parseIntegerText, readSmallInteger } from './number-text.ts'
import { plainToText } from './plain-text.ts'

/** undefined where the plain cast does: DECIMAL, DATE, TIME. */
export function parseCast(from: LogicalType, to: LogicalType, safe: boolean): Implementation | undefined {
  if (!isCharacter(from)) return undefined
  /** What stands for a text that cannot be read: NULL, or the error. */
  const fail = (bytes: Uint8Array, start: number, end: number, expected?: string): null => {
    if (safe) return null
    return failCast(decodeUtf8(bytes, start, end), from, to, expected)
  }
  switch (to.kind) {
    case 'BOOLEAN':
      return kernel(
        'value',
        () => (bytes: Uint8Array, start: number, end: number) =>
          parseBooleanText(decodeUtf8(bytes, start, end)) ?? fail(bytes, start, end, 'TRUE or FALSE'),
        { nullable: safe },
      )
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return kernel('value', () => smallIntegerReader(integralBits[to.kind], fail), { nullable: safe })
    case 'BIGINT':
      return kernel('slot', () => longReader(fail), { nullable: safe })
    case 'FLOAT':
    case 'DOUBLE':
      return kernel('slot', () => doubleReader(to.kind === 'FLOAT', fail), { nullable: safe })
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return kernel('slot', context => timestampReader(context, fail), { nullable: safe })
    case 'BINARY':
    case 'VARBINARY':
      return to.length === MAX_LENGTH ? copyBytes : undefined
    default:
      return undefined
  }
}

const copyBytes = kernel(
  'sink',
  () => (bytes: Uint8Array, start: number, end: number, out: ByteSink) => out.append(bytes, start, end),
)

type Fail = (bytes: Uint8Array, start: number, end: number, expected?: string) => null

function smallIntegerReader(bits: number, fail: Fail): KernelFunction {
  const limit = 2 ** (bits - 1)
  return (bytes: Uint8Array, start: number, end: number) => {
    const plain = readSmallInteger(bytes, start, end)
    if (plain >= -limit && plain < limit) return plain
    const exact = parseIntegerText(decodeUtf8(bytes, start, end), bits)
    return exact === undefined ? fail(bytes, start, end) : Number(exact)
  }
}

function longReader(fail: Fail): KernelFunction {
  return (bytes: Uint8Array, start: number, end: number, slot: Slot) => {
    const plain = readSmallInteger(bytes, start, end)
    if (!Number.isNaN(plain)) {
      slot.i64[0] = BigInt(plain)
      return true
    }
    const exact = parseIntegerText(decodeUtf8(bytes, start, end), 64)
    if (exact === undefined) return fail(bytes, start, end) !== null
    slot.i64[0] = exact
    return true
  }
}

function doubleReader(single: boolean, fail: Fail): KernelFunction {
  return (bytes: Uint8Array, start: number, end: number, slot: Slot) => {
    const value = parseDoubleText(decodeUtf8(bytes, start, end))
    if (value === undefined) return fail(bytes, start, end) !== null
    slot.f64[0] = single ? Math.fround(value) : value
    return true
  }
}

function timestampReader({ resultType, environment }: CallContext, fail: Fail): KernelFunction {
  const { precision, kind } = resultType as Extract<LogicalType, { kind: 'TIMESTAMP' | 'TIMESTAMP_LTZ' }>
  const zone = kind === 'TIMESTAMP_LTZ' ? timeZoneOf(environment.timeZone) : undefined
  const cell: NanosCell = { nanos: 0 }
  return (bytes: Uint8Array, start: number, end: number, slot: Slot) => {
    cell.nanos = 0
    let ms = readTimestamp(bytes, start, end, cell)
    if (Number.isNaN(ms)) {
      const instant = parseTimestamp(decodeUtf8(bytes, start, end))
      if (instant === undefined) return fail(bytes, start, end, TIMESTAMP_FORM) !== null
      ms = instant[0]
      cell.nanos = instant[1]
    }
    if (zone !== undefined) ms = zone.toUtc(ms)
    if (precision <= 3) {
      slot.f64[0] = cutMs(ms, precision)
      return true
    }
    const plain = plainOfInstant(ms, cell.nanos, precision)
    if (typeof plain === 'bigint') slot.i64[0] = plain
    else {
      slot.f64[0] = ms
      slot.i32[0] = (plain as readonly number[])[1]!
    }
    return true
  }
}

/** To STRING from any type but the two-part timestamps; to CHAR(n) and VARCHAR(n) only from text. */
export function printCast(from: LogicalType, to: LogicalType): Implementation | undefined {
  if (isBinary(from) && isBinary(to)) return to.kind === 'VARBINARY' ? cutBytes(to.length) : undefined
  if (!isCharacter(to)) return undefined
  if (isCharacter(from)) return to.kind === 'VARCHAR' ? cutText(to.length) : undefined
  if (to.length !== MAX_LENGTH || storageOf(from) === 'msnanos') return undefined
  // Bytes stay bytes; what is no UTF-8 becomes U+FFFD whenever it is decoded.
  if (isBinary(from)) return copyBytes
  return kernel('sink', ({ environment }) => {
    const zone = timeZoneOf(environment.timeZone)
    return (value: PlainValue, out: ByteSink) => out.appendText(plainToText(value, from, zone))
  })
}

const cutText = (length: number): Implementation =>
  kernel('sink', () => (bytes: Uint8Array, start: number, end: number, out: ByteSink) => {
    let at = start
    for (let i = 0; i < length && at < end; i++) at += utf8Width(bytes[at]!)
    out.append(bytes, start, Math.min(at, end))
  })

const cutBytes = (length: number): Implementation =>
  kernel(
    'sink',
    () => (bytes: Uint8Array, start: number, end: number, out: ByteSink) =>
      out.append(bytes, start, Math.min(end, start + length)),
  )
