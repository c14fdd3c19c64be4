/**
 * Copies chosen rows of a column to the end of another: src/types/append-selected.ts is the reference. `rows` are 32-bit
 * row numbers of the source.
 */
import { copy } from './copy'

export function selectNulls(target: usize, source: usize, rows: usize, count: i32): void {
  const end = rows + (<usize>count << 2)
  for (; rows < end; rows += 4) store<u8>(target++, load<u8>(source + load<u32>(rows)))
}

export function selectInts(target: usize, source: usize, rows: usize, count: i32): void {
  const end = rows + (<usize>count << 2)
  for (; rows < end; rows += 4, target += 4) store<u32>(target, load<u32>(source + (<usize>load<u32>(rows) << 2)))
}

export function selectLongs(target: usize, source: usize, rows: usize, count: i32): void {
  const end = rows + (<usize>count << 2)
  for (; rows < end; rows += 4, target += 8) store<u64>(target, load<u64>(source + (<usize>load<u32>(rows) << 3)))
}

/** `target` is the address of the first row's start, which is set; writes those that follow and answers the last. */
export function selectOffsets(target: usize, source: usize, rows: usize, count: i32): i32 {
  const end = rows + (<usize>count << 2)
  let at = load<i32>(target)
  for (; rows < end; rows += 4) {
    const row = source + (<usize>load<u32>(rows) << 2)
    at += load<i32>(row, 4) - load<i32>(row)
    target += 4
    store<i32>(target, at)
  }
  return at
}

/** `bytes` is the address of the first row's bytes; there is room for 16 bytes more than the rows have. */
export function selectBytes(bytes: usize, source: usize, offsets: usize, rows: usize, count: i32): void {
  const end = rows + (<usize>count << 2)
  for (; rows < end; rows += 4) {
    const row = offsets + (<usize>load<u32>(rows) << 2)
    const start = load<i32>(row)
    bytes = copy(bytes, source + start, load<i32>(row, 4) - start)
  }
}

/**
 * `targets` gets the target of each row; `rows` gets the row numbers in the order of their targets, `ends` where those
 * of each target end: src/runtime/channels/row-groups.ts is the reference.
 */
export function groupRows(
  hashes: usize,
  length: i32,
  targets: usize,
  owners: usize,
  maxParallelism: u32,
  ends: usize,
  numTargets: i32,
  rows: usize,
): void {
  memory.fill(ends, 0, <usize>numTargets << 2)
  const end = targets + (<usize>length << 2)
  for (let at = targets; at < end; at += 4, hashes += 4) {
    const hash = load<u32>(hashes)
    const group = (((hash ^ (hash >> 16)) * 0x9e3779b1) >> 8) % maxParallelism
    const target = load<u32>(owners + (<usize>group << 2))
    store<u32>(at, target)
    const count = ends + (<usize>target << 2)
    store<u32>(count, load<u32>(count) + 1)
  }
  let start: u32 = 0
  for (let t: i32 = 0; t < numTargets; t++) {
    const at = ends + (<usize>t << 2)
    const count = load<u32>(at)
    store<u32>(at, start)
    start += count
  }
  let row: u32 = 0
  for (let at = targets; at < end; at += 4) {
    const next = ends + (<usize>load<u32>(at) << 2)
    const place = load<u32>(next)
    store<u32>(rows + (<usize>place << 2), row++)
    store<u32>(next, place + 1)
  }
}
