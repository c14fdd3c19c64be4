/** Dates and timestamps in their usual form; anything else is the host's. Twin of src/types/text/scan-time.ts. */

/** Results of the last call that did not fail. */
export let epochMs: f64 = 0
/** Nanoseconds below the millisecond. */
export let nanos: i32 = 0

/** The ten bytes of the date read last, at first 1970-01-01, and its epoch day: most records repeat it. */
let lastDateLow: u64 = 0x2d31302d30373931
let lastDateHigh: u16 = 0x3130
let lastDay: i32 = 0

export const NO_DATE: i32 = i32.MIN_VALUE

function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year
  const era = (y >= 0 ? y : y - 399) / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Two digits at `p`, or a negative number. */
@inline
function digitPair(p: usize): i32 {
  const tens = <i32>load<u8>(p) - 48
  const ones = <i32>load<u8>(p, 1) - 48
  return <u32>tens > 9 || <u32>ones > 9 ? -1 : tens * 10 + ones
}

function parseDate(p: usize): i32 {
  const century = digitPair(p)
  const yearOfCentury = digitPair(p + 2)
  const month = digitPair(p + 5)
  const day = digitPair(p + 8)
  if ((century | yearOfCentury | month | day) < 0) return NO_DATE
  if (load<u8>(p, 4) != 45 || load<u8>(p, 7) != 45) return NO_DATE
  if (month < 1 || month > 12 || day < 1) return NO_DATE
  const year = century * 100 + yearOfCentury
  if (day > 28 && day > daysInMonth(year, month)) return NO_DATE
  return daysFromCivil(year, month, day)
}

/** Epoch day of the ten bytes `yyyy-MM-dd` at `p`, or NO_DATE. */
@inline
export function readDate(p: usize): i32 {
  const low = load<u64>(p)
  const high = load<u16>(p, 8)
  if (low == lastDateLow && high == lastDateHigh) return lastDay
  const day = parseDate(p)
  if (day == NO_DATE) return NO_DATE
  lastDateLow = low
  lastDateHigh = high
  lastDay = day
  return day
}

const CLOCK: u64 = 0x30303a30303a3030
const TOO_HIGH: u64 = 0x76767f76767f7676
const HIGH_BITS: u64 = 0x8080808080808080

/** ms of day of the eight bytes `HH:mm:ss` at `p`, or -1. */
@inline
function readClock(p: usize): i32 {
  const digits = load<u64>(p) ^ CLOCK
  if (((digits + TOO_HIGH) | digits) & HIGH_BITS) return -1
  const pairs = digits * 10 + (digits >> 8)
  const hour = <i32>(pairs & 0xff)
  const minute = <i32>((pairs >> 24) & 0xff)
  const second = <i32>((pairs >> 48) & 0xff)
  if (hour > 23 || minute > 59 || second > 59) return -1
  return ((hour * 60 + minute) * 60 + second) * 1000
}

/**
 * `yyyy-MM-dd<separator>HH:mm:ss[.f{1,9}]` at `p`, into `epochMs` and `nanos`. Behind it, or 0. Reads 20 bytes
 * whatever the end: the caller looks for the closing quote.
 */
@inline
export function readTimestamp(p: usize, separator: u8): usize {
  const day = readDate(p)
  const clock = readClock(p + 11)
  if (day == NO_DATE || clock < 0 || load<u8>(p, 10) != separator) return 0
  let ms = clock
  let below = 0
  p += 19
  if (load<u8>(p) == 46) {
    const word = load<u32>(p) >> 8
    const digits = word ^ 0x303030
    if ((((digits + 0x767676) | digits) & 0x808080) == 0) {
      ms += <i32>((digits & 0xff) * 100 + ((digits >> 8) & 0xff) * 10 + (digits >> 16))
      p += 4
      if (<u8>(load<u8>(p) - 48) <= 9) {
        const first = p
        while (p - first < 6) {
          const digit = <i32>load<u8>(p) - 48
          if (<u32>digit > 9) break
          below = below * 10 + digit
          p++
        }
        for (let i = p - first; i < 6; i++) below *= 10
      }
    } else {
      // One or two digits.
      const tenth = <i32>load<u8>(p, 1) - 48
      if (<u32>tenth > 9) return 0
      const hundredth = <i32>load<u8>(p, 2) - 48
      ms += tenth * 100
      p += 2
      if (<u32>hundredth <= 9) {
        ms += hundredth * 10
        p++
      }
    }
  }
  epochMs = <f64>day * 86400000 + <f64>ms
  nanos = below
  return p
}
