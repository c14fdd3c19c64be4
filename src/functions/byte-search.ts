/** Searching bytes in bytes. UTF-8 needles are only found where a character begins. */

/** First index of the needle at or after `start`, or -1. */
export function indexOfBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  needle: Uint8Array,
  needleStart: number,
  needleEnd: number,
): number {
  const length = needleEnd - needleStart
  if (length === 0) return start
  const first = needle[needleStart]!
  const last = end - length
  for (let i = start; i <= last; i++) {
    if (bytes[i] !== first) continue
    let j = 1
    while (j < length && bytes[i + j] === needle[needleStart + j]) j++
    if (j === length) return i
  }
  return -1
}

export function startsWithBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  needle: Uint8Array,
  needleStart: number,
  needleEnd: number,
): boolean {
  const length = needleEnd - needleStart
  if (end - start < length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== needle[needleStart + i]) return false
  return true
}
