/** Contents of JSON strings whose structure has been checked by `scan.ts`. */
import { decodeUtf8 } from '../../types/index.ts'

const hexValue = (c: number): number => (c <= 57 ? c - 48 : (c | 32) - 87)

const hex4 = (bytes: Uint8Array, at: number): number =>
  (hexValue(bytes[at]!) << 12) |
  (hexValue(bytes[at + 1]!) << 8) |
  (hexValue(bytes[at + 2]!) << 4) |
  hexValue(bytes[at + 3]!)

function writeCodePoint(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code
    return at + 1
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6)
    out[at + 1] = 0x80 | (code & 63)
    return at + 2
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12)
    out[at + 1] = 0x80 | ((code >> 6) & 63)
    out[at + 2] = 0x80 | (code & 63)
    return at + 3
  }
  out[at] = 0xf0 | (code >> 18)
  out[at + 1] = 0x80 | ((code >> 12) & 63)
  out[at + 2] = 0x80 | ((code >> 6) & 63)
  out[at + 3] = 0x80 | (code & 63)
  return at + 4
}

const escapeTargets: Readonly<Record<number, number>> = {
  34: 34,
  47: 47,
  92: 92,
  98: 8,
  102: 12,
  110: 10,
  114: 13,
  116: 9,
}

/**
 * Writes the UTF-8 of the string between quotes `[start, end)` to `out` at `at`, resolving escapes; needs room
 * for `end - start` bytes. A lone surrogate escape becomes U+FFFD. Returns the position after what it wrote.
 */
export function unescapeInto(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let p = start
  while (p < end) {
    const c = bytes[p]!
    if (c !== 92) {
      out[at++] = c
      p++
      continue
    }
    const letter = bytes[p + 1]!
    if (letter !== 117) {
      out[at++] = escapeTargets[letter]!
      p += 2
      continue
    }
    let code = hex4(bytes, p + 2)
    p += 6
    if (code >= 0xd800 && code <= 0xdfff) {
      const low =
        code < 0xdc00 && p + 6 <= end && bytes[p] === 92 && bytes[p + 1] === 117 ? hex4(bytes, p + 2) : 0
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        p += 6
      } else code = 0xfffd
    }
    at = writeCodePoint(out, at, code)
  }
  return at
}

/** The string between quotes `[start, end)`. */
export function stringText(bytes: Uint8Array, start: number, end: number): string {
  let p = start
  while (p < end && bytes[p] !== 92) p++
  if (p === end) return decodeUtf8(bytes, start, end)
  const out = new Uint8Array(end - start)
  return decodeUtf8(out, 0, unescapeInto(bytes, start, end, out, 0))
}

/** JSON text of a checked value without the whitespace between tokens. */
export function compactJson(bytes: Uint8Array, start: number, end: number): string {
  const out = new Uint8Array(end - start)
  let at = 0
  let inString = false
  for (let p = start; p < end; p++) {
    const c = bytes[p]!
    if (inString) {
      out[at++] = c
      if (c === 92) out[at++] = bytes[++p]!
      else if (c === 34) inString = false
    } else if (c !== 32 && c !== 10 && c !== 13 && c !== 9) {
      out[at++] = c
      if (c === 34) inString = true
    }
  }
  return decodeUtf8(out, 0, at)
}
