/**
 * Rows of a batch to JSON objects, as src/formats/json/encoder.ts writes them, which is the reference. Copies are of
 * sixteen bytes: there is room behind every row.
 */
import { copy } from './copy'
import * as layout from './layout'
import { writeDate, writeSigned, writeTimeOfDay } from './numbers'

/** Bits of the bytes that need an escape: quote, backslash, control characters. */
@inline
function escapeMarks(block: v128): i32 {
  const marks = v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c)))
  return i8x16.bitmask(v128.or(marks, i8x16.lt_u(block, i8x16.splat(32))))
}

@inline
function hexDigit(value: u8): u8 {
  return value < 10 ? 48 + value : 87 + value
}

/** Escape letter of a control character that has one, or 0. */
@inline
function shortEscape(c: u8): u8 {
  if (c == 34 || c == 92) return c
  if (c == 8) return 98
  if (c == 9) return 116
  if (c == 10) return 110
  if (c == 12) return 102
  return c == 13 ? 114 : 0
}

function writeEscape(p: usize, c: u8): usize {
  const letter = shortEscape(c)
  store<u8>(p, 92)
  if (letter != 0) {
    store<u8>(p, letter, 1)
    return p + 2
  }
  store<u8>(p, 117, 1)
  store<u16>(p, 0x3030, 2)
  store<u8>(p, hexDigit(c >> 4), 4)
  store<u8>(p, hexDigit(c & 15), 5)
  return p + 6
}

@inline
function writeString(p: usize, from: usize, to: usize): usize {
  store<u8>(p++, 34)
  while (from < to) {
    const block = v128.load(from)
    v128.store(p, block)
    const count = min<usize>(16, to - from)
    const plain = min<usize>(ctz(escapeMarks(block) | 0x10000), count)
    p += plain
    from += plain
    if (plain < count) p = writeEscape(p, load<u8>(from++))
  }
  store<u8>(p, 34)
  return p + 1
}

const DAY_MICROS: i64 = 86400000000

function writeTimestamp(p: usize, field: usize, micros: i64, separator: u8): usize {
  const start = p
  store<u8>(p, 34)
  let day = micros / DAY_MICROS
  if (micros - day * DAY_MICROS < 0) day--
  p = writeDate(p + 1, <i32>day)
  store<u8>(p, separator)
  p = writeTimeOfDay(p + 1, micros - day * DAY_MICROS)
  if (load<i32>(field, layout.ENCODED_ZONED_AT) == 1) store<u8>(p++, 90)
  store<u8>(p, 34)
  p++
  store<i64>(field, micros, layout.ENCODED_LAST_AT)
  store<i32>(field, <i32>(p - start), layout.ENCODED_LAST_LENGTH_AT)
  copy(field + layout.ENCODED_LAST_TEXT_AT, start, p - start)
  return p
}

@inline
function writeLastTimestamp(p: usize, field: usize, micros: i64, separator: u8): usize {
  const length = load<i32>(field, layout.ENCODED_LAST_LENGTH_AT)
  if (micros != load<i64>(field, layout.ENCODED_LAST_AT) || length == 0) return writeTimestamp(p, field, micros, separator)
  const text = field + layout.ENCODED_LAST_TEXT_AT
  v128.store(p, v128.load(text))
  v128.store(p, v128.load(text, 16), 16)
  if (length > 32) v128.store(p, v128.load(text, 32), 32)
  return p + length
}

