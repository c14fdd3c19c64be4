/**
 * Dates and times as ASCII, straight into bytes, as java.time prints them: fractions of a second without
 * trailing zeros, none at all when zero. The caller has made room (`MAX_TIMESTAMP_BYTES`).
 */
import { packedCivil } from '../civil-date.ts'
import { writePadded } from './write-number.ts'

/** No date, time or timestamp needs more. */
export const MAX_TIMESTAMP_BYTES = 40

/** `yyyy-MM-dd`; `+` before years beyond 9999, `-` before negative ones. */
export function writeDate(bytes: Uint8Array, at: number, epochDay: number): number {
  const packed = packedCivil(epochDay)
  let year = Math.floor(packed / 512)
  if (year < 0 || year > 9999) bytes[at++] = year < 0 ? 45 : 43
  if (year < 0) year = -year
  at = writePadded(bytes, at, year, year > 99999 ? 6 : year > 9999 ? 5 : 4)
  bytes[at] = 45
  at = writePadded(bytes, at + 1, (packed >> 5) & 15, 2)
  bytes[at] = 45
  return writePadded(bytes, at + 1, packed & 31, 2)
}

/** `HH:mm:ss[.fraction]` of a millisecond of the day and the nanoseconds (0–999,999) below it. */
export function writeTimeOfDay(bytes: Uint8Array, at: number, msOfDay: number, nanos: number): number {
  const seconds = (msOfDay / 1000) | 0
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  at = writePadded(bytes, at, hours, 2)
  bytes[at] = 58
  at = writePadded(bytes, at + 1, minutes - hours * 60, 2)
  bytes[at] = 58
  at = writePadded(bytes, at + 1, seconds - minutes * 60, 2)
  const ms = msOfDay - seconds * 1000
  if (ms === 0 && nanos === 0) return at
  bytes[at] = 46
  at = writePadded(bytes, at + 1, ms, 3)
  if (nanos !== 0) at = writePadded(bytes, at, nanos, 6)
  while (bytes[at - 1] === 48) at--
  return at
}

/** Date, separator, time of epoch ms (read as UTC) and the nanoseconds below it. */
export function writeTimestamp(
  bytes: Uint8Array,
  at: number,
  ms: number,
  nanos: number,
  separator: number,
): number {
  const epochDay = Math.floor(ms / 86400000)
  at = writeDate(bytes, at, epochDay)
  bytes[at] = separator
  return writeTimeOfDay(bytes, at + 1, ms - epochDay * 86400000, nanos)
}

/** Like `writeTimestamp` for whole milliseconds; keeps the text written last, because window bounds repeat. */
export function createTimestampWriter(
  separator: number,
): (bytes: Uint8Array, at: number, ms: number) => number {
  const text = new Uint8Array(MAX_TIMESTAMP_BYTES)
  let last = Number.NaN
  let length = 0
  return (bytes, at, ms) => {
    if (ms !== last) {
      length = writeTimestamp(text, 0, ms, 0, separator)
      last = ms
    }
    for (let i = 0; i < length; i++) bytes[at + i] = text[i]!
    return at + length
  }
}
