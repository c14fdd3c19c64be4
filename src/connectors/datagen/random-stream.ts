/**
 * Random numbers as a pure function of (seed, field, row): row n is the same on every replay, at every parallelism,
 * whatever was generated before it. Not for cryptography.
 */
const mix = (state: number): number => {
  let t = state ^ (state >>> 16)
  t = Math.imul(t, 0x21f0aaad)
  t ^= t >>> 15
  t = Math.imul(t, 0x735a2d97)
  return t ^ (t >>> 15)
}

const GOLDEN = 0x9e3779b9 | 0

export class RandomStream {
  #state = 0

  /** Starts the draws of one value. `row` is an integer up to 2^53. */
  reset(seed: number, field: number, row: number): void {
    let state = mix((seed | 0) + GOLDEN)
    state = mix((state ^ Math.floor(seed / 4294967296)) + GOLDEN)
    state = mix((state ^ field) + GOLDEN)
    state = mix((state ^ row) + GOLDEN)
    this.#state = mix((state ^ Math.floor(row / 4294967296)) + GOLDEN)
  }

  /** An int32. */
  next(): number {
    this.#state = (this.#state + GOLDEN) | 0
    return mix(this.#state)
  }

  /** 0 ≤ x < 1 with 53 random bits. */
  unit(): number {
    return ((this.next() >>> 5) * 67108864 + (this.next() >>> 6)) / 9007199254740992
  }

  /** An integer 0 ≤ x < limit ≤ 2^53. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit)
  }

  /** An integer 0 ≤ x < limit ≤ 2^64. */
  belowBig(limit: bigint): bigint {
    const bits =
      (BigInt(this.next() >>> 0) << 64n) | (BigInt(this.next() >>> 0) << 32n) | BigInt(this.next() >>> 0)
    return (bits * limit) >> 96n
  }
}
