/**
 * Structural scanning of JSON bytes (RFC 8259, strict but for one thing: control characters may stand unescaped in
 * strings, as in Flink's JSON format). Every function takes a position and the end of the payload and returns the
 * position after what it skipped, or -1 when it is not well formed. No recursion, no allocation per call; invalid
 * UTF-8 in strings is an error.
 */

/** Position of the first byte that is not JSON whitespace. */
export function skipWhitespace(bytes: Uint8Array, at: number, end: number): number {
  let p = at
  while (p < end) {
    const c = bytes[p]!
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break
    p++
  }
  return p
}

/** After the multi-byte UTF-8 character at `at` (shortest form, no surrogates, ≤ U+10FFFF), or -1. */
export function skipUtf8(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  if (lead < 0xc2 || lead > 0xf4 || at + 1 >= end) return -1
  const second = bytes[at + 1]!
  if ((second & 0xc0) !== 0x80) return -1
  if (lead < 0xe0) return at + 2
  if (at + 2 >= end || (bytes[at + 2]! & 0xc0) !== 0x80) return -1
  if (lead < 0xf0) {
    if (lead === 0xe0 && second < 0xa0) return -1
    if (lead === 0xed && second > 0x9f) return -1
    return at + 3
  }
  if (at + 3 >= end || (bytes[at + 3]! & 0xc0) !== 0x80) return -1
  if (lead === 0xf0 && second < 0x90) return -1
  if (lead === 0xf4 && second > 0x8f) return -1
  return at + 4
}

const isHexDigit = (c: number): boolean =>
  (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70)

/** After the escape whose backslash is at `at`, or -1. */
export function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1
  switch (bytes[at + 1]) {
    case 34: // "
    case 47: // /
    case 92: // \
    case 98: // b
    case 102: // f
    case 110: // n
    case 114: // r
    case 116: // t
      return at + 2
    case 117: {
      if (at + 6 > end) return -1
      for (let i = at + 2; i < at + 6; i++) if (!isHexDigit(bytes[i]!)) return -1
      return at + 6
    }
    default:
      return -1
  }
}

/**
 * First byte at or after `at` that needs a look inside a string: quote, backslash, control or non-ASCII. Four
 * bytes a step: each term's high bit marks such a byte, and the lowest mark is always a true one.
 */
export function skipPlainBytes(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  let p = at
  const last = end - 4
  while (p <= last) {
    const x = view.getInt32(p, true)
    const marks =
      (((x ^ 0x22222222) - 0x01010101) | ((x ^ 0x5c5c5c5c) - 0x01010101) | (x - 0x20202020) | x) & -2139062144
    if (marks !== 0) return p + ((31 - Math.clz32(marks & -marks)) >> 3)
    p += 4
  }
  while (p < end) {
    const c = bytes[p]!
    if (c === 34 || c === 92 || c < 32 || c > 127) break
    p++
  }
  return p
}

/** After the closing quote of the string whose first character is at `at`, or -1. */
export function skipString(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  let p = at
  for (;;) {
    p = skipPlainBytes(bytes, view, p, end)
    if (p >= end) return -1
    const c = bytes[p]!
    if (c === 34) return p + 1
    if (c === 92) p = skipEscape(bytes, p, end)
    else if (c > 127) p = skipUtf8(bytes, p, end)
    else p++
    if (p < 0) return -1
  }
}

/** Like `skipString`, but -1 also at an escape, so that the bytes between are the string itself. */
export function skipUnescapedString(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  let p = at
  for (;;) {
    p = skipPlainBytes(bytes, view, p, end)
    if (p >= end) return -1
    const c = bytes[p]!
    if (c === 34) return p + 1
    if (c === 92) return -1
    p = c > 127 ? skipUtf8(bytes, p, end) : p + 1
    if (p < 0) return -1
  }
}

