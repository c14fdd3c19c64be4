/**
 * One value into its column. What is not in a type's usual form goes to the host, value by value. The twin of the
 * fast paths in src/formats/json/decoder-source.ts.
 */
import { skipValue } from './containers'
import { convertValue, growBytes } from './host'
import * as layout from './layout'
import { isDigit, NULL, skipRestOfString, skipUnescaped, stringMarks } from './text'
import { epochMs, NO_DATE, nanos, readDate, readTimestamp } from './time'
import { unescape } from './unescape'

const POWERS: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
])

@inline
function powerOfTen(n: i32): f64 {
  return load<f64>(POWERS + (<usize>n << 3))
}

function viaHost(field: usize, p: usize, end: usize, row: i32): usize {
  const stop = skipValue(p, end)
  return stop != 0 && convertValue(field, p, stop, row) != 0 ? stop : 0
}

@inline
function setNull(field: usize, kind: i32, row: i32): void {
  store<u8>(load<usize>(field, layout.FIELD_NULLS_AT) + row, 1)
  store<i32>(field, 1, layout.FIELD_HAS_NULLS_AT)
  if (kind == layout.KIND_STRING) {
    const offsets = load<usize>(field, layout.FIELD_OFFSETS_AT) + (<usize>row << 2)
    store<i32>(offsets, load<i32>(offsets), 4)
  }
}

/** NULL for the fields that record `stamp` has not; false when one of them may not be missing. */
export function setMissing(block: usize, stamp: u32, row: i32): bool {
  const numFields = load<i32>(block, layout.NUM_FIELDS_AT)
  for (let k = 0; k < numFields; k++) {
    const field = block + layout.FIELDS_AT + k * layout.FIELD_BYTES
    if (load<u32>(field, layout.FIELD_STAMP_AT) == stamp) continue
    const kind = load<i32>(field, layout.FIELD_KIND_AT)
    if (load<i32>(field, layout.FIELD_OPTIONAL_AT) == 0 || kind == layout.KIND_HOST) return false
    setNull(field, kind, row)
  }
  return true
}

/** A string with escapes, or without room in its column, from its first character on. Resolved it is never longer than written. */
function readCarefully(field: usize, start: usize, end: usize, row: i32): usize {
  const stop = skipRestOfString(start, end)
  if (stop == 0) return 0
  const offsets = load<usize>(field, layout.FIELD_OFFSETS_AT) + (<usize>row << 2)
  const at = load<i32>(offsets)
  const room = at + <i32>(stop - start) + 16
  if (room > load<i32>(field, layout.FIELD_CAPACITY_AT) && growBytes(field, room) == 0) return 0
  const bytes = load<usize>(field, layout.FIELD_BYTES_AT)
  const behind = unescape(start, stop - 1, bytes + at)
  store<i32>(load<usize>(field, layout.FIELD_OFFSETS_AT) + (<usize>row << 2), <i32>(behind - bytes), 4)
  return stop
}

@inline
function readString(field: usize, p: usize, end: usize, row: i32): usize {
  if (load<u8>(p) != 0x22) return viaHost(field, p, end, row)
  const start = p + 1
  const block = v128.load(start)
  const marks = stringMarks(block)
  let stop: usize
  if (marks != 0 && load<u8>(start + ctz(marks)) == 0x22) stop = start + ctz(marks) + 1
  else {
    stop = skipUnescaped(start, end)
    if (stop == 0) return readCarefully(field, start, end, row)
  }
  const length = <i32>(stop - 1 - start)
  const offsets = load<usize>(field, layout.FIELD_OFFSETS_AT) + (<usize>row << 2)
  const at = load<i32>(offsets)
  // Copies are of sixteen bytes: there must be room behind the last.
  if (at + length + 16 > load<i32>(field, layout.FIELD_CAPACITY_AT)) return readCarefully(field, start, end, row)
  const target = load<usize>(field, layout.FIELD_BYTES_AT) + at
  v128.store(target, block)
  for (let i: usize = 16; i < <usize>length; i += 16) v128.store(target + i, v128.load(start + i))
  store<i32>(offsets, at + length, 4)
  return stop
}

/** Result of `readDigits`. */
let digitsValue: i64 = 0

/** A whole number of at most 18 digits at `p`, into `digitsValue`. Behind it, or 0. */
@inline
function readDigits(p: usize): usize {
  let c = load<u8>(p)
  const negative = c == 45
  if (negative) c = load<u8>(++p)
  if (!isDigit(c)) return 0
  const first = p
  let value: i64 = c - 48
  c = load<u8>(++p)
  if (value != 0) {
    while (isDigit(c) && p - first < 18) {
      value = value * 10 + (c - 48)
      c = load<u8>(++p)
    }
  }
  if (isDigit(c) || c == 46 || (c | 32) == 101) return 0
  digitsValue = negative ? -value : value
  return p
}

function readInteger(field: usize, p: usize, end: usize, row: i32): usize {
  const stop = readDigits(p)
  if (stop == 0) return viaHost(field, p, end, row)
  const spare = 64 - load<i32>(field, layout.FIELD_SCALE_AT)
  if ((digitsValue << spare) >> spare != digitsValue) return viaHost(field, p, end, row)
  store<i32>(load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 2), <i32>digitsValue)
  return stop
}

function readBigint(field: usize, p: usize, end: usize, row: i32): usize {
  const stop = readDigits(p)
  if (stop == 0) return viaHost(field, p, end, row)
  store<i64>(load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 3), digitsValue)
  return stop
}

