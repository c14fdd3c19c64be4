/**
 * Dates and times straight from ASCII bytes. Strict: two-digit fields, four-digit years (0000–9999), calendar
 * checked. Used by formats and by CAST; nothing here allocates.
 */
import { daysFromCivil, daysInMonth } from '../civil-date.ts'

/** What `scanDate` and `scanTimeOfDay` return for text that is not one. */
export const NOT_A_DATE = -2147483648

/** Scratch for results: `[epoch or day ms, nanoseconds of that ms]`. Valid until the next parse. */
export const scannedTime: Float64Array = new Float64Array(2)

const digitPair = (bytes: Uint8Array, at: number): number => {
  const tens = bytes[at]! - 48
  const ones = bytes[at + 1]! - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones
}

/** Epoch day of the ten bytes `yyyy-MM-dd` at `at`, or NOT_A_DATE. */
export function scanDate(bytes: Uint8Array, at: number, end: number): number {
  if (at + 10 > end) return NOT_A_DATE
  const century = digitPair(bytes, at)
  const yearOfCentury = digitPair(bytes, at + 2)
  const month = digitPair(bytes, at + 5)
  const day = digitPair(bytes, at + 8)
  if ((century | yearOfCentury | month | day) < 0) return NOT_A_DATE
  if (bytes[at + 4] !== 45 || bytes[at + 7] !== 45) return NOT_A_DATE
  if (month < 1 || month > 12 || day < 1) return NOT_A_DATE
  const year = century * 100 + yearOfCentury
  if (day > 28 && day > daysInMonth(year, month)) return NOT_A_DATE
  return daysFromCivil(year, month, day)
}

/**
 * `HH:mm:ss[.f{1,9}]` at `at`; with `optionalSeconds` also `HH:mm`. Writes ms of day and the nanoseconds below
 * it to `scannedTime`. Returns the index after the text, or -1.
 */
export function scanTimeOfDay(bytes: Uint8Array, at: number, end: number, optionalSeconds: boolean): number {
  if (at + 5 > end) return -1
  const hour = digitPair(bytes, at)
  const minute = digitPair(bytes, at + 3)
  if ((hour | minute) < 0 || hour > 23 || minute > 59 || bytes[at + 2] !== 58) return -1
  let p = at + 5
  let ms = (hour * 60 + minute) * 60000
  let nanos = 0
  if (p + 3 <= end && bytes[p] === 58) {
    const second = digitPair(bytes, p + 1)
    if (second < 0 || second > 59) return -1
    ms += second * 1000
    p += 3
    if (p < end && bytes[p] === 46) {
      p++
      const first = p
      let fraction = 0
      while (p < end && p - first < 9) {
        const digit = bytes[p]! - 48
        if (digit >>> 0 > 9) break
        fraction = fraction * 10 + digit
        p++
      }
      const numDigits = p - first
      if (numDigits === 0) return -1
      if (numDigits <= 3) ms += numDigits === 3 ? fraction : numDigits === 2 ? fraction * 10 : fraction * 100
      else {
        for (let i = numDigits; i < 9; i++) fraction *= 10
        const millis = (fraction / 1000000) | 0
        ms += millis
        nanos = fraction - millis * 1000000
      }
    }
  } else if (!optionalSeconds) return -1
  scannedTime[0] = ms
  scannedTime[1] = nanos
  return p
}

/**
 * `yyyy-MM-dd<separator>HH:mm:ss[.f{1,9}]` at `at`. Writes epoch ms (as if UTC) and nanoseconds to
 * `scannedTime`. Returns the index after the text, or -1.
 */
export function scanTimestamp(
  bytes: Uint8Array,
  at: number,
  end: number,
  separator: number,
  optionalSeconds: boolean,
): number {
  const epochDay = scanDate(bytes, at, end)
  if (epochDay === NOT_A_DATE || bytes[at + 10] !== separator) return -1
  const p = scanTimeOfDay(bytes, at + 11, end, optionalSeconds)
  if (p >= 0) scannedTime[0] = scannedTime[0]! + epochDay * 86400000
  return p
}

/**
 * `Z` or `±HH:mm` at `at`: shifts `scannedTime` to the instant it names. Returns the index after it, or -1.
 */
export function applyZoneSuffix(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1
  const sign = bytes[at]
  if (sign === 90) return at + 1
  if ((sign !== 43 && sign !== 45) || at + 6 > end || bytes[at + 3] !== 58) return -1
  const hour = digitPair(bytes, at + 1)
  const minute = digitPair(bytes, at + 4)
  if ((hour | minute) < 0 || hour > 18 || minute > 59) return -1
  const offset = (hour * 60 + minute) * 60000
  scannedTime[0] = scannedTime[0]! - (sign === 45 ? -offset : offset)
  return at + 6
}