/** After the number at `at`, or -1. */
export function skipNumber(bytes: Uint8Array, at: number, end: number): number {
  let p = at
  if (p < end && bytes[p] === 45) p++
  if (p >= end) return -1
  let c = bytes[p]!
  if (c === 48) p++
  else if (c >= 49 && c <= 57) {
    p++
    while (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) p++
  } else return -1
  if (p >= end) return p
  c = bytes[p]!
  if (c === 46) {
    const first = ++p
    while (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) p++
    if (p === first) return -1
    if (p >= end) return p
    c = bytes[p]!
  }
  if (c === 101 || c === 69) {
    p++
    if (p < end && (bytes[p] === 43 || bytes[p] === 45)) p++
    const first = p
    while (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) p++
    if (p === first) return -1
  }
  return p
}

/** After `true`, `false` or `null` at `at`, or -1. */
export function skipLiteral(bytes: Uint8Array, at: number, end: number): number {
  const c = bytes[at]
  const length = c === 102 ? 5 : 4
  if (at + length > end) return -1
  if (c === 116) return bytes[at + 1] === 114 && bytes[at + 2] === 117 && bytes[at + 3] === 101 ? at + 4 : -1
  if (c === 110) return bytes[at + 1] === 117 && bytes[at + 2] === 108 && bytes[at + 3] === 108 ? at + 4 : -1
  if (c !== 102 || bytes[at + 1] !== 97 || bytes[at + 2] !== 108) return -1
  return bytes[at + 3] === 115 && bytes[at + 4] === 101 ? at + 5 : -1
}

/** After `"key" :` and the whitespace behind it, from the opening quote at `at`, or -1. */
export function skipKey(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  if (at >= end || bytes[at] !== 34) return -1
  let p = skipString(bytes, view, at + 1, end)
  if (p < 0) return -1
  p = skipWhitespace(bytes, p, end)
  if (p >= end || bytes[p] !== 58) return -1
  return skipWhitespace(bytes, p + 1, end)
}

/** Which brackets are open, 1 = object; grows by doubling with the deepest payload seen. */
let openBrackets: Uint8Array = new Uint8Array(256)

/** After the object or array at `at`, or -1. Iterative: depth is limited by memory only. */
export function skipContainer(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  let depth = 0
  let p = at
  for (;;) {
    const c = p < end ? bytes[p]! : 0
    let closed = false
    if (c === 123 || c === 91) {
      if (depth === openBrackets.length) {
        const grown = new Uint8Array(depth * 2)
        grown.set(openBrackets)
        openBrackets = grown
      }
      openBrackets[depth++] = c === 123 ? 1 : 0
      p = skipWhitespace(bytes, p + 1, end)
      if (p >= end) return -1
      closed = bytes[p] === (c === 123 ? 125 : 93)
      if (!closed) {
        if (c === 123 && (p = skipKey(bytes, view, p, end)) < 0) return -1
        continue
      }
    } else {
      p = skipScalar(bytes, view, p, end)
      if (p < 0) return -1
    }
    for (;;) {
      if (closed) {
        depth--
        p++
        if (depth === 0) return p
      }
      p = skipWhitespace(bytes, p, end)
      if (p >= end) return -1
      const isObject = openBrackets[depth - 1] === 1
      const next = bytes[p]
      if (next === 44) {
        p = skipWhitespace(bytes, p + 1, end)
        if (isObject && (p = skipKey(bytes, view, p, end)) < 0) return -1
        break
      }
      closed = next === (isObject ? 125 : 93)
      if (!closed) return -1
    }
  }
}

function skipScalar(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  if (at >= end) return -1
  const c = bytes[at]!
  if (c === 34) return skipString(bytes, view, at + 1, end)
  if (c === 45 || (c >= 48 && c <= 57)) return skipNumber(bytes, at, end)
  return skipLiteral(bytes, at, end)
}

/** After the value of any kind at `at` (no leading whitespace), or -1. */
export function skipValue(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  const c = at < end ? bytes[at]! : 0
  return c === 123 || c === 91 ? skipContainer(bytes, view, at, end) : skipScalar(bytes, view, at, end)
}
