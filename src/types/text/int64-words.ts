/** 64-bit integers as (lo, hi) pairs of an Int32Array, made from parts without a BigInt. */

const TWO_32 = 4294967296

/** Writes `value` (an exact integer, |value| ≤ 2^53) as row `row` of a words array. */
export function setWordsFromNumber(words: Int32Array, row: number, value: number): void {
  words[row * 2] = value | 0
  words[row * 2 + 1] = Math.floor(value / TWO_32)
}

/**
 * Writes `high * factor + low` for integers 0 ≤ high ≤ 2^53, 0 < factor ≤ 2^30, 0 ≤ low < 2^45, negated on
 * request. Returns false, with nothing written, when the result is not a 64-bit signed integer.
 */
export function setWordsFromProduct(
  words: Int32Array,
  row: number,
  high: number,
  factor: number,
  low: number,
  negative: boolean,
): boolean {
  const highOfHigh = Math.floor(high / 65536)
  const upper = highOfHigh * factor
  const lower = (high - highOfHigh * 65536) * factor + low
  if (upper > 9007199254740991 - lower) return false
  const upperHigh = Math.floor(upper / 65536)
  const sum = (upper - upperHigh * 65536) * 65536 + lower
  const carry = Math.floor(sum / TWO_32)
  const lo = (sum - carry * TWO_32) | 0
  const hi = upperHigh + carry
  if (!negative) {
    if (hi > 0x7fffffff) return false
    words[row * 2] = lo
    words[row * 2 + 1] = hi
    return true
  }
  if (hi > 0x80000000 || (hi === 0x80000000 && lo !== 0)) return false
  words[row * 2] = -lo | 0
  words[row * 2 + 1] = lo === 0 ? -hi | 0 : ~hi
  return true
}

/** Writes epoch microseconds from epoch milliseconds and the microseconds (0–999) of that millisecond. */
export function setWordsFromMillis(words: Int32Array, row: number, ms: number, micros: number): void {
  if (ms >= 0) {
    setWordsFromProduct(words, row, ms, 1000, micros, false)
    return
  }
  // -(|ms| * 1000 - micros), kept positive by borrowing one millisecond.
  if (micros === 0) setWordsFromProduct(words, row, -ms, 1000, 0, true)
  else setWordsFromProduct(words, row, -ms - 1, 1000, 1000 - micros, true)
}
