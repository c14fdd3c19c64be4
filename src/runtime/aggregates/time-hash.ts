/** The upper half of a time in whole milliseconds; the lower is `ms | 0`. */
export const highHalf = (ms: number): number => Math.floor(ms / 4294967296) | 0

/** A hash of a time in whole milliseconds. It is in no state: snapshots keep the hashes of keys only. */
export function hashOfTime(ms: number): number {
  let h = (ms | 0) ^ Math.imul(highHalf(ms), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return h ^ (h >>> 16)
}
