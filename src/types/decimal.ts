/**
 * Exact decimals: an unscaled bigint and the (precision, scale) of its type. Result types of operators follow
 * Flink's LogicalTypeMerging; a result with more digits than its type holds is NULL, as in Flink.
 */
import { decimalType, type LogicalType } from './logical-type.ts'

export const MAX_PRECISION = 38
const MIN_ADJUSTED_SCALE = 6

const powers: bigint[] = [1n]
for (let i = 1; i <= 100; i++) powers.push(powers[i - 1]! * 10n)

export const pow10 = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent)

interface Digits {
  readonly precision: number
  readonly scale: number
}

/** The DECIMAL an exact number type stands for in decimal arithmetic; undefined for other types. */
export function decimalDigits(type: LogicalType): Digits | undefined {
  switch (type.kind) {
    case 'DECIMAL':
      return type
    case 'TINYINT':
      return { precision: 3, scale: 0 }
    case 'SMALLINT':
      return { precision: 5, scale: 0 }
    case 'INTEGER':
      return { precision: 10, scale: 0 }
    case 'BIGINT':
      return { precision: 19, scale: 0 }
    default:
      return undefined
  }
}

/** Digits before the point win over those after it, but at least 6 after it are kept. */
function adjusted(precision: number, scale: number): LogicalType {
  if (precision <= MAX_PRECISION) return decimalType(precision, scale)
  const whole = precision - scale
  const kept = Math.max(MAX_PRECISION - whole, Math.min(scale, MIN_ADJUSTED_SCALE))
  return decimalType(MAX_PRECISION, kept)
}

export function additionType(a: Digits, b: Digits): LogicalType {
  const scale = Math.max(a.scale, b.scale)
  return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale)
}

export const multiplicationType = (a: Digits, b: Digits): LogicalType =>
  adjusted(a.precision + b.precision, a.scale + b.scale)

export function divisionType(a: Digits, b: Digits): LogicalType {
  const scale = Math.max(6, a.scale + b.precision + 1)
  return adjusted(a.precision - a.scale + b.scale + scale, scale)
}

export function moduloType(a: Digits, b: Digits): LogicalType {
  if (a.scale === 0 && b.scale === 0) return decimalType(b.precision, 0)
  const scale = Math.max(a.scale, b.scale)
  return adjusted(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale)
}

/** The type of ROUND(x, places) and TRUNCATE(x, places). */
export function roundType(a: Digits, places: number): LogicalType {
  if (places >= a.scale) return decimalType(a.precision, a.scale)
  if (places < 0) return decimalType(Math.min(MAX_PRECISION, 1 + a.precision - a.scale), 0)
  return decimalType(1 + a.precision - a.scale + places, places)
}

/** The smallest DECIMAL that holds all values of both. */
export function commonDecimal(a: Digits, b: Digits): LogicalType {
  const scale = Math.max(a.scale, b.scale)
  return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale)
}

/** Quotient rounded half away from zero. `divisor` must not be 0. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const rest = dividend - quotient * divisor
  if (rest === 0n) return quotient
  const twice = (rest < 0n ? -rest : rest) * 2n
  const size = divisor < 0n ? -divisor : divisor
  if (twice < size) return quotient
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n
}

/** The same number at another scale, rounded half away from zero when digits are lost. */
export function rescale(unscaled: bigint, from: number, to: number): bigint {
  if (to === from) return unscaled
  if (to > from) return unscaled * pow10(to - from)
  return divideHalfUp(unscaled, pow10(from - to))
}

export function fitsPrecision(unscaled: bigint, precision: number): boolean {
  const limit = pow10(precision)
  return unscaled < limit && unscaled > -limit
}

/** The number at the wanted type, or null when it has too many digits. */
export function toDecimal(unscaled: bigint, scale: number, wanted: Digits): bigint | null {
  const result = rescale(unscaled, scale, wanted.scale)
  return fitsPrecision(result, wanted.precision) ? result : null
}

export function divideDecimals(
  a: bigint,
  aScale: number,
  b: bigint,
  bScale: number,
  wanted: Digits,
): bigint | null {
  // a·10^-aScale / b·10^-bScale at wanted.scale
  const shift = wanted.scale - aScale + bScale
  const quotient = shift >= 0 ? divideHalfUp(a * pow10(shift), b) : divideHalfUp(a, b * pow10(-shift))
  return fitsPrecision(quotient, wanted.precision) ? quotient : null
}

export function decimalToString(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString()
  const negative = unscaled < 0n
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

const decimalPattern = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?\s*$/

/** The exact value of a number text, exponents allowed; undefined when it is none. */
export function parseDecimal(text: string): { unscaled: bigint; scale: number } | undefined {
  const match = decimalPattern.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const unscaled = BigInt(`${whole}${fraction}`)
  const scale = fraction.length - Number(exponent)
  // Beyond any DECIMAL: avoids building numbers with millions of digits.
  if (unscaled !== 0n && scale < -MAX_PRECISION * 2) return { unscaled: pow10(MAX_PRECISION * 2), scale: 0 }
  if (scale > MAX_PRECISION * 20) return { unscaled: 0n, scale: 0 }
  const signed = sign === '-' ? -unscaled : unscaled
  return scale < 0 ? { unscaled: signed * pow10(-scale), scale: 0 } : { unscaled: signed, scale }
}

/** The decimal nearest to what JavaScript prints for the double; undefined for NaN and infinities. */
export const parseDouble = (value: number): { unscaled: bigint; scale: number } | undefined =>
  Number.isFinite(value) ? parseDecimal(String(value)) : undefined

export const decimalToNumber = (unscaled: bigint, scale: number): number =>
  scale === 0 ? Number(unscaled) : Number(decimalToString(unscaled, scale))
