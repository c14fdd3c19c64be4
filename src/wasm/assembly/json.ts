/**
 * Payloads to columns, for exactly the fields a plan reads. The twin of src/formats/json/decoder-source.ts, which is
 * the reference and takes over for every record this scan stops at: malformed, nested too deeply, with a field missing
 * that may not be, or with a string for which the arena has no room.
 *
 * What stands between two values (`,"key":` with its spaces) is learned as a token and compared as a whole: each
 * slot knows which slot followed it last.
 */
import { skipValue } from './containers'
import { findField } from './host'
import * as layout from './layout'
import { isSpace, skipNumber, skipRestOfString, skipSpace, skipString } from './text'
import { readValue, setMissing } from './values'

@inline
function isToken(p: usize, slot: usize): bool {
  const other = v128.xor(v128.load(p), v128.load(slot, layout.SLOT_TOKEN_AT))
  if (v128.any_true(v128.and(other, v128.load(slot, layout.SLOT_MASK_AT)))) return false
  return load<i32>(slot, layout.SLOT_LENGTH_AT) <= 16 || isRestOfToken(p, slot)
}

function isRestOfToken(p: usize, slot: usize): bool {
  const length = <usize>load<i32>(slot, layout.SLOT_LENGTH_AT)
  for (let i: usize = 16; i < length; i += 16) {
    const other = v128.xor(v128.load(p + i), v128.load(slot + i, layout.SLOT_TOKEN_AT))
    if (v128.any_true(v128.and(other, v128.load(slot + i, layout.SLOT_MASK_AT)))) return false
  }
  return true
}

function hashOf(start: usize, end: usize): u32 {
  let hash: u32 = 0x811c9dc5
  for (let p = start; p < end; p++) hash = (hash ^ load<u8>(p)) * 16777619
  return hash ^ (hash >> 15)
}

/**
 * The slot of the token `[start, end)`, whose key is `[keyStart, keyEnd)`; learned if it is new. The unknown slot,
 * set to this field, if it cannot be learned.
 */
function slotOf(block: usize, start: usize, end: usize, keyStart: usize, keyEnd: usize): usize {
  const slots = block + load<u32>(block, layout.SLOTS_AT)
  const table = block + load<u32>(block, layout.SLOT_TABLE_AT)
  const length = <i32>(end - start)
  const last = load<u32>(block, layout.SLOT_TABLE_LAST_AT)
  let at: usize = 0
  if (length <= layout.MAX_TOKEN_BYTES) {
    at = table + ((hashOf(start, end) << 2) & last)
    while (load<u32>(at) != 0) {
      const slot = block + load<u32>(at)
      if (load<i32>(slot, layout.SLOT_LENGTH_AT) == length && isToken(start, slot)) return slot
      at = at == table + last ? table : at + 4
    }
  }
  const numSlots = load<i32>(block, layout.NUM_SLOTS_AT)
  const learns = length <= layout.MAX_TOKEN_BYTES && numSlots < load<i32>(block, layout.MAX_SLOTS_AT)
  const slot = slots + (learns ? numSlots : layout.UNKNOWN_SLOT) * layout.SLOT_BYTES
  // The block is not cleared beyond the slots in use.
  if (learns) memory.fill(slot, 0, layout.SLOT_BYTES)
  const field = findField(keyStart, keyEnd)
  store<i32>(slot, field, layout.SLOT_FIELD_AT)
  store<i32>(slot, field == 0 ? layout.KIND_SKIP : load<i32>(block + field), layout.SLOT_KIND_AT)
  if (!learns) return slot
  memory.copy(slot + layout.SLOT_TOKEN_AT, start, length)
  memory.fill(slot + layout.SLOT_MASK_AT, 0xff, length)
  store<i32>(slot, length, layout.SLOT_LENGTH_AT)
  store<i32>(slot, layout.UNKNOWN_SLOT * layout.SLOT_BYTES + load<u32>(block, layout.SLOTS_AT), layout.SLOT_NEXT_AT)
  store<u32>(at, slot - block)
  store<i32>(block, numSlots + 1, layout.NUM_SLOTS_AT)
  return slot
}

/** Where the value behind the token that `nextSlot` read begins. */
let valueStart: usize = 0

