/**
 * Dates and times as SQL text, years 0001–9999: `2024-01-31`, `23:59:59.123`, `2024-01-31 23:59:59.123456`.
 * Reading follows Flink's CAST: month, day, hour, minute and second may have one digit; a timestamp may be a date
 * alone; up to 9 digits of a second; the separator is one blank.
 */
import { daysFromCivil, daysInMonth, MS_PER_DAY, packedCivil } from './civil-date.ts'
import type { Instant } from './instant.ts'

const datePattern = /^(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/
const timePattern = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9})\d*)?)?)?$/
const timestampPattern = /^(\d{4}-\d{1,2}-\d{1,2})(?: (\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{0,9})?))?$/

/** Epoch day; undefined when the text is no date. Whatever follows a blank is ignored, as in Flink. */
export function parseDate(text: string): number | undefined {
  const match = datePattern.exec(text.trim().split(' ', 1)[0]!)
  if (match === null) return undefined
  return checkedDays(Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1))
}

/** Epoch day of a date that exists, in the years 1–9999. */
export function checkedDays(year: number, month: number, day: number): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined
  return day > daysInMonth(year, month) ? undefined : daysFromCivil(year, month, day)
}

/** Milliseconds of the day and nanoseconds below them. */
export function parseTime(text: string): Instant | undefined {
  const match = timePattern.exec(text.trim())
  if (match === null) return undefined
  const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const nanos = Number((match[4] ?? '').padEnd(9, '0'))
  return [((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nanos / 1_000_000), nanos % 1_000_000]
}

/** Epoch milliseconds as if the text were UTC, and nanoseconds of that millisecond. */
export function parseTimestamp(text: string): Instant | undefined {
  const match = timestampPattern.exec(text.trim())
  if (match === null) return undefined
  const day = parseDate(match[1]!)
  const time = parseTime(match[2] ?? '0')
  if (day === undefined || time === undefined) return undefined
  return [day * MS_PER_DAY + time[0], time[1]]
}

/** Where `readTimestamp` leaves the nanoseconds. */
export interface NanosCell {
  nanos: number
}

/**
 * The plain form `YYYY-MM-DD HH:MM:SS[.fffffffff]` straight from bytes, without a string: epoch ms, or NaN for any
 * other text (which may still be a timestamp: try `parseTimestamp`).
 */
export function readTimestamp(bytes: Uint8Array, start: number, end: number, cell: NanosCell): number {
  const length = end - start
  if (length < 19 || length > 29 || length === 20) return Number.NaN
  if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 10] !== 32) return Number.NaN
  if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return Number.NaN
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
  const month = twoDigits(bytes, start + 5)
  const day = twoDigits(bytes, start + 8)
  const hour = twoDigits(bytes, start + 11)
  const minute = twoDigits(bytes, start + 14)
  const second = twoDigits(bytes, start + 17)
  // A part that is no number is NaN and fails its test.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)))
    return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN
  let nanos = 0
  if (length > 19) {
    if (bytes[start + 19] !== 46) return Number.NaN
    let unit = 100_000_000
    for (let i = start + 20; i < end; i++) {
      const digit = bytes[i]! - 48
      if (digit < 0 || digit > 9) return Number.NaN
      nanos += digit * unit
      unit /= 10
    }
  }
  const ms = (nanos / 1_000_000) | 0
  cell.nanos = nanos - ms * 1_000_000
  return daysFromCivil(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + ms
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48
  const ones = bytes[at + 1]! - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n))

export function formatDate(epochDay: number): string {
  const packed = packedCivil(epochDay)
  const year = Math.floor(packed / 512)
  const text = year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')
  return `${text}-${two((packed >> 5) & 15)}-${two(packed & 31)}`
}

/** `HH:MM:SS` and `precision` digits of a second. */
export function formatTime(msOfDay: number, nanos: number, precision: number): string {
  const seconds = Math.floor(msOfDay / 1000)
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  if (precision === 0) return text
  const fraction = (msOfDay - seconds * 1000) * 1_000_000 + nanos
  return `${text}.${String(fraction).padStart(9, '0').slice(0, precision)}`
}

export function formatTimestamp(ms: number, nanos: number, precision: number, separator = ' '): string {
  const day = Math.floor(ms / MS_PER_DAY)
  return `${formatDate(day)}${separator}${formatTime(ms - day * MS_PER_DAY, nanos, precision)}`
}
