/** Prints local times by a Java pattern, to bytes. */
import {
  type ByteSink,
  dayOfYear,
  floorDiv,
  isoDayOfWeek,
  MS_PER_DAY,
  packedCivil,
} from '../../types/index.ts'
import { invalidArgument } from '../runtime-errors.ts'
import { type DateField, type PatternPart, parseDatePattern } from './java-date-pattern.ts'

export class DatePrinter {
  readonly #parts: readonly PatternPart[]
  readonly #pattern: string
  #year = 0
  #month = 0
  #day = 0
  #epochDay = 0
  #msOfDay = 0
  #nanos = 0

  constructor(pattern: string) {
    this.#pattern = pattern
    this.#parts = parseDatePattern(pattern)
  }

  /** `offsetMs` is the zone's offset for patterns with zone letters, null where the time has no zone. */
  print(out: ByteSink, localMs: number, nanosOfMs: number, offsetMs: number | null): void {
    const epochDay = floorDiv(localMs, MS_PER_DAY)
    const packed = packedCivil(epochDay)
    this.#epochDay = epochDay
    this.#year = Math.floor(packed / 512)
    this.#month = (packed >> 5) & 15
    this.#day = packed & 31
    this.#msOfDay = localMs - epochDay * MS_PER_DAY
    this.#nanos = (this.#msOfDay % 1000) * 1_000_000 + nanosOfMs
    this.#printParts(this.#parts, out, offsetMs)
  }

  #printParts(parts: readonly PatternPart[], out: ByteSink, offsetMs: number | null): void {
    for (const part of parts) {
      switch (part.kind) {
        case 'literal':
          out.appendText(part.text)
          break
        case 'number':
          appendNumber(out, this.#field(part.field), part.width)
          break
        case 'shortYear':
          appendNumber(out, ((this.#year % 100) + 100) % 100, 2)
          break
        case 'fraction':
          appendNumber(out, Math.floor(this.#nanos / 10 ** (9 - part.digits)), part.digits)
          break
        case 'monthName':
          out.appendText(part.names[this.#month - 1]!)
          break
        case 'weekday':
          out.appendText(part.names[isoDayOfWeek(this.#epochDay) - 1]!)
          break
        case 'half':
          out.appendText(this.#msOfDay < 43_200_000 ? 'AM' : 'PM')
          break
        case 'era':
          out.appendText('AD')
          break
        case 'offset':
          if (offsetMs === null)
            throw invalidArgument('date pattern', `'${this.#pattern}' has a zone, but a TIMESTAMP has none`)
          out.appendText(offsetText(part.letter, part.count, offsetMs))
          break
        case 'optional':
          this.#printParts(part.parts, out, offsetMs)
          break
      }
    }
  }

  #field(field: DateField): number {
    const hour = Math.floor(this.#msOfDay / 3_600_000)
    switch (field) {
      case 'year':
        return this.#year
      case 'month':
        return this.#month
      case 'day':
        return this.#day
      case 'dayOfYear':
        return dayOfYear(this.#epochDay)
      case 'quarter':
        return Math.floor((this.#month + 2) / 3)
      case 'hour':
        return hour
      case 'hour12':
        return hour % 12 === 0 ? 12 : hour % 12
      case 'hourOfHalf':
        return hour % 12
      case 'hour24':
        return hour === 0 ? 24 : hour
      case 'minute':
        return Math.floor(this.#msOfDay / 60_000) % 60
      case 'second':
        return Math.floor(this.#msOfDay / 1000) % 60
      case 'nanos':
        return this.#nanos
      case 'milliOfDay':
        return this.#msOfDay
    }
  }
}

function appendNumber(out: ByteSink, value: number, width: number): void {
  let digits = 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
  const size = Math.max(digits, width)
  const bytes = out.reserve(size)
  let at = out.length + size
  out.length = at
  for (let i = 0; i < size; i++) {
    const rest = Math.floor(value / 10)
    bytes[--at] = 48 + value - rest * 10
    value = rest
  }
}

function offsetText(letter: 'X' | 'x' | 'Z', count: number, offsetMs: number): string {
  if (letter === 'X' && offsetMs === 0) return 'Z'
  const minutes = Math.abs(Math.trunc(offsetMs / 60_000))
  const hour = String(Math.floor(minutes / 60)).padStart(2, '0')
  const minute = String(minutes % 60).padStart(2, '0')
  const sign = offsetMs < 0 ? '-' : '+'
  if (letter === 'Z' || count === 2) return `${sign}${hour}${minute}`
  return count === 3 ? `${sign}${hour}:${minute}` : sign + hour + (minute === '00' ? '' : minute)
}
