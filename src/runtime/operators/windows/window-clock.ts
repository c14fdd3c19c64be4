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
 * that both hours are in; with none (clock set forward) the instant of the change.
 */
function zonedClock(zone: TimeZone): WindowClock {
  return {
    toLocal: ms => zone.toLocal(ms),
    toInstant: ms => zone.toUtc(ms),
    toTimer(localMs) {
      if (!Number.isFinite(localMs)) return localMs
      const first = zone.toUtc(localMs)
      const next = zone.toUtc(localMs + MS_PER_HOUR)
      if (next - first > MS_PER_HOUR) return first + MS_PER_HOUR
      if (next === first) return first - (first % MS_PER_HOUR)
      return first
    },
  }
}
