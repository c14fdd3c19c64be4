/**
 * Buffers for big responses, which come back through `recycle`: otherwise each fetch would be a fresh megabyte for
 * the garbage collector to find. They stand in the kernels' arena while it has room, so that records are decoded where
 * the socket put them, else on the heap.
 */
import { kernelsOrNull } from '../../../wasm/kernels.ts'

/** Smaller responses are not worth keeping. */
const MIN_POOLED_BYTES = 32 * 1024
const MAX_SPARE = 3

export class ResponsePool {
  readonly #arena = kernelsOrNull()?.arena
  /** Addresses in the arena that responses stand at. */
  readonly #addresses = new Set<number>()
  readonly #spare: ArrayBuffer[] = []
  /** Heap buffers handed out, so that nothing foreign becomes a spare one. */
  readonly #lent = new WeakSet<ArrayBuffer>()
  #closed = false

  allocate(numBytes: number): Buffer {
    if (numBytes < MIN_POOLED_BYTES || this.#closed) return Buffer.allocUnsafe(numBytes)
    const region = this.#arena?.allocate(numBytes) ?? null
    if (region !== null) {
      this.#addresses.add(region.byteOffset)
      return Buffer.from(region.buffer, region.byteOffset, numBytes)
    }
    const found = this.#spare.findIndex(({ byteLength }) => byteLength >= numBytes)
    const buffer =
      found >= 0 ? this.#spare.splice(found, 1)[0]! : new ArrayBuffer(2 ** Math.ceil(Math.log2(numBytes)))
    this.#lent.add(buffer)
    return Buffer.from(buffer, 0, numBytes)
  }

  /** The response these bytes begin in, within its first bytes, is used up: its buffer may be filled again. */
  recycle(bytes: Uint8Array): void {
    if (this.#arena?.contains(bytes) === true) {
      const address = this.#arena.startOf(bytes)
      if (this.#addresses.delete(address)) this.#arena.release(address)
      return
    }
    const { buffer } = bytes
    if (!(buffer instanceof ArrayBuffer) || !this.#lent.delete(buffer)) return
    if (this.#spare.length >= MAX_SPARE) this.#spare.shift()
    this.#spare.push(buffer)
  }

  /** Frees every response, also those never recycled: nobody may read them any more. */
  close(): void {
    this.#closed = true
    for (const address of this.#addresses) this.#arena?.release(address)
    this.#addresses.clear()
    this.#spare.length = 0
  }
}