@inline
function writeValue(p: usize, field: usize, row: usize, separator: u8): usize {
  const kind = load<i32>(field, layout.ENCODED_KIND_AT)
  const values = load<usize>(field, layout.ENCODED_VALUES_AT)
  switch (kind) {
    case layout.ENCODE_STRING: {
      const offsets = load<usize>(field, layout.ENCODED_OFFSETS_AT) + (row << 2)
      const bytes = load<usize>(field, layout.ENCODED_BYTES_AT)
      return writeString(p, bytes + load<i32>(offsets), bytes + load<i32>(offsets, 4))
    }
    case layout.ENCODE_INTEGER:
      return writeSigned(p, load<i32>(values + (row << 2)))
    case layout.ENCODE_BIGINT:
      return writeSigned(p, load<i64>(values + (row << 3)))
    case layout.ENCODE_BOOLEAN: {
      if (load<i32>(values + (row << 2)) == 1) {
        store<u32>(p, 0x65757274)
        return p + 4
      }
      store<u32>(p, 0x736c6166)
      store<u8>(p, 0x65, 4)
      return p + 5
    }
    case layout.ENCODE_DATE: {
      store<u8>(p, 34)
      p = writeDate(p + 1, load<i32>(values + (row << 2)))
      store<u8>(p, 34)
      return p + 1
    }
    case layout.ENCODE_MILLIS:
      return writeLastTimestamp(p, field, <i64>load<f64>(values + (row << 3)) * 1000, separator)
    case layout.ENCODE_MICROS:
      return writeLastTimestamp(p, field, load<i64>(values + (row << 3)), separator)
    default: {
      const offsets = load<usize>(field, layout.ENCODED_OFFSETS_AT) + (row << 2)
      const start = load<i32>(offsets)
      return copy(p, load<usize>(field, layout.ENCODED_BYTES_AT) + start, load<i32>(offsets, 4) - start)
    }
  }
}

/** Bytes a row's strings and verbatim values need at most. */
@inline
function variableRoom(block: usize, row: usize): usize {
  const numFields = load<i32>(block, layout.ENCODER_NUM_FIELDS_AT)
  let room: usize = 0
  for (let k = 0, field = block + layout.ENCODER_FIELDS_AT; k < numFields; k++, field += layout.ENCODED_FIELD_BYTES) {
    const kind = load<i32>(field, layout.ENCODED_KIND_AT)
    if (kind != layout.ENCODE_STRING && kind != layout.ENCODE_VERBATIM) continue
    const offsets = load<usize>(field, layout.ENCODED_OFFSETS_AT) + (row << 2)
    room += (load<i32>(offsets, 4) - load<i32>(offsets)) * 6
  }
  return room
}

/**
 * Writes rows `[from, to)` behind one another at `out`; `offsets[i]` is where row i begins, relative to `out`, and
 * `offsets[from]` is given. Returns the first row that has no room below `capacity`, or `to`.
 */
export function encodeJson(block: usize, from: i32, to: i32, out: usize, capacity: usize, offsets: usize): i32 {
  const numFields = load<i32>(block, layout.ENCODER_NUM_FIELDS_AT)
  const skipsNulls = load<i32>(block, layout.ENCODER_SKIPS_NULLS_AT) != 0
  const separator = <u8>load<i32>(block, layout.ENCODER_SEPARATOR_AT)
  const room = <usize>load<i32>(block, layout.ENCODER_ROOM_AT)
  let p = out + load<i32>(offsets + (<usize>from << 2))
  let row = from
  for (; row < to; row++) {
    if (p + room + variableRoom(block, row) > out + capacity) break
    const start = p
    for (let k = 0, field = block + layout.ENCODER_FIELDS_AT; k < numFields; k++, field += layout.ENCODED_FIELD_BYTES) {
      const nulls = load<usize>(field, layout.ENCODED_NULLS_AT)
      const isNull = nulls != 0 && load<u8>(nulls + row) == 1
      if (isNull && skipsNulls) continue
      p = copy(p, load<usize>(field, layout.ENCODED_KEY_AT), load<i32>(field, layout.ENCODED_KEY_LENGTH_AT))
      if (isNull) {
        store<u32>(p, 0x6c6c756e)
        p += 4
      } else p = writeValue(p, field, row, separator)
    }
    // The first key's comma becomes the bracket.
    if (p == start) p++
    store<u8>(start, 123)
    store<u8>(p++, 125)
    store<i32>(offsets + (<usize>row << 2), <i32>(p - out), 4)
  }
  return row
}
