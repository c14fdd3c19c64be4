/**
 * How instants, window bounds and firing times relate. Windows over TIMESTAMP columns are UTC arithmetic. Windows
 * over TIMESTAMP_LTZ are computed on the local wall clock of the job's zone, as milliseconds since 1970-01-01
 * 00:00 local; a day is then a local day, of 23 or 25 hours where the clock changes. (Flink, TimeWindowUtil.)
 */
import { MS_PER_HOUR } from '../../../types/civil-date.ts'
import { type TimeZone, timeZoneOf } from '../../../types/index.ts'

export interface WindowClock {
  /** Wall-clock ms of an instant. */
  toLocal(instantMs: number): number
  /** The watermark (or processing time) at which a wall-clock time has passed. */
  toTimer(localMs: number): number
  /** The instant of a wall-clock time, for outputs of type TIMESTAMP_LTZ. */
  toInstant(localMs: number): number
}

const same = (ms: number): number => ms

export const utcClock: WindowClock = { toLocal: same, toTimer: same, toInstant: same }

/** `local`: the windows are over TIMESTAMP_LTZ. */
export const clockOf = (local: boolean, zone: string): WindowClock =>
  local && zone !== 'UTC' ? zonedClock(timeZoneOf(zone)) : utcClock

/**
 * Firing times where a wall-clock time has two instants or none: with two (clock set back) the later one, so
 * that both hours are in; with none (clock set forward) the instant of the change. As Flink, only for zones that
 * still change their clocks; elsewhere the earlier instant.
 */
function zonedClock(zone: TimeZone): WindowClock {
  const toInstant = (ms: number) => zone.toUtc(ms)
  const clock = { toLocal: (ms: number) => zone.toLocal(ms), toInstant }
  if (!changesClocks(zone)) return { ...clock, toTimer: toInstant }
  return {
    ...clock,
    toTimer(localMs) {
      const first = toInstant(localMs)
      const next = toInstant(localMs + MS_PER_HOUR)
      if (next - first > MS_PER_HOUR) return first + MS_PER_HOUR
      if (next === first) return first - (first % MS_PER_HOUR)
      return first
    },
  }
}

/** Whether the zone's rules for the future have a summer time (java.util.TimeZone.useDaylightTime). */
const changesClocks = (zone: TimeZone): boolean =>
  zone.offsetAt(Date.UTC(2098, 0, 1)) !== zone.offsetAt(Date.UTC(2098, 6, 1))
