/** Numbers as SQL text, read and printed as Flink (Java) does. */

const doublePattern = /^[+-]?(?:NaN|Infinity|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)$/

/** undefined when the text is no number. */
export function parseDoubleText(text: string): number | undefined {
  const trimmed = text.trim()
  return doublePattern.test(trimmed) ? Number(trimmed.replace(/[dDfF]$/, '')) : undefined
}

const integerPattern = /^([+-]?)(\d+)(?:\.\d*)?$/

/** Digits after a point are cut off, as in Flink. undefined when it is no integer of so many bits. */
export function parseIntegerText(text: string, bits: number): bigint | undefined {
  const match = integerPattern.exec(text.trim())
  if (match === null || match[2]!.length > 40) return undefined
  const value = match[1] === '-' ? -BigInt(match[2]!) : BigInt(match[2]!)
  return BigInt.asIntN(bits, value) === value ? value : undefined
}

/** Plain decimal digits straight from bytes; NaN for anything else, or beyond 15 digits. */
export function readSmallInteger(bytes: Uint8Array, start: number, end: number): number {
  const negative = start < end && bytes[start] === 45
  const first = negative ? start + 1 : start
  if (end === first || end - first > 15) return Number.NaN
  let value = 0
  for (let i = first; i < end; i++) {
    const digit = bytes[i]! - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return negative ? -value : value
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'true', 'y', 'yes', '1'].map(word => [word, true] as const),
  ...['f', 'false', 'n', 'no', '0'].map(word => [word, false] as const),
])

export const parseBooleanText = (text: string): boolean | undefined => truths.get(text.trim().toLowerCase())

/** Java's (int) of a double: cut, NaN is 0, beyond the range the nearest end. */
export const doubleToInt = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.max(-2147483648, Math.min(2147483647, Math.trunc(value)))

const TWO_TO_63 = 2 ** 63

export function doubleToLong(value: number): bigint {
  if (Number.isNaN(value)) return 0n
  if (value >= TWO_TO_63) return 9223372036854775807n
  if (value <= -TWO_TO_63) return -9223372036854775808n
  return BigInt(Math.trunc(value))
}
