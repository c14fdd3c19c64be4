/** What generated aggregate loops call for the rare paths; passed in as `env`. */
import { decodeObject, sameObject } from '../../state/object-codec.ts'

const LIMIT_38 = 10n ** 38n
let arrivals = Date.now() * 1024

/** State that was restored holds numbers up to this: new ones come after them, wherever the wall clock stands. */
export function continueArrivals(last: number): void {
  arrivals = Math.max(arrivals, last)
}

export const aggregateEnvironment = {
  sameObject,
  decodeObject,

  comma: new Uint8Array([0x2c]),

  /** A number larger than any before. */
  nextArrival: (): number => ++arrivals,

  /** Lists in state are never changed in place: snapshots share them. */
  appended: (list: readonly unknown[] | null, value: unknown): readonly unknown[] =>
    list === null ? [value] : [...list, value],

  joined: (list: readonly unknown[] | null, other: readonly unknown[]): readonly unknown[] =>
    list === null ? other : [...list, ...other],

  /** Without the first member that equals the value. */
  without(list: readonly unknown[] | null, value: unknown): readonly unknown[] {
    const at = (list ?? []).findIndex(member => sameObject(member, value))
    return list === null ? [] : at < 0 ? list : list.toSpliced(at, 1)
  },

  joinBytes(parts: readonly Uint8Array[], separator: Uint8Array): Uint8Array {
    let size = separator.length * (parts.length - 1)
    for (const part of parts) size += part.length
    const joined = new Uint8Array(size)
    let at = 0
    parts.forEach((part, i) => {
      if (i > 0) {
        joined.set(separator, at)
        at += separator.length
      }
      joined.set(part, at)
      at += part.length
    })
    return joined
  },

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
