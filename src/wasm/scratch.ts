/** A reusable piece of the arena that holds copies of what a kernel is to read and cannot reach. */
import type { Arena } from './arena.ts'

export class Scratch {
  readonly #arena: Arena
  #view: Uint8Array | null = null

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** Address of at least `numBytes`, valid until the next call; -1 when the arena is full. */
  reserve(numBytes: number): number {
    if (this.#view !== null && this.#view.length >= numBytes) return this.#view.byteOffset
    this.release()
    const region = this.#arena.allocate(numBytes)
    if (region === null) return -1
    this.#view = new Uint8Array(region.buffer, region.byteOffset, numBytes)
    return region.byteOffset
  }

  release(): void {
    if (this.#view !== null) this.#arena.release(this.#view.byteOffset)
    this.#view = null
  }
}
