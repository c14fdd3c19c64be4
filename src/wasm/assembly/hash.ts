/**
 * Key hashes, column by column: MurmurHash3 x86_32 over the words of src/state/keys/key-hash.ts, which is the
 * reference. `state` holds one 32-bit hash a row; `finishHash` ends them. `nulls` is 0 when no row is NULL.
 */
const NULL_WORD: u32 = 0x7fc0dead
const NAN_HIGH: u32 = 0x7ff80000

@inline
function mix(hash: u32, word: u32): u32 {
  const k = rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593
  return rotl<u32>(hash ^ k, 13) * 5 + 0xe6546b64
}

@inline
function isNull(nulls: usize, row: usize): bool {
  return nulls != 0 && load<u8>(nulls + row) == 1
}

@inline
function mixDouble(hash: u32, value: f64): u32 {
  if (value == 0) return mix(mix(hash, 0), 0)
  if (value != value) return mix(mix(hash, 0), NAN_HIGH)
  const bits = reinterpret<u64>(value)
  return mix(mix(hash, <u32>bits), <u32>(bits >> 32))
}

export function hashInts(state: usize, values: usize, nulls: usize, length: i32): void {
  for (let row: usize = 0; row < <usize>length; row++) {
    const at = state + (row << 2)
    const word = isNull(nulls, row) ? NULL_WORD : load<u32>(values + (row << 2))
    store<u32>(at, mix(load<u32>(at), word))
  }
}

export function hashLongs(state: usize, values: usize, nulls: usize, length: i32): void {
  for (let row: usize = 0; row < <usize>length; row++) {
    const at = state + (row << 2)
    const hash = load<u32>(at)
    const words = values + (row << 3)
    store<u32>(at, isNull(nulls, row) ? mix(hash, NULL_WORD) : mix(mix(hash, load<u32>(words)), load<u32>(words, 4)))
  }
}

export function hashDoubles(state: usize, values: usize, nulls: usize, length: i32): void {
  for (let row: usize = 0; row < <usize>length; row++) {
    const at = state + (row << 2)
    const hash = load<u32>(at)
    store<u32>(at, isNull(nulls, row) ? mix(hash, NULL_WORD) : mixDouble(hash, load<f64>(values + (row << 3))))
  }
}

export function hashBytes(state: usize, bytes: usize, offsets: usize, nulls: usize, length: i32): void {
  for (let row: usize = 0; row < <usize>length; row++) {
    const at = state + (row << 2)
    let hash = load<u32>(at)
    if (isNull(nulls, row)) hash = mix(hash, NULL_WORD)
    else {
      const start = load<i32>(offsets + (row << 2))
      const size = load<i32>(offsets + (row << 2), 4) - start
      let p = bytes + start
      const end = p + size
      for (; p + 4 <= end; p += 4) hash = mix(hash, load<u32>(p))
      const rest = <u32>(end - p)
      // Reading on is safe: the arena's last bytes are never given out.
      if (rest != 0) hash = mix(hash, load<u32>(p) & ((1 << (rest << 3)) - 1))
      hash = mix(hash, size)
    }
    store<u32>(at, hash)
  }
}

export function finishHash(state: usize, length: i32): void {
  for (let row: usize = 0; row < <usize>length; row++) {
    const at = state + (row << 2)
    let hash = load<u32>(at)
    hash = (hash ^ (hash >> 16)) * 0x85ebca6b
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35
    store<u32>(at, hash ^ (hash >> 16))
  }
}