/** Results of `readPointNumber`: all digits as one whole number, how many stand behind the point, and the sign. */
let pointDigits: f64 = 0
let pointScale: i32 = 0
let isNegative: bool = false

/** Digits with an optional fraction, at most fifteen in all. Behind them, or 0. */
function readPointNumber(p: usize): usize {
  let c = load<u8>(p)
  isNegative = c == 45
  if (isNegative) c = load<u8>(++p)
  if (!isDigit(c)) return 0
  const first = p
  let value: i64 = c - 48
  c = load<u8>(++p)
  if (value != 0) {
    while (isDigit(c) && p - first < 16) {
      value = value * 10 + (c - 48)
      c = load<u8>(++p)
    }
  }
  let scale: usize = 0
  if (c == 46) {
    c = load<u8>(++p)
    scale = p
    while (isDigit(c) && p - first < 17) {
      value = value * 10 + (c - 48)
      c = load<u8>(++p)
    }
    scale = p - scale
    if (scale == 0) return 0
  }
  if (p - first > 15 || isDigit(c) || c == 46 || (c | 32) == 101) return 0
  pointDigits = <f64>value
  pointScale = <i32>scale
  return p
}

function readDouble(field: usize, p: usize, end: usize, row: i32): usize {
  const stop = readPointNumber(p)
  if (stop == 0) return viaHost(field, p, end, row)
  let value = pointScale == 0 ? pointDigits : pointDigits / powerOfTen(pointScale)
  if (load<i32>(field, layout.FIELD_SCALE_AT) == 1) value = <f64>(<f32>value)
  store<f64>(load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 3), isNegative ? -value : value)
  return stop
}

function readDecimal(field: usize, p: usize, end: usize, row: i32): usize {
  const stop = readPointNumber(p)
  if (stop == 0) return viaHost(field, p, end, row)
  const scale = load<i32>(field, layout.FIELD_SCALE_AT)
  if (pointScale > scale) return viaHost(field, p, end, row)
  const value = pointDigits * powerOfTen(scale - pointScale)
  if (value >= powerOfTen(min(load<i32>(field, layout.FIELD_PRECISION_AT), 15)))
    return viaHost(field, p, end, row)
  const whole = <i64>value
  store<i64>(load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 3), isNegative ? -whole : whole)
  return stop
}

function readBoolean(field: usize, p: usize, end: usize, row: i32): usize {
  const word = load<u32>(p)
  const values = load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 2)
  if (word == 0x65757274) {
    store<i32>(values, 1)
    return p + 4
  }
  if (word != 0x736c6166 || load<u8>(p, 4) != 0x65) return viaHost(field, p, end, row)
  store<i32>(values, 0)
  return p + 5
}

function readDateValue(field: usize, p: usize, end: usize, row: i32): usize {
  const day = load<u8>(p) == 0x22 && load<u8>(p, 11) == 0x22 ? readDate(p + 1) : NO_DATE
  if (day == NO_DATE) return viaHost(field, p, end, row)
  store<i32>(load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 2), day)
  return p + 12
}

const UNITS: usize = memory.data<i32>([1000, 100, 10, 1])

@inline
function readTimestampValue(field: usize, p: usize, end: usize, row: i32, separator: u8): usize {
  let stop = load<u8>(p) == 0x22 ? readTimestamp(p + 1, separator) : 0
  if (stop != 0 && load<i32>(field, layout.FIELD_PRECISION_AT) == 1) stop = load<u8>(stop) == 90 ? stop + 1 : 0
  if (stop == 0 || load<u8>(stop) != 0x22) return viaHost(field, p, end, row)
  const target = load<usize>(field, layout.FIELD_VALUES_AT) + (<usize>row << 3)
  const precision = load<i32>(field, layout.FIELD_SCALE_AT)
  if (precision == 3) store<f64>(target, epochMs)
  else if (precision < 3) {
    const unit = <i64>load<i32>(UNITS + (<usize>precision << 2))
    const ms = <i64>epochMs
    const rest = ms % unit
    store<f64>(target, <f64>(rest < 0 ? ms - rest - unit : ms - rest))
  } else {
    const micros = nanos / 1000
    const cut = micros - micros % load<i32>(UNITS + (<usize>(precision - 3) << 2))
    store<i64>(target, <i64>epochMs * 1000 + cut)
  }
  return stop + 1
}

/** Reads the value at `p` into `row` of the field. Behind it, or 0. */
@inline
export function readValue(block: usize, field: usize, kind: i32, p: usize, end: usize, row: i32): usize {
  if (load<u32>(p) == NULL && load<i32>(field, layout.FIELD_NULLABLE_AT) != 0 && kind != layout.KIND_HOST) {
    setNull(field, kind, row)
    return p + 4
  }
  switch (kind) {
    case layout.KIND_STRING:
      return readString(field, p, end, row)
    case layout.KIND_TIMESTAMP:
      return readTimestampValue(field, p, end, row, load<i32>(block, layout.ISO_AT) == 1 ? 84 : 32)
    case layout.KIND_INTEGER:
      return readInteger(field, p, end, row)
    case layout.KIND_BIGINT:
      return readBigint(field, p, end, row)
    case layout.KIND_DOUBLE:
      return readDouble(field, p, end, row)
    case layout.KIND_DECIMAL:
      return readDecimal(field, p, end, row)
    case layout.KIND_BOOLEAN:
      return readBoolean(field, p, end, row)
    case layout.KIND_DATE:
      return readDateValue(field, p, end, row)
    default:
      return viaHost(field, p, end, row)
  }
}
