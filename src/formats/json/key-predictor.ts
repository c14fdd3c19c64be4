/**
 * Learns which key follows which, so that a member's `"key":` is recognized by a few 32-bit comparisons. A slot
 * is one learned key; slot 0 stands before the first member, slot 1 for every key not learned. Both match only
 * NUL bytes, which the scanner then refuses.
 */
import { skipUnescapedString, skipWhitespace } from './scan.ts'

const MAX_SLOTS = 512
/** Words per slot: keys longer than 61 bytes are looked up each time. */
export const SLOT_WORDS = 16
const HASH_SIZE = 4096

export class KeyPredictor {
  /** `"key":` as little-endian words, SLOT_WORDS a slot. */
  readonly words: Int32Array = new Int32Array(MAX_SLOTS * SLOT_WORDS)
  /** Whole words of a token; the next word is compared under `masks`. */
  readonly fullWords: Int32Array = new Int32Array(MAX_SLOTS)
  readonly masks: Int32Array = new Int32Array(MAX_SLOTS).fill(-1)
  readonly lengths: Int32Array = new Int32Array(MAX_SLOTS)
  /** Wanted field of a slot, or -1. */
  readonly fields: Int32Array = new Int32Array(MAX_SLOTS).fill(-1)
  /** The slot that last followed a slot. */
  readonly next: Int32Array = new Int32Array(MAX_SLOTS)
  /** Results of `find`. */
  slot = 1
  field = -1
  #numSlots = 2
  readonly #slotOfHash = new Int32Array(HASH_SIZE)
  readonly #fieldNames: readonly Uint8Array[]
  /** Wanted fields by name hash: open addressing, value = field + 1. */
  readonly #fieldTable: Int32Array

  constructor(fieldNames: readonly string[]) {
    this.#fieldNames = fieldNames.map(name => new TextEncoder().encode(name))
    let size = 16
    while (size < fieldNames.length * 4) size *= 2
    this.#fieldTable = new Int32Array(size)
    this.#fieldNames.forEach((name, field) => {
      let at = hashOf(name, 0, name.length) & (size - 1)
      while (this.#fieldTable[at] !== 0) at = (at + 1) & (size - 1)
      this.#fieldTable[at] = field + 1
    })
  }

  /**
   * Reads the key whose opening quote is expected at `at`, learns that it follows slot `previous`, and sets
   * `slot` and `field`. Returns the position after the colon, or -1 for a key it must not judge (malformed, or
   * with escapes).
   */
  find(bytes: Uint8Array, view: DataView, at: number, end: number, previous: number): number {
    if (bytes[at] !== 34) return -1
    const keyEnd = skipUnescapedString(bytes, view, at + 1, end)
    if (keyEnd < 0) return -1
    const colon = skipWhitespace(bytes, keyEnd, end)
    if (colon >= end || bytes[colon] !== 58) return -1
    const hash = hashOf(bytes, at + 1, keyEnd - 1)
    const learned = this.#slotOfHash[hash & (HASH_SIZE - 1)]!
    if (learned !== 0 && this.#isToken(learned, bytes, at, keyEnd)) {
      this.slot = learned
      this.field = this.fields[learned]!
    } else {
      this.field = this.#findField(hash, bytes, at + 1, keyEnd - 1)
      this.slot = learned === 0 ? this.#learn(hash, bytes, at, keyEnd) : 1
    }
    this.next[previous] = this.slot
    return colon + 1
  }

  #isToken(slot: number, bytes: Uint8Array, at: number, keyEnd: number): boolean {
    const length = keyEnd - at
    if (this.lengths[slot] !== length + 1) return false
    for (let i = 0; i < length; i++) {
      if (((this.words[slot * SLOT_WORDS + (i >> 2)]! >> ((i & 3) * 8)) & 255) !== bytes[at + i]) return false
    }
    return true
  }

  #learn(hash: number, bytes: Uint8Array, at: number, keyEnd: number): number {
    const length = keyEnd - at + 1
    if (this.#numSlots === MAX_SLOTS || length >= SLOT_WORDS * 4) return 1
    const slot = this.#numSlots++
    for (let i = 0; i < length; i++) {
      const byte = i === length - 1 ? 58 : bytes[at + i]!
      this.words[slot * SLOT_WORDS + (i >> 2)]! |= byte << ((i & 3) * 8)
    }
    this.fullWords[slot] = length >> 2
    this.masks[slot] = (length & 3) === 0 ? 0 : (1 << ((length & 3) * 8)) - 1
    this.lengths[slot] = length
    this.fields[slot] = this.field
    this.#slotOfHash[hash & (HASH_SIZE - 1)] = slot
    return slot
  }

  #findField(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const table = this.#fieldTable
    let at = hash & (table.length - 1)
    for (; table[at] !== 0; at = (at + 1) & (table.length - 1)) {
      const field = table[at]! - 1
      const name = this.#fieldNames[field]!
      if (name.length !== end - start) continue
      let i = 0
      while (i < name.length && name[i] === bytes[start + i]) i++
      if (i === name.length) return field
    }
    return -1
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 16777619)
  return (hash ^ (hash >>> 15)) >>> 0
}
