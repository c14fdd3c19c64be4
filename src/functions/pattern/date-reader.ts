/** Reads times by a Java pattern, from bytes. Missing parts are those of 1970-01-01 00:00:00, as in Flink. */
import { daysFromCivil, isLeapYear, MS_PER_DAY } from '../../types/index.ts'
import { type DateField, type PatternPart, parseDatePattern, smartDays } from './java-date-pattern.ts'

const UNSET = -1

const slots: Readonly<Record<DateField, number>> = {
  year: 0,
  month: 1,
  day: 2,
  dayOfYear: 3,
  quarter: 4,
  hour: 5,
  hour12: 6,
  hourOfHalf: 7,
  hour24: 8,
  minute: 9,
  second: 10,
  nanos: 11,
  milliOfDay: 12,
}

export class DateReader {
  readonly #parts: readonly PatternPart[]
  /** By the numbers below; UNSET where the text had no such field. */
  readonly #fields = new Float64Array(13)
  #half = UNSET
  #weekday = UNSET
  #offset = Number.NaN
  /** Nanoseconds below the millisecond of the last text that was read. */
  nanos = 0

  constructor(pattern: string) {
    this.#parts = parseDatePattern(pattern)
  }

  /** Zone offset (ms) that stood in the last text, or NaN. */
  get offset(): number {
    return this.#offset
  }

