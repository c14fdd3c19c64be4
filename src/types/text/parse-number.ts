/**
 * Exact numbers from ASCII bytes: 64-bit integers and decimals never pass through a double. Work is bounded by
 * the digits a type can hold, so a megabyte of digits costs one pass.
 */
import { setWordsFromProduct } from './int64-words.ts'

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

/** Latin-1 text of a byte range: only for ASCII. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!)
  return text
}

/**
 * Writes the integer `[+-]?digits` of `bytes[start, end)` as row `row` of a words array. Returns 0 when it is
 * there, 1 when the text is not an integer, 2 when it does not fit 64 bits (then nothing is written).
 */
export function parseInt64(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: Int32Array,
  row: number,
): 0 | 1 | 2 {
  let p = start
  const negative = bytes[p] === 45 && p < end
  if (p < end && (negative || bytes[p] === 43)) p++
  if (p >= end) return 1
  while (p < end - 1 && bytes[p] === 48) p++
  let high = 0
  let low = 0
  const split = end - p > 19 ? -1 : Math.max(p, end - 9)
  for (let i = p; i < end; i++) {
    const byte = bytes[i]!
    if (!isDigit(byte)) return 1
    if (i < split) high = high * 10 + (byte - 48)
    else low = low * 10 + (byte - 48)
  }
  if (split < 0) return 2
  return setWordsFromProduct(words, row, high, 1000000000, low, negative) ? 0 : 2
}

/** An exact decimal as its unscaled integer, or why there is none. */
export type ParsedDecimal = bigint | 'malformed' | 'overflow'

interface DecimalParts {
  readonly negative: boolean
  /** Significant digits without leading zeros; may be empty (zero). */
  readonly digits: string
  /** Value = 0.digits × 10^pointAt. */
  readonly pointAt: number
}

const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

function decimalParts(text: string): DecimalParts | undefined {
  const match = decimalPattern.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  if (whole === '' && fraction === '') return undefined
  const all = whole + fraction
  let numZeros = 0
  while (numZeros < all.length && all.charCodeAt(numZeros) === 48) numZeros++
  return {
    negative: sign === '-',
    digits: all.slice(numZeros),
    pointAt: whole.length - numZeros + (exponent === undefined ? 0 : Number(exponent)),
  }
}

/**
 * A decimal (`-12.50`, `1e3`, `.5`) rounded half up (away from zero) to `scale`. `overflow` when it then has
 * more than `precision` digits.
 */
export function parseDecimalText(text: string, precision: number, scale: number): ParsedDecimal {
  const parts = decimalParts(text)
  if (parts === undefined) return 'malformed'
  const { digits, pointAt, negative } = parts
  if (digits === '') return 0n
  if (pointAt > precision - scale) return 'overflow'
  const numKept = pointAt + scale
  if (numKept < 0) return 0n
  let unscaled = BigInt(digits.slice(0, numKept).padEnd(numKept, '0') || '0')
  if (digits.charCodeAt(numKept) >= 53) unscaled += 1n
  if (unscaled >= 10n ** BigInt(precision)) return 'overflow'
  return negative ? -unscaled : unscaled
}

/** The integer part of a number text with fraction or exponent, or undefined when it cannot fit 64 bits. */
export function truncateToInt64(text: string): bigint | undefined {
  const parts = decimalParts(text)
  if (parts === undefined) return undefined
  if (parts.pointAt <= 0 || parts.digits === '') return 0n
  if (parts.pointAt > 19) return undefined
  const whole = BigInt(parts.digits.slice(0, parts.pointAt).padEnd(parts.pointAt, '0'))
  const value = parts.negative ? -whole : whole
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** No digit can be matched in two ways: a megabyte of digits and one letter would take minutes to refuse. */
const doublePattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/** A double as Java's `Double.parseDouble` reads it (without hex and type suffixes), or undefined. */
export function parseDoubleText(text: string): number | undefined {
  if (doublePattern.test(text)) return Number(text)
  if (text === 'NaN' || text === '+NaN' || text === '-NaN') return NaN
  if (text === 'Infinity' || text === '+Infinity') return Infinity
  return text === '-Infinity' ? -Infinity : undefined
}
