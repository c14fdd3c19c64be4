/** The fields EXTRACT knows, of a local time. */
import {
  dayOfMonth,
  dayOfYear,
  floorDiv,
  floorMod,
  isoDayOfWeek,
  isoWeek,
  isoWeekYear,
  MS_PER_DAY,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  monthOf,
  yearOf,
} from '../../../types/index.ts'

export type TimeField = (localMs: number, nanosOfMs: number) => number

const ofDay =
  (field: (epochDay: number) => number): TimeField =>
  ms =>
    field(floorDiv(ms, MS_PER_DAY))

const century = (year: number, span: number): number => Math.floor((year + span - 1) / span)

/** DOW and DAYOFWEEK count from Sunday = 1, ISODOW from Monday = 1; MILLISECOND … NANOSECOND are of the second. */
export const timeFields: Readonly<Record<string, TimeField | undefined>> = {
  YEAR: ofDay(yearOf),
  QUARTER: ofDay(day => Math.floor((monthOf(day) + 2) / 3)),
  MONTH: ofDay(monthOf),
  WEEK: ofDay(isoWeek),
  DAY: ofDay(dayOfMonth),
  DOY: ofDay(dayOfYear),
  DOW: ofDay(day => (isoDayOfWeek(day) % 7) + 1),
  ISODOW: ofDay(isoDayOfWeek),
  ISOYEAR: ofDay(isoWeekYear),
  DECADE: ofDay(day => Math.floor(yearOf(day) / 10)),
  CENTURY: ofDay(day => century(yearOf(day), 100)),
  MILLENNIUM: ofDay(day => century(yearOf(day), 1000)),
  HOUR: ms => Math.floor(floorMod(ms, MS_PER_DAY) / MS_PER_HOUR),
  MINUTE: ms => Math.floor(floorMod(ms, MS_PER_HOUR) / MS_PER_MINUTE),
  SECOND: ms => Math.floor(floorMod(ms, MS_PER_MINUTE) / 1000),
  MILLISECOND: ms => floorMod(ms, 1000),
  MICROSECOND: (ms, nanos) => floorMod(ms, 1000) * 1000 + Math.floor(nanos / 1000),
  NANOSECOND: (ms, nanos) => floorMod(ms, 1000) * 1_000_000 + nanos,
  EPOCH: ms => Math.floor(ms / 1000),
}

/** Fields of intervals: of months, or of milliseconds. */
export const monthFields: Readonly<Record<string, ((months: number) => number) | undefined>> = {
  YEAR: months => Math.trunc(months / 12),
  QUARTER: months => Math.trunc((months % 12) / 3) + 1,
  MONTH: months => months % 12,
}
export const dayTimeFields: Readonly<Record<string, ((ms: number) => number) | undefined>> = {
  DAY: ms => Math.trunc(ms / MS_PER_DAY),
  HOUR: ms => Math.trunc((ms % MS_PER_DAY) / MS_PER_HOUR),
  MINUTE: ms => Math.trunc((ms % MS_PER_HOUR) / MS_PER_MINUTE),
  SECOND: ms => Math.trunc((ms % MS_PER_MINUTE) / 1000),
  MILLISECOND: ms => ms % 1000,
  EPOCH: ms => Math.trunc(ms / 1000),
}
