/**
 * Timestamps of any precision as epoch milliseconds and nanoseconds of that millisecond (0–999,999), which is what
 * conversions between precisions go through.
 */
import type { PlainValue } from './plain-value.ts'

export type Instant = readonly [ms: number, nanos: number]

/** The plain value of a TIMESTAMP(precision) as an instant. */
export function instantOf(value: PlainValue): Instant {
  if (typeof value === 'number') return [value, 0]
  if (typeof value === 'bigint') {
    const rest = ((value % 1000n) + 1000n) % 1000n
    return [Number((value - rest) / 1000n), Number(rest) * 1000]
  }
  return value as unknown as Instant
}

/** The plain value of a TIMESTAMP(precision); digits beyond it are cut. */
export function plainOfInstant(ms: number, nanos: number, precision: number): PlainValue {
  if (precision <= 3) return cutMs(ms, precision)
  if (precision <= 6) {
    const unit = 10 ** (6 - precision)
    const micros = Math.floor(nanos / 1000 / unit) * unit
    return BigInt(ms) * 1000n + BigInt(micros)
  }
  const unit = 10 ** (9 - precision)
  return [ms, Math.floor(nanos / unit) * unit]
}

/** Milliseconds cut to 0–3 digits of a second. */
export function cutMs(ms: number, precision: number): number {
  if (precision >= 3) return ms
  const unit = 10 ** (3 - precision)
  return Math.floor(ms / unit) * unit
}

/** Floor of epoch microseconds to milliseconds. */
export function microsToMs(micros: bigint): number {
  const rest = micros % 1000n
  return Number((rest < 0n ? micros - rest - 1000n : micros - rest) / 1000n)
}
