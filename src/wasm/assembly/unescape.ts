/** Escapes of JSON strings that were checked. Twin of src/formats/json/strings.ts, which is the reference. */

@inline
function hexValue(c: u8): u32 {
  return c <= 57 ? c - 48 : (c | 32) - 87
}

@inline
function hex4(p: usize): u32 {
  return (hexValue(load<u8>(p)) << 12) | (hexValue(load<u8>(p, 1)) << 8) | (hexValue(load<u8>(p, 2)) << 4) | hexValue(load<u8>(p, 3))
}

function writeCodePoint(target: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(target, <u8>code)
    return target + 1
  }
  if (code < 0x800) {
    store<u8>(target, <u8>(0xc0 | (code >> 6)))
    store<u8>(target, <u8>(0x80 | (code & 63)), 1)
    return target + 2
  }
  if (code < 0x10000) {
    store<u8>(target, <u8>(0xe0 | (code >> 12)))
    store<u8>(target, <u8>(0x80 | ((code >> 6) & 63)), 1)
    store<u8>(target, <u8>(0x80 | (code & 63)), 2)
    return target + 3
  }
  store<u8>(target, <u8>(0xf0 | (code >> 18)))
  store<u8>(target, <u8>(0x80 | ((code >> 12) & 63)), 1)
  store<u8>(target, <u8>(0x80 | ((code >> 6) & 63)), 2)
  store<u8>(target, <u8>(0x80 | (code & 63)), 3)
  return target + 4
}

function shortEscape(letter: u8): u8 {
  if (letter == 98) return 8
  if (letter == 102) return 12
  if (letter == 110) return 10
  if (letter == 114) return 13
  return letter == 116 ? 9 : letter
}

/** The number of the escape at `p`, or 0 when there is none. */
@inline
function surrogateAt(p: usize, end: usize): u32 {
  return p + 6 <= end && load<u16>(p) == 0x755c ? hex4(p + 2) : 0
}

/** Writes what the characters `[p, end)` stand for to `target`, sixteen bytes at a time. Behind what it wrote. */
export function unescape(p: usize, end: usize, target: usize): usize {
  while (p < end) {
    const block = v128.load(p)
    v128.store(target, block)
    const plain = min<usize>(ctz(i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x5c))) | 0x10000), end - p)
    p += plain
    target += plain
    if (p >= end || load<u8>(p) != 0x5c) continue
    const letter = load<u8>(p, 1)
    if (letter != 117) {
      store<u8>(target++, shortEscape(letter))
      p += 2
      continue
    }
    let code = hex4(p + 2)
    p += 6
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 ? surrogateAt(p, end) : 0
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        p += 6
      } else code = 0xfffd
    }
    target = writeCodePoint(target, code)
  }
  return target
}
