/**
 * Numbers as ASCII, straight into bytes. Every writer takes the position, writes there and returns the position
 * after; the caller has made room (`MAX_NUMBER_BYTES`).
 */

/** No number below needs more. */
export const MAX_NUMBER_BYTES = 32

const BILLION = 1000000000

/** `value` ≥ 0, an int32, in exactly `width` digits. */
export function writePadded(bytes: Uint8Array, at: number, value: number, width: number): number {
  for (let p = at + width - 1; p >= at; p--) {
    const rest = (value / 10) | 0
    bytes[p] = 48 + value - rest * 10
    value = rest
  }
  return at + width
}

const digitsOf = (value: number): number => {
  if (value < 10) return 1
  if (value < 100) return 2
  if (value < 1000) return 3
  if (value < 10000) return 4
  if (value < 100000) return 5
  if (value < 1000000) return 6
  if (value < 10000000) return 7
  if (value < 100000000) return 8
  return value < BILLION ? 9 : 10
}

export function writeInt32(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0) {
    bytes[at++] = 45
    if (value === -2147483648) return writePadded(bytes, writePadded(bytes, at, 2, 1), 147483648, 9)
    value = -value
  }
  return writePadded(bytes, at, value, digitsOf(value))
}

/** An exact integer, |value| ≤ 2^53. */
export function writeSafeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0) {
    bytes[at++] = 45
    value = -value
  }
  if (value < BILLION) return writePadded(bytes, at, value, digitsOf(value))
  const high = Math.floor(value / BILLION)
  const low = value - high * BILLION
  return writePadded(bytes, writePadded(bytes, at, high, digitsOf(high)), low, 9)
}

export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i)
  return at
}

const scratch = new BigInt64Array(1)
const scratchWords = new Int32Array(scratch.buffer)

/** The pair as a bigint. */
export function bigintFromWords(lo: number, hi: number): bigint {
  scratchWords[0] = lo
  scratchWords[1] = hi
  return scratch[0]!
}

/** A 64-bit integer from its words; no BigInt below 2^53. */
export function writeInt64(bytes: Uint8Array, at: number, lo: number, hi: number): number {
  if (hi === lo >> 31) return writeInt32(bytes, at, lo)
  if (hi >= -2097152 && hi < 2097152) return writeSafeInteger(bytes, at, hi * 4294967296 + (lo >>> 0))
  return writeAscii(bytes, at, String(bigintFromWords(lo, hi)))
}

/** Digits and exponent of a shortest text such as `1.5e-7` or `123.45`: value = 0.digits × 10^pointAt. */
function shortest(text: string): { readonly digits: string; readonly pointAt: number } {
  const [mantissa = '', exponent = '0'] = text.split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const all = whole + fraction
  let numZeros = 0
  while (numZeros < all.length - 1 && all.charCodeAt(numZeros) === 48) numZeros++
  return {
    digits: all.slice(numZeros).replace(/0+$/, ''),
    pointAt: whole.length - numZeros + Number(exponent),
  }
}

/** The fewest digits that still read back as the same float. */
function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return text
  }
  return value.toPrecision(9)
}

/**
 * A DOUBLE or FLOAT as Java (and so Flink) prints it: `1.0`, `0.001`, `1.0E7`, `1.2E-5`, `NaN`, `Infinity`;
 * the digits are the shortest that read back equal (JDK 19 and later).
 */
export function doubleToString(value: number, isFloat = false): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity || value === -Infinity) return value > 0 ? 'Infinity' : '-Infinity'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  if (size === 0) return `${sign}0.0`
  if (!isFloat && size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  const { digits, pointAt } = shortest(isFloat ? shortestFloat(size) : String(size))
  if (size >= 1e-3 && size < 1e7) {
    if (pointAt <= 0) return `${sign}0.${'0'.repeat(-pointAt)}${digits}`
    const whole = digits.slice(0, pointAt).padEnd(pointAt, '0')
    return `${sign}${whole}.${digits.slice(pointAt) || '0'}`
  }
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${pointAt - 1}`
}

const FRACTION_POWERS = [1, 10, 100, 1000, 10000, 100000, 1000000]

/**
 * The number of fraction digits, 1 to 6, of the shortest text of a double 10^-3 ≤ |value| < 10^7; 0 = more. Few enough
 * digits that n / 10^k is the nearest double, so no shorter text can read back equal.
 */
function fractionDigits(value: number, isFloat: boolean): number {
  for (let k = 1; k <= 6; k++) {
    const power = FRACTION_POWERS[k]!
    const near = Math.round(value * power) / power
    if ((isFloat ? Math.fround(near) : near) === value) return k
  }
  return 0
}

/** `doubleToString` into bytes; makes no string for numbers of ordinary size with up to six fraction digits. */
export function writeDouble(bytes: Uint8Array, at: number, value: number, isFloat: boolean): number {
  const size = value < 0 ? -value : value
  if (!(size >= 1e-3 && size < 1e7)) return writeAscii(bytes, at, doubleToString(value, isFloat))
  const k = fractionDigits(size, isFloat)
  if (k === 0) return writeAscii(bytes, at, doubleToString(value, isFloat))
  const digits = Math.round(size * FRACTION_POWERS[k]!)
  const whole = Math.floor(digits / FRACTION_POWERS[k]!)
  if (value < 0) bytes[at++] = 45
  at = writePadded(bytes, at, whole, digitsOf(whole))
  bytes[at] = 46
  return writePadded(bytes, at + 1, digits - whole * FRACTION_POWERS[k]!, k)
}