/** Reads what stands between two values, or before the first, without a prediction. 0 = not for this scan. */
function nextSlot(block: usize, before: usize, p: usize, end: usize): usize {
  const slots = block + load<u32>(block, layout.SLOTS_AT)
  const start = p
  p = skipSpace(p, end)
  const isFirst = before == slots
  if (p >= end) return 0
  let c = load<u8>(p)
  if (isFirst) {
    if (c != 123) return 0
    p = skipSpace(p + 1, end)
    if (p >= end) return 0
    c = load<u8>(p)
  }
  let slot = slots + layout.END_SLOT * layout.SLOT_BYTES
  if (c == 125) {
    valueStart = p + 1
    // With spaces before it the bracket is no token.
    if (p == start) store<u32>(before, slot - block, layout.SLOT_NEXT_AT)
    return slot
  }
  if (!isFirst) {
    if (c != 44) return 0
    p = skipSpace(p + 1, end)
  }
  if (p >= end || load<u8>(p) != 0x22) return 0
  const keyStart = p + 1
  const keyEnd = skipRestOfString(keyStart, end)
  if (keyEnd == 0) return 0
  p = skipSpace(keyEnd, end)
  if (p >= end || load<u8>(p) != 58) return 0
  p = skipSpace(p + 1, end)
  if (p >= end) return 0
  slot = slotOf(block, start, p, keyStart, keyEnd - 1)
  store<u32>(before, slot - block, layout.SLOT_NEXT_AT)
  valueStart = p
  return slot
}

/**
 * Decodes records `[from, to)` of the run at `base` into rows from `row` on. Returns the number of rows; the block
 * says where it stopped.
 */
export function scanJson(
  block: usize,
  base: usize,
  starts: usize,
  ends: usize,
  from: i32,
  to: i32,
  records: usize,
  row: i32,
): i32 {
  const slots = block + load<u32>(block, layout.SLOTS_AT)
  const numFields = load<i32>(block, layout.NUM_FIELDS_AT)
  let stamp = load<u32>(block, layout.STAMP_AT)
  let record = from
  for (; record < to; record++) {
    const start = load<i32>(starts + (<usize>record << 2))
    if (start < 0) {
      store<i32>(block, load<i32>(block, layout.NUM_NULLS_AT) + 1, layout.NUM_NULLS_AT)
      continue
    }
    let p = base + start
    let end = base + load<i32>(ends + (<usize>record << 2))
    while (end > p && isSpace(load<u8>(end - 1))) end--
    if (<i32>(end - p) < 2 || load<u8>(end - 1) != 125) break
    let slot = slots
    let numSeen = 0
    if (++stamp == 0) {
      clearStamps(block)
      stamp = 1
    }
    while (true) {
      const next = block + load<u32>(slot, layout.SLOT_NEXT_AT)
      if (isToken(p, next)) {
        p += load<i32>(next, layout.SLOT_LENGTH_AT)
        slot = next
      } else {
        slot = nextSlot(block, slot, p, end)
        if (slot == 0) break
        p = valueStart
      }
      const kind = load<i32>(slot, layout.SLOT_KIND_AT)
      if (kind == layout.KIND_SKIP) {
        const c = load<u8>(p)
        if (c == 0x22) p = skipString(p + 1, end)
        else if (<u8>(c - 48) <= 9) p = skipNumber(p, end)
        else p = skipValue(p, end)
      } else {
        if (kind == layout.KIND_END) break
        const field = block + load<u32>(slot, layout.SLOT_FIELD_AT)
        // The last of repeated keys wins; the one before may have been null.
        if (load<u32>(field, layout.FIELD_STAMP_AT) == stamp) clearNull(field, row)
        else numSeen++
        store<u32>(field, stamp, layout.FIELD_STAMP_AT)
        p = readValue(block, field, kind, p, end, row)
      }
      if (p == 0 || p >= end) {
        p = 0
        break
      }
    }
    if (slot == 0 || p != end) break
    if (numSeen != numFields && !setMissing(block, stamp, row)) break
    store<i32>(records + (<usize>row << 2), record)
    row++
  }
  if (record < to) clearRow(block, row)
  store<u32>(block, stamp, layout.STAMP_AT)
  store<i32>(block, record, layout.STOPPED_AT)
  return row
}

function clearStamps(block: usize): void {
  const numFields = load<i32>(block, layout.NUM_FIELDS_AT)
  for (let k = 0; k < numFields; k++) store<u32>(block + layout.FIELDS_AT + k * layout.FIELD_BYTES, 0, layout.FIELD_STAMP_AT)
}

function clearNull(field: usize, row: i32): void {
  const nulls = load<usize>(field, layout.FIELD_NULLS_AT)
  if (nulls != 0) store<u8>(nulls + row, 0)
}

/** Takes back NULL marks of a row that was begun. */
function clearRow(block: usize, row: i32): void {
  const numFields = load<i32>(block, layout.NUM_FIELDS_AT)
  for (let k = 0; k < numFields; k++) clearNull(block + layout.FIELDS_AT + k * layout.FIELD_BYTES, row)
}
