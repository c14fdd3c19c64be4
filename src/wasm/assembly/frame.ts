/**
 * Encoded keys and values to records of a Kafka batch (KIP-98), without headers. The twin of `RecordBatchBuilder`'s
 * begin and end, which is the reference.
 */
import { copy } from './copy'
import * as layout from './layout'

@inline
function sizeOf(zigzag: u64): usize {
  return zigzag < 0x80 ? 1 : (<usize>(70 - clz(zigzag))) / 7
}

@inline
function zigzagOf(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63))
}

@inline
function putVarint(p: usize, zigzag: u64): usize {
  while (zigzag >= 0x80) {
    store<u8>(p++, <u8>(zigzag | 0x80))
    zigzag >>= 7
  }
  store<u8>(p, <u8>zigzag)
  return p + 1
}

/** Frames rows `[from, to)`, or those of the row numbers there. Returns the first that is not in the batch. */
export function frameRecords(from: i32, to: i32): i32 {
  const values = load<usize>(layout.FRAME_VALUES)
  const valueOffsets = load<usize>(layout.FRAME_VALUE_OFFSETS)
  const keys = load<usize>(layout.FRAME_KEYS)
  const keyOffsets = load<usize>(layout.FRAME_KEY_OFFSETS)
  const rows = load<usize>(layout.FRAME_ROWS)
  const base = load<usize>(layout.FRAME_BASE)
  const limit = base + load<usize>(layout.FRAME_LIMIT)
  const full = base + load<usize>(layout.FRAME_BATCH_BYTES)
  const timestampDelta = zigzagOf(load<i64>(layout.FRAME_TIMESTAMP_DELTA))
  const timestampBytes = sizeOf(timestampDelta)
  let numRecords = load<i32>(layout.FRAME_NUM_RECORDS)
  let p = base + load<usize>(layout.FRAME_POSITION)
  let i = from
  for (; i < to && p < full; i++) {
    const row = <usize>(rows == 0 ? i : load<i32>(rows + (<usize>i << 2)))
    const value = load<i32>(valueOffsets + (row << 2))
    const valueLength = <usize>(load<i32>(valueOffsets + (row << 2), 4) - value)
    let key = 0
    let keyLength: usize = 0
    if (keys != 0) {
      key = load<i32>(keyOffsets + (row << 2))
      keyLength = <usize>(load<i32>(keyOffsets + (row << 2), 4) - key)
    }
    const delta = zigzagOf(numRecords)
    const keyZigzag = keys == 0 ? 1 : <u64>keyLength << 1
    const valueZigzag = <u64>valueLength << 1
    // Attributes before, the number of headers behind.
    const length =
      1 + timestampBytes + sizeOf(delta) + sizeOf(keyZigzag) + keyLength + sizeOf(valueZigzag) + valueLength + 1
    const lengthZigzag = <u64>length << 1
    if (p + sizeOf(lengthZigzag) + length + 16 > limit) break
    p = putVarint(p, lengthZigzag)
    store<u8>(p++, 0)
    p = putVarint(p, timestampDelta)
    p = putVarint(p, delta)
    p = putVarint(p, keyZigzag)
    p = copy(p, keys + key, keyLength)
    p = putVarint(p, valueZigzag)
    p = copy(p, values + value, valueLength)
    store<u8>(p++, 0)
    numRecords++
  }
  store<usize>(layout.FRAME_POSITION, p - base)
  store<i32>(layout.FRAME_NUM_RECORDS, numRecords)
  return i
}
