/** Objects and arrays of JSON that nobody reads: checked for structure, without recursion. */
import { isDigit, skipLiteral, skipNumber, skipRestOfString, skipSpace, skipString } from './text'

/** Deeper nesting is left to the host. */
const MAX_DEPTH = 1024
const openBrackets: usize = memory.data(MAX_DEPTH)

function skipScalar(p: usize, end: usize): usize {
  if (p >= end) return 0
  const c = load<u8>(p)
  if (c == 0x22) return skipString(p + 1, end)
  if (isDigit(c) || c == 45) return skipNumber(p, end)
  return skipLiteral(p, end)
}

/** Behind `"key" :` and the space after it. */
function skipKey(p: usize, end: usize): usize {
  if (p >= end || load<u8>(p) != 0x22) return 0
  p = skipRestOfString(p + 1, end)
  if (p == 0) return 0
  p = skipSpace(p, end)
  if (p >= end || load<u8>(p) != 58) return 0
  return skipSpace(p + 1, end)
}

/** Behind the object or array at `p`, or 0. */
function skipContainer(p: usize, end: usize): usize {
  let depth: usize = 0
  while (true) {
    const c: u8 = p < end ? load<u8>(p) : 0
    let closed = false
    if (c == 123 || c == 91) {
      if (depth == MAX_DEPTH) return 0
      store<u8>(openBrackets + depth, c)
      depth++
      p = skipSpace(p + 1, end)
      if (p >= end) return 0
      closed = load<u8>(p) == c + 2
      if (!closed) {
        if (c == 123) {
          p = skipKey(p, end)
          if (p == 0) return 0
        }
        continue
      }
    } else {
      p = skipScalar(p, end)
      if (p == 0) return 0
    }
    while (true) {
      if (closed) {
        depth--
        p++
        if (depth == 0) return p
      }
      p = skipSpace(p, end)
      if (p >= end) return 0
      const bracket = load<u8>(openBrackets + depth - 1)
      const next = load<u8>(p)
      if (next == 44) {
        p = skipSpace(p + 1, end)
        if (bracket == 123) {
          p = skipKey(p, end)
          if (p == 0) return 0
        }
        break
      }
      closed = next == bracket + 2
      if (!closed) return 0
    }
  }
}

/** Behind the value of any kind at `p`, or 0. */
export function skipValue(p: usize, end: usize): usize {
  const c: u8 = p < end ? load<u8>(p) : 0
  return c == 123 || c == 91 ? skipContainer(p, end) : skipScalar(p, end)
}
