/**
 * Whether a series stays where it is. Compared are medians of the first and the last third after the warm-up: a
 * median is not moved by a garbage collection or a busy moment of the machine, a leak moves it. The slope (Theil–Sen:
 * the median of the slopes between samples) is told beside it.
 */
export interface Point {
  /** Seconds. */
  readonly at: number
  readonly value: number
}

export interface Limit {
  /** Growth that is allowed: this part of the first median, and so much on top. */
  readonly ratio: number
  readonly absolute: number
}

export interface Flatness {
  readonly first: number
  readonly last: number
  readonly allowed: number
  readonly perHour: number
  readonly isFlat: boolean
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Fewer tell nothing. */
const LEAST_POINTS = 6
/** Of these many points slopes are taken between all pairs. */
const SLOPE_POINTS = 200

/** Null when there are too few points to say anything. */
export function flatness(points: readonly Point[], limit: Limit): Flatness | null {
  if (points.length < LEAST_POINTS) return null
  const third = Math.floor(points.length / 3)
  const first = median(points.slice(0, third).map(({ value }) => value))
  const last = median(points.slice(-third).map(({ value }) => value))
  const allowed = first + Math.abs(first) * limit.ratio + limit.absolute
  return { first, last, allowed, perHour: theilSen(points) * 3600, isFlat: last <= allowed }
}

function theilSen(points: readonly Point[]): number {
  const step = Math.max(1, Math.ceil(points.length / SLOPE_POINTS))
  const some = points.filter((_, i) => i % step === 0)
  const slopes: number[] = []
  for (let i = 0; i < some.length; i++) {
    for (let j = i + 1; j < some.length; j++) {
      const seconds = some[j]!.at - some[i]!.at
      if (seconds > 0) slopes.push((some[j]!.value - some[i]!.value) / seconds)
    }
  }
  return slopes.length === 0 ? 0 : median(slopes)
}