  /** Local time as epoch ms, or NaN when the text does not fit. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.#fields.fill(UNSET)
    this.#half = UNSET
    this.#weekday = UNSET
    this.#offset = Number.NaN
    if (this.#readParts(this.#parts, bytes, start, end) !== end) return Number.NaN
    return this.#resolve()
  }

  /** End of what was read, or -1. */
  #readParts(parts: readonly PatternPart[], bytes: Uint8Array, at: number, end: number): number {
    for (const part of parts) {
      at = this.#readPart(part, bytes, at, end)
      if (at < 0) return -1
    }
    return at
  }

  #readPart(part: PatternPart, bytes: Uint8Array, at: number, end: number): number {
    switch (part.kind) {
      case 'literal':
        return readText(part.text, bytes, at, end)
      case 'number':
        return this.#readNumber(slots[part.field], part.width, part.max, part.reserved, bytes, at, end)
      case 'shortYear': {
        const next = this.#readNumber(slots.year, 2, 2, 0, bytes, at, end)
        if (next >= 0) this.#fields[slots.year]! += 2000
        return next
      }
      case 'fraction': {
        const next = this.#readNumber(slots.nanos, part.digits, part.digits, 0, bytes, at, end)
        if (next >= 0) this.#fields[slots.nanos]! *= 10 ** (9 - part.digits)
        return next
      }
      case 'monthName': {
        const index = longestName(part.names, bytes, at, end)
        this.#fields[slots.month] = index + 1
        return index < 0 ? -1 : at + part.names[index]!.length
      }
      case 'weekday': {
        const index = longestName(part.names, bytes, at, end)
        this.#weekday = index + 1
        return index < 0 ? -1 : at + part.names[index]!.length
      }
      case 'half': {
        const index = longestName(['AM', 'PM'], bytes, at, end)
        this.#half = index
        return index < 0 ? -1 : at + 2
      }
      case 'era':
        return readText('AD', bytes, at, end)
      case 'offset':
        return this.#readOffset(part.letter, part.count, bytes, at, end)
      case 'optional': {
        const next = this.#readParts(part.parts, bytes, at, end)
        return next < 0 ? at : next
      }
    }
  }

  #readNumber(
    field: number,
    width: number,
    max: number,
    reserved: number,
    bytes: Uint8Array,
    at: number,
    end: number,
  ): number {
    let available = 0
    while (at + available < end && isDigit(bytes[at + available]!)) available++
    let count = Math.min(max, available)
    if (width === 0 && reserved > 0) count = Math.min(count, Math.max(1, available - reserved))
    if (count < Math.max(1, width)) return -1
    let value = 0
    for (let i = at; i < at + count; i++) value = value * 10 + bytes[i]! - 48
    this.#fields[field] = value
    return at + count
  }

  #readOffset(letter: string, count: number, bytes: Uint8Array, at: number, end: number): number {
    if (letter === 'X' && bytes[at] === 90 && at < end) {
      this.#offset = 0
      return at + 1
    }
    const sign = at < end && bytes[at] === 43 ? 1 : at < end && bytes[at] === 45 ? -1 : 0
    if (sign === 0) return -1
    const hasColon = letter !== 'Z' && count === 3
    const minutesAt = at + (hasColon ? 4 : 3)
    const hours = twoDigits(bytes, at + 1, end)
    let minutes = twoDigits(bytes, minutesAt, end)
    let next = minutesAt + 2
    if (Number.isNaN(minutes) && letter !== 'Z' && count === 1) {
      minutes = 0
      next = at + 3
    }
    if (hasColon && bytes[at + 3] !== 58) return -1
    if (Number.isNaN(hours + minutes)) return -1
    this.#offset = sign * (hours * 60 + minutes) * 60_000
    return next
  }

  #get(field: DateField): number {
    return this.#fields[slots[field]]!
  }

  #resolve(): number {
    const day = this.#resolveDay()
    const time = this.#resolveTime()
    if (day === undefined || time === undefined) return Number.NaN
    if (this.#weekday !== UNSET && ((((day + 3) % 7) + 7) % 7) + 1 !== this.#weekday) return Number.NaN
    return day * MS_PER_DAY + time
  }

  #resolveDay(): number | undefined {
    const year = this.#get('year')
    const month = this.#get('month')
    const day = this.#get('day')
    const dayOfYear = this.#get('dayOfYear')
    const ofYear = year === UNSET ? 1970 : year
    if (dayOfYear !== UNSET && month === UNSET) {
      if (ofYear < 1 || ofYear > 9999 || dayOfYear < 1 || dayOfYear > (isLeapYear(ofYear) ? 366 : 365))
        return undefined
      return daysFromCivil(ofYear, 1, dayOfYear)
    }
    return smartDays(ofYear, month === UNSET ? 1 : month, day === UNSET ? 1 : day)
  }

  #resolveTime(): number | undefined {
    const minute = Math.max(0, this.#get('minute'))
    const second = Math.max(0, this.#get('second'))
    const nanos = Math.max(0, this.#get('nanos'))
    const hour = this.#resolveHour()
    if (hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined
    const ms = Math.floor(nanos / 1_000_000)
    this.nanos = nanos - ms * 1_000_000
    const milliOfDay = this.#get('milliOfDay')
    if (milliOfDay !== UNSET) return milliOfDay
    return ((hour * 60 + minute) * 60 + second) * 1000 + ms
  }

  #resolveHour(): number | undefined {
    const hour = this.#get('hour')
    const hour12 = this.#get('hour12')
    const hourOfHalf = this.#get('hourOfHalf')
    const hour24 = this.#get('hour24')
    if (hour !== UNSET) return hour
    if (hour24 !== UNSET) return hour24 < 1 || hour24 > 24 ? undefined : hour24 % 24
    const ofHalf = hour12 !== UNSET ? (hour12 < 1 || hour12 > 12 ? undefined : hour12 % 12) : hourOfHalf
    if (ofHalf === UNSET || this.#half === UNSET) return ofHalf === undefined ? undefined : 0
    return ofHalf === undefined || ofHalf > 11 ? undefined : ofHalf + 12 * this.#half
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

function twoDigits(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end || !isDigit(bytes[at]!) || !isDigit(bytes[at + 1]!)) return Number.NaN
  return (bytes[at]! - 48) * 10 + bytes[at + 1]! - 48
}

/** Characters of a pattern's text against UTF-8: other than ASCII they are encoded on the way. */
function readText(text: string, bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) {
      const encoded = Buffer.from(text.slice(i))
      for (const byte of encoded) if (at >= end || bytes[at++] !== byte) return -1
      return at
    }
    if (at >= end || bytes[at++] !== code) return -1
  }
  return at
}

/** Index of the longest name that stands here, or -1. */
function longestName(names: readonly string[], bytes: Uint8Array, at: number, end: number): number {
  let best = -1
  for (let i = 0; i < names.length; i++)
    if (readText(names[i]!, bytes, at, end) >= 0 && (best < 0 || names[i]!.length > names[best]!.length))
      best = i
  return best
}
