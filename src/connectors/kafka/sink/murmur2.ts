/** The hash of Kafka's Java client, so that keys meet on the same partitions as those of other producers. */
const M = 0x5bd1e995

/** Signed 32-bit murmur2 of `bytes[start, end)`. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  let h = 0x9747b28c ^ length
  let at = start
  for (const last = start + (length & ~3); at < last; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    k = Math.imul(k, M)
    k = Math.imul(k ^ (k >>> 24), M)
    h = Math.imul(h, M) ^ k
  }
  const rest = length & 3
  if (rest === 3) h ^= bytes[at + 2]! << 16
  if (rest >= 2) h ^= bytes[at + 1]! << 8
  if (rest >= 1) h = Math.imul(h ^ bytes[at]!, M)
  h = Math.imul(h ^ (h >>> 13), M)
  return h ^ (h >>> 15)
}

/** The partition of a key, as Java's default partitioner chooses it. */
export const partitionOfKey = (
  bytes: Uint8Array,
  start: number,
  end: number,
  numPartitions: number,
): number => (murmur2(bytes, start, end) & 0x7fffffff) % numPartitions
