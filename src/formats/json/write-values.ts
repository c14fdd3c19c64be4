/** JSON strings, base64 and decimals into a ByteSink, from a position that the caller keeps. */
import {
  bigintFromWords,
  decimalToString,
  writeAscii,
  writePadded,
  writeSafeInteger,
  writeTimestamp,
} from '../../types/index.ts'
import type { ByteSink } from '../format.ts'

/** Makes `room` bytes at `at` and returns the array to write to. */
export function roomAt(out: ByteSink, at: number, room: number): Uint8Array {
  out.length = at
  out.reserve(room)
  return out.bytes
}

const hexDigits = [...'0123456789abcdef'].map(digit => digit.charCodeAt(0))
const shortEscapes: Readonly<Record<number, number>> = {
  8: 98,
  9: 116,
  10: 110,
  12: 102,
  13: 114,
  34: 34,
  92: 92,
}

/** The rest of a string in which byte `start` needs an escape, and its closing quote. */
function writeEscaped(
  out: ByteSink,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
  spare: number,
): number {
  const bytes = roomAt(out, at, (end - start) * 6 + 1 + spare)
  for (let i = start; i < end; i++) {
    const c = source[i]!
    if (c >= 32 && c !== 34 && c !== 92) {
      bytes[at++] = c
      continue
    }
    bytes[at++] = 92
    const short = shortEscapes[c]
    if (short !== undefined) {
      bytes[at++] = short
      continue
    }
    bytes[at++] = 117
    bytes[at++] = 48
    bytes[at++] = 48
    bytes[at++] = hexDigits[c >> 4]!
    bytes[at++] = hexDigits[c & 15]!
  }
  bytes[at++] = 34
  return at
}

/** UTF-8 `source[start, end)` as a JSON string; afterwards `spare` more bytes have room. */
export function writeString(
  out: ByteSink,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
  spare: number,
): number {
  const bytes = roomAt(out, at, end - start + 2 + spare)
  bytes[at++] = 34
  for (let i = start; i < end; i++) {
    const c = source[i]!
    if (c < 32 || c === 34 || c === 92) return writeEscaped(out, at, source, i, end, spare)
    bytes[at++] = c
  }
  bytes[at++] = 34
  return at
}

const base64Digits = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map(digit =>
  digit.charCodeAt(0),
)

/** Bytes as a base64 string in quotes; afterwards `spare` more bytes have room. */
export function writeBase64(
  out: ByteSink,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
  spare: number,
): number {
  const bytes = roomAt(out, at, Math.ceil((end - start) / 3) * 4 + 2 + spare)
  bytes[at++] = 34
  for (let i = start; i < end; i += 3) {
    const left = end - i
    const bits = (source[i]! << 16) | ((left > 1 ? source[i + 1]! : 0) << 8) | (left > 2 ? source[i + 2]! : 0)
    bytes[at++] = base64Digits[bits >> 18]!
    bytes[at++] = base64Digits[(bits >> 12) & 63]!
    bytes[at++] = left > 1 ? base64Digits[(bits >> 6) & 63]! : 61
    bytes[at++] = left > 2 ? base64Digits[bits & 63]! : 61
  }
  bytes[at++] = 34
  return at
}

/**
 * A decimal as Java's BigDecimal prints it: plain, except `3E-8` for numbers below a millionth that have more
 * than six fraction digits; `plain` = never with an exponent (`encode.decimal-as-plain-number`).
 */
export function decimalText(unscaled: bigint, scale: number, plain: boolean): string {
  if (plain || scale <= 6) return decimalToString(unscaled, scale)
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString()
  const exponent = digits.length - 1 - scale
  if (exponent >= -6) return decimalToString(unscaled, scale)
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  return `${unscaled < 0n ? '-' : ''}${digits[0]}${fraction}E${exponent}`
}

const POWERS = Array.from({ length: 19 }, (_, i) => 10 ** i)

/** A 64-bit decimal; room is the caller's. Below 10^15 no BigInt is made. */
export function writeDecimal64(
  bytes: Uint8Array,
  at: number,
  lo: number,
  hi: number,
  scale: number,
  plain: boolean,
): number {
  const value = hi * 4294967296 + (lo >>> 0)
  const size = value < 0 ? -value : value
  const power = POWERS[scale]!
  if (size >= 1e15 || (scale > 6 && !plain && size < power)) {
    return writeAscii(bytes, at, decimalText(bigintFromWords(lo, hi), scale, plain))
  }
  if (scale === 0) return writeSafeInteger(bytes, at, value)
  const whole = Math.floor(size / power)
  const fraction = size - whole * power
  if (value < 0) bytes[at++] = 45
  at = writeSafeInteger(bytes, at, whole)
  bytes[at++] = 46
  if (scale <= 9) return writePadded(bytes, at, fraction, scale)
  const high = Math.floor(fraction / 1e9)
  return writePadded(bytes, writePadded(bytes, at, high, scale - 9), fraction - high * 1e9, 9)
}

/** A timestamp stored as 64-bit microseconds; room is the caller's. */
export function writeMicros(
  bytes: Uint8Array,
  at: number,
  lo: number,
  hi: number,
  separator: number,
): number {
  if (hi >= -2097152 && hi < 2097152) {
    const micros = hi * 4294967296 + (lo >>> 0)
    const ms = Math.floor(micros / 1000)
    return writeTimestamp(bytes, at, ms, (micros - ms * 1000) * 1000, separator)
  }
  const micros = bigintFromWords(lo, hi)
  const below = ((micros % 1000n) + 1000n) % 1000n
  return writeTimestamp(bytes, at, Number((micros - below) / 1000n), Number(below) * 1000, separator)
}
