/**
 * Hash → row ids, growing without a pause: a directory over the top bits of the hash points at segments, each a
 * small open-addressing table. A full segment doubles up to SEGMENT_SLOTS and then splits in two, so the longest
 * step moves one segment, whatever the number of keys (extendible hashing).
 *
 * A segment is an Int32Array of `slots` pairs (hash, row id + 1; 0 = empty), then its count and its depth. The
 * slot of a hash is its low bits, probing is linear. Deleting shifts followers back, so there are no tombstones.
 * Probe kernels read segments directly; `shift` changes only in `insert`.
 */
const FIRST_SLOTS = 64
const SEGMENT_SLOTS = 4096
/** Hashes that agree in so many top bits are not split any further; the segment doubles instead. */
const MAX_DEPTH = 18

const createSegment = (slots: number, depth: number): Int32Array => {
  const segment = new Int32Array(slots * 2 + 2)
  segment[slots * 2 + 1] = depth
  return segment
}
const slotsOf = (segment: Int32Array): number => (segment.length - 2) >> 1

export class HashIndex {
  /** Changed in place. The segment of a hash is `directory[(hash >>> 1) >>> shift]`. */
  readonly directory: Int32Array[]
  shift: number

  /** `expectedRows` is what it has room for before it grows; a guess does no harm. */
  constructor(expectedRows = 0) {
    // As much again as a segment holds at least: hashes do not spread evenly over segments.
    const wanted = expectedRows * 2
    let depth = 0
    while (SEGMENT_SLOTS * 2 ** depth < wanted && depth < MAX_DEPTH) depth++
    let slots = FIRST_SLOTS
    while (slots < wanted && slots < SEGMENT_SLOTS) slots *= 2
    this.directory = Array.from({ length: 2 ** depth }, () => createSegment(slots, depth))
    this.shift = 31 - depth
  }

  insert(hash: number, id: number): void {
    for (;;) {
      const segment = this.directory[(hash >>> 1) >>> this.shift]!
      const slots = slotsOf(segment)
      if ((segment[slots * 2]! + 1) * 3 <= slots * 2) {
        place(segment, slots, hash, id + 1)
        return
      }
      if (slots < SEGMENT_SLOTS || segment[slots * 2 + 1]! >= MAX_DEPTH) this.#double(segment, slots, hash)
      else this.#split(segment, slots, hash)
    }
  }

  /** Takes out all entries and keeps the room. */
  clear(): void {
    const { directory } = this
    for (let i = 0; i < directory.length; i++) {
      const segment = directory[i]!
      if (segment !== directory[i - 1]) segment.fill(0, 0, segment.length - 1)
    }
  }

  /** Takes out an entry that is there. */
  remove(hash: number, id: number): void {
    const segment = this.directory[(hash >>> 1) >>> this.shift]!
    const slots = slotsOf(segment)
    const mask = slots - 1
    let slot = hash & mask
    while (segment[slot * 2 + 1] !== id + 1) slot = (slot + 1) & mask
    segment[slots * 2]!--
    let hole = slot
    for (;;) {
      slot = (slot + 1) & mask
      if (segment[slot * 2 + 1] === 0) break
      const home = segment[slot * 2]! & mask
      // The entry may move back only if its home is not cyclically inside (hole, slot].
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      segment[hole * 2] = segment[slot * 2]!
      segment[hole * 2 + 1] = segment[slot * 2 + 1]!
      hole = slot
    }
    segment[hole * 2] = 0
    segment[hole * 2 + 1] = 0
  }

  #double(segment: Int32Array, slots: number, hash: number): void {
    const larger = createSegment(slots * 2, segment[slots * 2 + 1]!)
    move(segment, slots, () => larger)
    this.#replace(segment, hash, larger, larger)
  }

  #split(segment: Int32Array, slots: number, hash: number): void {
    const depth = segment[slots * 2 + 1]!
    if (31 - this.shift === depth) this.#doubleDirectory()
    const zero = createSegment(slots, depth + 1)
    const one = createSegment(slots, depth + 1)
    const bit = 1 << (31 - depth)
    move(segment, slots, moved => ((moved & bit) === 0 ? zero : one))
    this.#replace(segment, hash, zero, one)
  }

  #doubleDirectory(): void {
    const directory = this.directory
    const size = directory.length
    for (let i = 0; i < size; i++) directory.push(directory[i]!)
    for (let i = size - 1; i >= 0; i--) directory[2 * i + 1] = directory[2 * i] = directory[i]!
    this.shift--
  }

  /** Points the lower half of the old segment's range at `zero`, the upper half at `one`. */
  #replace(old: Int32Array, hash: number, zero: Int32Array, one: Int32Array): void {
    const directory = this.directory
    const span = 1 << (31 - this.shift - old[old.length - 1]!)
    const first = ((hash >>> 1) >>> this.shift) & -span
    for (let i = 0; i < span; i++) directory[first + i] = i * 2 < span ? zero : one
  }
}

function place(segment: Int32Array, slots: number, hash: number, entry: number): void {
  const mask = slots - 1
  let slot = hash & mask
  while (segment[slot * 2 + 1] !== 0) slot = (slot + 1) & mask
  segment[slot * 2] = hash
  segment[slot * 2 + 1] = entry
  segment[slots * 2]!++
}

function move(from: Int32Array, slots: number, targetOf: (hash: number) => Int32Array): void {
  for (let slot = 0; slot < slots; slot++) {
    const entry = from[slot * 2 + 1]!
    if (entry === 0) continue
    const hash = from[slot * 2]!
    const target = targetOf(hash)
    place(target, slotsOf(target), hash, entry)
  }
}
