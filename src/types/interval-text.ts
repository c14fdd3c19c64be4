/** Intervals as text: `+1-02` (years-months) and `+1 02:03:04.567` (days and time), as Flink prints them. */
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from './civil-date.ts'

const two = (n: number): string => String(n).padStart(2, '0')

export function formatMonths(months: number): string {
  const size = Math.abs(months)
  return `${months < 0 ? '-' : '+'}${Math.floor(size / 12)}-${two(size % 12)}`
}

export function formatDayTime(ms: number): string {
  const size = Math.abs(ms)
  const days = Math.floor(size / MS_PER_DAY)
  const hours = Math.floor(size / MS_PER_HOUR) % 24
  const minutes = Math.floor(size / MS_PER_MINUTE) % 60
  const seconds = Math.floor(size / 1000) % 60
  const sign = ms < 0 ? '-' : '+'
  return `${sign}${days} ${two(hours)}:${two(minutes)}:${two(seconds)}.${String(size % 1000).padStart(3, '0')}`
}

export type IntervalUnit = 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND'

/** Months per unit, for year-month intervals. */
const monthUnits: Partial<Record<IntervalUnit, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 }
const msUnits: Partial<Record<IntervalUnit, number>> = {
  WEEK: 7 * MS_PER_DAY,
  DAY: MS_PER_DAY,
  HOUR: MS_PER_HOUR,
  MINUTE: MS_PER_MINUTE,
  SECOND: 1000,
}
const dayTimeUnits: readonly IntervalUnit[] = ['DAY', 'HOUR', 'MINUTE', 'SECOND']

/**
 * The value of `INTERVAL 'text' start [TO end]`: months for YEAR…MONTH, milliseconds for DAY…SECOND. undefined when
 * the text does not fit the units. `'1-2' YEAR TO MONTH`, `'1 02:03:04.5' DAY TO SECOND`, `'90' MINUTE`.
 */
export function parseInterval(text: string, start: IntervalUnit, end?: IntervalUnit): number | undefined {
  const match = /^\s*([+-]?)(.*?)\s*$/s.exec(text)!
  const sign = match[1] === '-' ? -1 : 1
  const body = match[2]!
  const size = end === undefined || end === start ? singleUnit(body, start) : severalUnits(body, start, end)
  return size === undefined ? undefined : sign * size
}

function singleUnit(body: string, unit: IntervalUnit): number | undefined {
  if (!(unit === 'SECOND' ? /^\d+(\.\d*)?$/ : /^\d+$/).test(body)) return undefined
  const months = monthUnits[unit]
  return months === undefined ? Math.trunc(Number(body) * msUnits[unit]!) : Number(body) * months
}

function severalUnits(body: string, start: IntervalUnit, end: IntervalUnit): number | undefined {
  if (start === 'YEAR' && end === 'MONTH') {
    const match = /^(\d+)-(\d{1,2})$/.exec(body)
    return match === null || Number(match[2]) > 11 ? undefined : Number(match[1]) * 12 + Number(match[2])
  }
  const units = dayTimeUnits.slice(dayTimeUnits.indexOf(start), dayTimeUnits.indexOf(end) + 1)
  if (units.length < 2 || !dayTimeUnits.includes(start)) return undefined
  const parts = body.split(/[ :]+/)
  if (parts.length !== units.length) return undefined
  let total = 0
  for (let i = 0; i < parts.length; i++) {
    const value = singleUnit(parts[i]!, units[i]!)
    if (value === undefined) return undefined
    total += value
  }
  return total
}
