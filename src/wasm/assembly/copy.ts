/** Copies of sixteen bytes at a time: there must be room behind the target, and something to read behind the source. */

/** Behind what was written. */
@inline
export function copy(target: usize, source: usize, length: usize): usize {
  for (let i: usize = 0; i < length; i += 16) v128.store(target + i, v128.load(source + i))
  return target + length
}
