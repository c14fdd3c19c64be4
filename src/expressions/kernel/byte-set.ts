/** A fixed set of byte strings, looked up by hash without decoding. */
import { equalBytes } from '../../types/index.ts'

function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash >>> 0
}

export class ByteSet {
  readonly #slots: (Uint8Array | undefined)[]
  readonly #mask: number

  constructor(items: readonly Uint8Array[]) {
    let size = 8
    while (size < items.length * 2) size *= 2
    this.#mask = size - 1
    this.#slots = new Array<Uint8Array | undefined>(size).fill(undefined)
    for (const item of items) {
      if (this.has(item, 0, item.length)) continue
      let at = hashBytes(item, 0, item.length) & this.#mask
      while (this.#slots[at] !== undefined) at = (at + 1) & this.#mask
      this.#slots[at] = item
    }
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    let at = hashBytes(bytes, start, end) & this.#mask
    for (;;) {
      const item = this.#slots[at]
      if (item === undefined) return false
      if (equalBytes(item, 0, item.length, bytes, start, end)) return true
      at = (at + 1) & this.#mask
    }
  }
}
