/**
 * The lives of the job: half of the time one process runs undisturbed, so that slow growth shows; before and after it
 * processes are ended at random moments, with SIGKILL and SIGTERM in turn, so that what a restart leaves behind shows.
 */
import { randomNumbers } from '../demo/traffic.ts'

export interface Life {
  /** Seconds from the beginning. */
  readonly endAt: number
  readonly endedBy: 'SIGKILL' | 'SIGTERM'
}

/** One disturbed life per this many seconds. */
const DISTURBED_SECONDS = 60

/** In order; the last one ends with the traffic. */
export function schedule(seconds: number, seed: number): readonly Life[] {
  const random = randomNumbers(seed)
  const quarter = seconds / 4
  const perQuarter = Math.max(1, Math.round(quarter / DISTURBED_SECONDS))
  const moments = (from: number) =>
    Array.from({ length: perQuarter }, (_, i) => from + ((i + 0.25 + random() / 2) * quarter) / perQuarter)
  const before = moments(0).map((at, i) => (i === perQuarter - 1 ? quarter : at))
  const after = moments(3 * quarter).map((at, i) => (i === 0 ? 3 * quarter : at))
  const killsFirst = random() < 0.5
  return [...before, ...after, seconds].map((endAt, i, all) => ({
    endAt,
    endedBy: i < all.length - 1 && (i % 2 === 0) === killsFirst ? 'SIGKILL' : 'SIGTERM',
  }))
}
