/**
 * Records of a Kafka batch, format 2 (KIP-98), into the arrays of a run. The twin of `RecordDecoder.decode` in
 * src/connectors/kafka/records/record-decoder.ts, which is the reference.
 */
import * as layout from './layout'

/** Where the number read last ends. */
let next: usize = 0

/** A zigzag varint of up to ten bytes, exact to 2^53 as its callers need it. Most have one byte or two. */
@inline
function varint(p: usize): i64 {
  const first = load<u8>(p)
  if (first < 0x80) {
    next = p + 1
    return (first >> 1) ^ -(<i64>(first & 1))
  }
  const second = load<u8>(p, 1)
  if (second < 0x80) {
    next = p + 2
    const zigzag = (first & 0x7f) | ((<u32>second) << 7)
    return (<i64>(zigzag >> 1)) ^ -(<i64>(zigzag & 1))
  }
  return longVarint(p)
}

function longVarint(p: usize): i64 {
  let value: u64 = 0
  let shift: u64 = 0
  let byte: u8
  do {
    byte = load<u8>(p++)
    value |= <u64>(byte & 0x7f) << shift
    shift += 7
  } while (byte >= 0x80 && shift < 70)
  next = p
  return (value >> 1) ^ -(value & 1)
}

@inline
function array(i: usize): usize {
  return load<usize>(layout.RECORDS_ARRAYS + (i << 2))
}

/** Whether something behind `length` bytes from `start` is still in the record. Broken lengths do not wrap around. */
@inline
function fits(length: i64, start: usize, recordEnd: usize): bool {
  return max<i64>(length, 0) < <i64>(<i32>(recordEnd - start))
}

/** Reads records until the run is full or the batch ends. 0 = the record at RECORDS_INDEX is broken. */
export function decodeRecords(): i32 {
  const base = load<usize>(layout.RECORDS_BASE)
  const end = load<usize>(layout.RECORDS_END)
  const count = load<i32>(layout.RECORDS_COUNT)
  const capacity = load<i32>(layout.RECORDS_CAPACITY)
  const baseOffset = load<f64>(layout.RECORDS_BASE_OFFSET)
  const baseTimestamp = load<f64>(layout.RECORDS_BASE_TIMESTAMP)
  const fromOffset = load<f64>(layout.RECORDS_FROM_OFFSET)
  const toOffset = load<f64>(layout.RECORDS_TO_OFFSET)
  const appendTime = load<i32>(layout.RECORDS_APPEND_TIME) != 0
  const allParts = load<i32>(layout.RECORDS_ALL_PARTS) != 0
  const offsets = array(0)
  const timestamps = array(1)
  const keyStarts = array(2)
  const keyEnds = array(3)
  const valueStarts = array(4)
  const valueEnds = array(5)
  const headerStarts = array(6)
  const headerEnds = array(7)
  let p = load<usize>(layout.RECORDS_POSITION)
  let index = load<i32>(layout.RECORDS_INDEX)
  let n = load<i32>(layout.RECORDS_LENGTH)
  let lastDelta = load<f64>(layout.RECORDS_LAST_DELTA)
  const lastOffset = load<f64>(layout.RECORDS_LAST_OFFSET)
  let good = 1
  for (; index < count && n < capacity; index++) {
    if (p >= end) {
      good = 0
      break
    }
    const length = varint(p)
    const start = next
    if (length < 6 || length > <i64>(end - start)) {
      good = 0
      break
    }
    const recordEnd = start + <usize>length
    const timestampDelta = varint(start + 1)
    const offsetDelta = varint(next)
    const keyLength = varint(next)
    const keyStart = next
    if (!fits(keyLength, keyStart, recordEnd)) {
      good = 0
      break
    }
    const keyEnd = keyStart + <usize>max<i64>(keyLength, 0)
    const valueLength = varint(keyEnd)
    const valueStart = next
    if (!fits(valueLength, valueStart, recordEnd)) {
      good = 0
      break
    }
    const valueEnd = valueStart + <usize>max<i64>(valueLength, 0)
    const delta = <f64>offsetDelta
    const offset = baseOffset + delta
    if (delta <= lastDelta || offset > lastOffset) {
      good = 0
      break
    }
    lastDelta = delta
    if (offset >= fromOffset && offset < toOffset) {
      const wide = <usize>n << 3
      const narrow = <usize>n << 2
      store<f64>(offsets + wide, offset)
      store<i32>(valueStarts + narrow, valueLength < 0 ? -1 : valueStart - base)
      store<i32>(valueEnds + narrow, valueEnd - base)
      if (allParts) {
        store<f64>(timestamps + wide, appendTime ? baseTimestamp : baseTimestamp + <f64>timestampDelta)
        store<i32>(keyStarts + narrow, keyLength < 0 ? -1 : keyStart - base)
        store<i32>(keyEnds + narrow, keyEnd - base)
        store<i32>(headerStarts + narrow, valueEnd - base)
        store<i32>(headerEnds + narrow, recordEnd - base)
      }
      n++
    }
    p = recordEnd
  }
  store<usize>(layout.RECORDS_POSITION, p)
  store<i32>(layout.RECORDS_INDEX, index)
  store<i32>(layout.RECORDS_LENGTH, n)
  store<f64>(layout.RECORDS_LAST_DELTA, lastDelta)
  return good
}
