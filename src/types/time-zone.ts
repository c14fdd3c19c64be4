/**
 * Time zones by IANA name or offset (`Asia/Shanghai`, `UTC`, `GMT+8`, `+08:00`). Offsets come from Intl once per
 * year and zone; a lookup in a segment seen before is two comparisons. Local times follow Java's rules: in a gap
 * they move forward by its length, in an overlap the earlier instant is taken.
 */
import { validationError } from '../errors/index.ts'
import { daysFromCivil, floorDiv, isLeapYear, isoDayOfWeek, MS_PER_DAY, yearOf } from './civil-date.ts'

export interface TimeZone {
  readonly name: string
  /** Milliseconds to add to an instant (epoch ms) to get the local time. */
  offsetAt(utcMs: number): number
  /** Local time (epoch ms as if UTC) of an instant. */
  toLocal(utcMs: number): number
  /** Instant of a local time. */
  toUtc(localMs: number): number
}

class FixedZone implements TimeZone {
  readonly name: string
  readonly #offset: number

  constructor(name: string, offset: number) {
    this.name = name
    this.#offset = offset
  }

  offsetAt(): number {
    return this.#offset
  }

  toLocal(utcMs: number): number {
    return utcMs + this.#offset
  }

  toUtc(localMs: number): number {
    return localMs - this.#offset
  }
}

interface Segment {
  readonly from: number
  readonly to: number
  readonly offset: number
}

const SAMPLE_MS = 7 * MS_PER_DAY
/** Rules are asked of Intl up to here; later years behave like an equal year of the 28 before. */
const LAST_YEAR = 2099

class RegionZone implements TimeZone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  readonly #years = new Map<number, readonly Segment[]>()
  #current: Segment = { from: 0, to: 0, offset: 0 }

  constructor(name: string) {
    this.name = name
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  offsetAt(utcMs: number): number {
    const current = this.#current
    if (utcMs >= current.from && utcMs < current.to) return current.offset
    const segment = this.#segmentAt(utcMs)
    this.#current = segment
    return segment.offset
  }

  toLocal(utcMs: number): number {
    return utcMs + this.offsetAt(utcMs)
  }

  toUtc(localMs: number): number {
    const before = this.offsetAt(localMs - MS_PER_DAY)
    const after = this.offsetAt(localMs + MS_PER_DAY)
    if (before === after && this.offsetAt(localMs - before) === before) return localMs - before
    // Valid offsets first; of two the earlier instant; in a gap the offset before it.
    if (this.offsetAt(localMs - before) === before) return localMs - before
    if (this.offsetAt(localMs - after) === after) return localMs - after
    return localMs - before
  }

  #segmentAt(utcMs: number): Segment {
    const year = yearOf(floorDiv(utcMs, MS_PER_DAY))
    let segments = this.#years.get(year)
    if (segments === undefined) {
      segments = this.#segmentsOf(year)
      this.#years.set(year, segments)
    }
    return segments.find(segment => utcMs < segment.to) ?? segments.at(-1)!
  }

  #segmentsOf(year: number): readonly Segment[] {
    const start = daysFromCivil(year, 1, 1) * MS_PER_DAY
    const end = daysFromCivil(year + 1, 1, 1) * MS_PER_DAY
    if (year > LAST_YEAR) {
      const twin = equalYear(year)
      const shift = start - daysFromCivil(twin, 1, 1) * MS_PER_DAY
      return this.#segmentsOf(twin).map(({ from, to, offset }) => ({
        from: from + shift,
        to: to + shift,
        offset,
      }))
    }
    const segments: Segment[] = []
    let from = start
    let offset = this.#ask(start)
    for (let at = start; at < end; ) {
      const next = Math.min(at + SAMPLE_MS, end)
      const later = this.#ask(next === end ? end - 1 : next)
      if (later !== offset) {
        const change = this.#changeBetween(at, next, offset)
        segments.push({ from, to: change, offset })
        from = change
        offset = this.#ask(change)
        at = change
      } else at = next
    }
    segments.push({ from, to: end, offset })
    return segments
  }

  /** The first instant in (low, high] with another offset. */
  #changeBetween(low: number, high: number, offset: number): number {
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (this.#ask(middle) === offset) low = middle
      else high = middle
    }
    return high
  }

  #ask(utcMs: number): number {
    const at = Math.floor(utcMs / 1000) * 1000
    const parts: Record<string, number> = {}
    let isBeforeChrist = false
    for (const { type, value } of this.#format.formatToParts(at)) {
      if (type === 'era') isBeforeChrist = value.startsWith('B')
      else parts[type] = Number(value)
    }
    const year = isBeforeChrist ? 1 - parts['year']! : parts['year']!
    const day = daysFromCivil(year, parts['month']!, parts['day']!)
    return day * MS_PER_DAY + ((parts['hour']! * 60 + parts['minute']!) * 60 + parts['second']!) * 1000 - at
  }
}

/** A year of 2072–2099 with the same weekdays. */
function equalYear(year: number): number {
  const weekday = isoDayOfWeek(daysFromCivil(year, 1, 1))
  for (let twin = LAST_YEAR - 27; ; twin++)
    if (isLeapYear(twin) === isLeapYear(year) && isoDayOfWeek(daysFromCivil(twin, 1, 1)) === weekday)
      return twin
}

const offsetPattern = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/
const zones = new Map<string, TimeZone>()

/** Throws a ValidationError MR_TIME_ZONE_UNKNOWN. The same object for the same name. */
export function timeZoneOf(name: string): TimeZone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = makeZone(name)
  zones.set(name, zone)
  return zone
}

function makeZone(name: string): TimeZone {
  if (/^(UTC|GMT|UT|Z|Etc\/UTC|Etc\/GMT)$/.test(name)) return new FixedZone(name, 0)
  const match = offsetPattern.exec(name)
  if (match !== null) {
    const [, sign, hours, minutes = '0', seconds = '0'] = match
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    return new FixedZone(name, sign === '-' ? -size : size)
  }
  try {
    return new RegionZone(name)
  } catch (cause) {
    throw validationError('MR_TIME_ZONE_UNKNOWN', `unknown time zone '${name}'`, {
      expected: ['an IANA name such as Europe/Berlin', 'UTC', 'an offset such as GMT+8 or +08:00'],
      cause,
    })
  }
}
