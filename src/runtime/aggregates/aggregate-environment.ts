/** What generated aggregate loops call for the rare paths; passed in as `env`. */
import { decodeObject, sameObject } from '../../state/object-codec.ts'

const LIMIT_38 = 10n ** 38n

export const aggregateEnvironment = {
  sameObject,
  decodeObject,

  /** Whether an unscaled value has at most 38 digits. */
  fits38: (value: bigint): boolean => value < LIMIT_38 && value > -LIMIT_38,

  /** Rounds half away from zero, as java.math's HALF_UP. */
  divideHalfUp(dividend: bigint, divisor: bigint): bigint {
    const quotient = dividend / divisor
    const rest = dividend - quotient * divisor
    const twice = (rest < 0n ? -rest : rest) * 2n
    if (twice < (divisor < 0n ? -divisor : divisor)) return quotient
    return dividend < 0n !== divisor < 0n ? quotient - 1n : quotient + 1n
  },

  /** Lexicographic, bytes unsigned. */
  compareBytes(
    a: Uint8Array,
    aStart: number,
    aEnd: number,
    b: Uint8Array,
    bStart: number,
    bEnd: number,
  ): number {
    const length = Math.min(aEnd - aStart, bEnd - bStart)
    for (let i = 0; i < length; i++) {
      const difference = a[aStart + i]! - b[bStart + i]!
      if (difference !== 0) return difference
    }
    return aEnd - aStart - (bEnd - bStart)
  },
}

export type AggregateEnvironment = typeof aggregateEnvironment
