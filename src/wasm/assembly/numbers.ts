/** Whole numbers and dates as ASCII. Every writer takes the address and returns the one behind what it wrote. */

const PAIRS: usize = memory.data<u8>([
  48, 48, 48, 49, 48, 50, 48, 51, 48, 52, 48, 53, 48, 54, 48, 55, 48, 56, 48, 57, 49, 48, 49, 49, 49, 50, 49, 51, 49, 52,
  49, 53, 49, 54, 49, 55, 49, 56, 49, 57, 50, 48, 50, 49, 50, 50, 50, 51, 50, 52, 50, 53, 50, 54, 50, 55, 50, 56, 50, 57,
  51, 48, 51, 49, 51, 50, 51, 51, 51, 52, 51, 53, 51, 54, 51, 55, 51, 56, 51, 57, 52, 48, 52, 49, 52, 50, 52, 51, 52, 52,
  52, 53, 52, 54, 52, 55, 52, 56, 52, 57, 53, 48, 53, 49, 53, 50, 53, 51, 53, 52, 53, 53, 53, 54, 53, 55, 53, 56, 53, 57,
  54, 48, 54, 49, 54, 50, 54, 51, 54, 52, 54, 53, 54, 54, 54, 55, 54, 56, 54, 57, 55, 48, 55, 49, 55, 50, 55, 51, 55, 52,
  55, 53, 55, 54, 55, 55, 55, 56, 55, 57, 56, 48, 56, 49, 56, 50, 56, 51, 56, 52, 56, 53, 56, 54, 56, 55, 56, 56, 56, 57,
  57, 48, 57, 49, 57, 50, 57, 51, 57, 52, 57, 53, 57, 54, 57, 55, 57, 56, 57, 57,
])

/** Two digits of a number below 100. */
@inline
export function writePair(p: usize, value: u32): void {
  store<u16>(p, load<u16>(PAIRS + (<usize>value << 1)))
}

@inline
function numDigits(value: u32): usize {
  if (value < 100000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : value < 10000 ? 4 : 5
  if (value < 10000000) return value < 1000000 ? 6 : 7
  return value < 100000000 ? 8 : value < 1000000000 ? 9 : 10
}

/** Exactly `width` digits. */
@inline
function writeWidth(p: usize, value: u32, width: usize): usize {
  let at = p + width
  while (at >= p + 2) {
    const rest = value / 100
    at -= 2
    writePair(at, value - rest * 100)
    value = rest
  }
  if (at > p) store<u8>(p, <u8>(48 + (value % 10)))
  return p + width
}

export function writeUnsigned(p: usize, value: u64): usize {
  if (value < 1000000000) return writeWidth(p, <u32>value, numDigits(<u32>value))
  const high = value / 1000000000
  return writeWidth(writeUnsigned(p, high), <u32>(value - high * 1000000000), 9)
}

@inline
export function writeSigned(p: usize, value: i64): usize {
  if (value >= 0) return writeUnsigned(p, value)
  store<u8>(p, 45)
  return writeUnsigned(p + 1, -value)
}

/** `yyyy-MM-dd`; `+` before years beyond 9999, `-` before negative ones. */
export function writeDate(p: usize, epochDay: i32): usize {
  const z = <i64>epochDay + 719468
  const era = (z >= 0 ? z : z - 146096) / 146097
  const dayOfEra = <i32>(z - era * 146097)
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const mp = (5 * dayOfYear + 2) / 153
  const day = dayOfYear - (153 * mp + 2) / 5 + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  let year = <i64>yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  if (year < 0 || year > 9999) store<u8>(p++, year < 0 ? 45 : 43)
  if (year < 0) year = -year
  p = writeWidth(p, <u32>year, year > 99999 ? 6 : year > 9999 ? 5 : 4)
  store<u8>(p, 45)
  writePair(p + 1, month)
  store<u8>(p, 45, 3)
  writePair(p + 4, day)
  return p + 6
}

/** `HH:mm:ss[.fraction]` without trailing zeros; `micros` is below a day. */
export function writeTimeOfDay(p: usize, micros: i64): usize {
  const seconds = <u32>(micros / 1000000)
  const minutes = seconds / 60
  const hours = minutes / 60
  writePair(p, hours)
  store<u8>(p, 58, 2)
  writePair(p + 3, minutes - hours * 60)
  store<u8>(p, 58, 5)
  writePair(p + 6, seconds - minutes * 60)
  p += 8
  const fraction = <u32>(micros - <i64>seconds * 1000000)
  if (fraction == 0) return p
  store<u8>(p, 46)
  p = writeWidth(p + 1, fraction, 6)
  while (load<u8>(p - 1) == 48) p--
  return p
}
