/**
 * Strings, numbers and whitespace of JSON (RFC 8259), sixteen bytes a step. The twin of src/formats/json/scan.ts,
 * which is the reference. Every function takes a position and the end of the payload and returns the position behind
 * what it read, or 0 when it is not well formed. Loads may reach 16 bytes beyond the end: the arena's last bytes are
 * never given out.
 */

/** Bits of the bytes a string's reader must look at: quote, backslash, not ASCII. */
@inline
export function stringMarks(block: v128): i32 {
  const marks = v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c)))
  return i8x16.bitmask(v128.or(marks, block))
}

/** Behind the closing quote of the string whose first character is at `p`. */
@inline
export function skipString(p: usize, end: usize): usize {
  const marks = stringMarks(v128.load(p))
  if (marks == 0) return skipRestOfString(p + 16, end)
  const at = p + ctz(marks)
  return load<u8>(at) == 0x22 ? at + 1 : skipRestOfString(at, end)
}

/** The same from anywhere inside the string, over characters of several bytes; 0 at an escape unless `escapes`. */
@inline
function skipCharacters(p: usize, end: usize, escapes: bool): usize {
  while (p < end) {
    const marks = stringMarks(v128.load(p))
    if (marks == 0) {
      p += 16
      continue
    }
    p += ctz(marks)
    if (p >= end) return 0
    const c = load<u8>(p)
    if (c == 0x22) return p + 1
    if (c == 0x5c) p = escapes ? skipEscape(p, end) : 0
    else p = skipUtf8(p, end)
    if (p == 0) return 0
  }
  return 0
}

export function skipRestOfString(p: usize, end: usize): usize {
  return skipCharacters(p, end, true)
}

/** So that the bytes between the quotes are the string itself. */
export function skipUnescaped(p: usize, end: usize): usize {
  return skipCharacters(p, end, false)
}

function isHexDigit(c: u8): bool {
  return <u8>(c - 48) <= 9 || <u8>((c | 32) - 97) <= 5
}

function skipEscape(p: usize, end: usize): usize {
  if (p + 1 >= end) return 0
  const c = load<u8>(p, 1)
  if (c == 0x75) {
    if (p + 6 > end) return 0
    for (let i: usize = 2; i < 6; i++) if (!isHexDigit(load<u8>(p + i))) return 0
    return p + 6
  }
  const known =
    c == 0x22 || c == 0x2f || c == 0x5c || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74
  return known ? p + 2 : 0
}

/** Behind the character of several bytes at `p`: shortest form, no surrogates, at most U+10FFFF. */
export function skipUtf8(p: usize, end: usize): usize {
  const lead = load<u8>(p)
  if (lead < 0xc2 || lead > 0xf4 || p + 1 >= end) return 0
  const second = load<u8>(p, 1)
  if ((second & 0xc0) != 0x80) return 0
  if (lead < 0xe0) return p + 2
  if (p + 2 >= end || (load<u8>(p, 2) & 0xc0) != 0x80) return 0
  if (lead < 0xf0) {
    if (lead == 0xe0 && second < 0xa0) return 0
    if (lead == 0xed && second > 0x9f) return 0
    return p + 3
  }
  if (p + 3 >= end || (load<u8>(p, 3) & 0xc0) != 0x80) return 0
  if (lead == 0xf0 && second < 0x90) return 0
  if (lead == 0xf4 && second > 0x8f) return 0
  return p + 4
}

@inline
export function isSpace(c: u8): bool {
  return c == 32 || c == 10 || c == 13 || c == 9
}

@inline
export function skipSpace(p: usize, end: usize): usize {
  while (p < end && isSpace(load<u8>(p))) p++
  return p
}

@inline
export function isDigit(c: u8): bool {
  return <u8>(c - 48) <= 9
}

/** How many digits stand at `p`, at most 16. */
@inline
export function countDigits(p: usize): i32 {
  const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(p), i8x16.splat(48)), i8x16.splat(9)))
  return ctz(others | 0x10000)
}

/** Behind the number at `p`. The payload's last byte is no digit, so that digits end before `end`. */
@inline
export function skipNumber(p: usize, end: usize): usize {
  const count = countDigits(p)
  if (count > 0 && count < 16 && (count == 1 || load<u8>(p) != 48)) {
    const c = load<u8>(p + count)
    if (c != 46 && (c | 32) != 101) return p + count
  }
  return skipAnyNumber(p, end)
}

function skipDigits(p: usize, end: usize): usize {
  const first = p
  while (p < end && isDigit(load<u8>(p))) p++
  return p == first ? 0 : p
}

function skipAnyNumber(p: usize, end: usize): usize {
  if (load<u8>(p) == 45) p++
  if (p >= end) return 0
  if (load<u8>(p) == 48) p++
  else {
    p = skipDigits(p, end)
    if (p == 0) return 0
  }
  if (p < end && load<u8>(p) == 46) {
    p = skipDigits(p + 1, end)
    if (p == 0) return 0
  }
  if (p < end && (load<u8>(p) | 32) == 101) {
    p++
    if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++
    p = skipDigits(p, end)
  }
  return p
}

const TRUE: u32 = 0x65757274
const FALS: u32 = 0x736c6166
export const NULL: u32 = 0x6c6c756e

/** Behind `true`, `false` or `null`. */
export function skipLiteral(p: usize, end: usize): usize {
  if (p + 4 > end) return 0
  const word = load<u32>(p)
  if (word == TRUE || word == NULL) return p + 4
  return word == FALS && p + 5 <= end && load<u8>(p, 4) == 0x65 ? p + 5 : 0
}
