/** SQL values from text, with regular expressions and BigInt. Each gives undefined for a text that is none. */
import type { PlainValue } from '../../src/types/index.ts'

/** Java's String.trim: everything up to the blank. */
export const trimmed = (text: string): string => text.replace(/^[\0- ]+/, '').replace(/[\0- ]+$/, '')

/** An exact number as `digits × 10^exponent`; undefined for other texts. */
export function exactNumber(
  text: string,
): { readonly digits: bigint; readonly exponent: number } | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole + fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length }
}

/** Rounded to an integer, halves away from zero or, on request, towards zero; undefined when absurdly large. */
export function roundedInteger(digits: bigint, exponent: number, cut: boolean): bigint | undefined {
  if (digits === 0n) return 0n
  if (exponent >= 0) return exponent > 60 ? undefined : digits * 10n ** BigInt(exponent)
  const size = digits < 0n ? -digits : digits
  if (-exponent > size.toString().length) return 0n
  const unit = 10n ** BigInt(-exponent)
  const rounded = (size + (cut ? 0n : unit / 2n)) / unit
  return digits < 0n ? -rounded : rounded
}

export function doubleOf(text: string): number | undefined {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text)
  if (/^[+-]?NaN$/.test(text)) return Number.NaN
  const infinity = /^([+-]?)Infinity$/.exec(text)
  return infinity === null ? undefined : infinity[1] === '-' ? -Infinity : Infinity
}

/** null = too many digits for the type. */
export function decimalOf(text: string, precision: number, scale: number): bigint | null | undefined {
  const parts = exactNumber(text)
  if (parts === undefined) return undefined
  const unscaled = roundedInteger(parts.digits, parts.exponent + scale, false)
  const limit = 10n ** BigInt(precision)
  return unscaled === undefined || unscaled >= limit || unscaled <= -limit ? null : unscaled
}

export function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  const isCanonical = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
  return isCanonical && !/={3,}/.test(text) && (!text.includes('=') || /^[^=]{2,}={1,2}$/.test(text))
    ? new Uint8Array(bytes)
    : undefined
}

const daysOf = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 86400000 : undefined
}

export function dateOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return match === null ? undefined : daysOf(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** Nanoseconds of the day. */
export function timeOf(text: string, optionalSeconds: boolean): bigint | undefined {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text)
  if (match === null || (match[3] === undefined && !optionalSeconds)) return undefined
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return BigInt((hour * 60 + minute) * 60 + second) * 1_000_000_000n + BigInt((match[4] ?? '').padEnd(9, '0'))
}

export const cutTime = (nanos: bigint, precision: number): number =>
  Number(
    floorDiv(nanos, 10n ** BigInt(9 - Math.min(3, precision))) * 10n ** BigInt(3 - Math.min(3, precision)),
  )

const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b

/** Nanoseconds since the epoch; the zone is read when `zoned`. */
export function instantOf(
  text: string,
  separator: string,
  optionalSeconds: boolean,
  zoned: boolean,
): bigint | undefined {
  const match = /^(.{10})(.)(.*?)(Z|[+-]\d\d:\d\d)?$/s.exec(text)
  if (match === null || match[2] !== separator || zoned !== (match[4] !== undefined)) return undefined
  const day = dateOf(match[1]!)
  const time = timeOf(match[3]!, optionalSeconds)
  if (day === undefined || time === undefined) return undefined
  let offset = 0
  if (match[4] !== undefined && match[4] !== 'Z') {
    const [hour, minute] = [Number(match[4].slice(1, 3)), Number(match[4].slice(4))]
    if (hour > 18 || minute > 59) return undefined
    offset = (hour * 60 + minute) * (match[4][0] === '-' ? -60 : 60)
  }
  return BigInt(day * 86400 - offset) * 1_000_000_000n + time
}

export function timestampValue(nanos: bigint, precision: number): PlainValue {
  const unit = 10n ** BigInt(9 - precision)
  const cut = floorDiv(nanos, unit) * unit
  if (precision <= 3) return Number(floorDiv(cut, 1_000_000n))
  if (precision <= 6) return floorDiv(cut, 1000n)
  const ms = floorDiv(cut, 1_000_000n)
  return [Number(ms), Number(cut - ms * 1_000_000n)]
}
