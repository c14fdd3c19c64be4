/**
 * Buffers for big responses, which come back through `recycle`: otherwise each fetch would be a fresh megabyte for
 * the garbage collector to find. They stand in the kernels' arena while it has room, so that records are decoded where
 * the socket put them, else on the heap.
 */
import { kernelsOrNull } from '../../../wasm/kernels.ts'

/** Smaller responses are not worth keeping. */
const MIN_POOLED_BYTES = 32 * 1024
const MAX_SPARE = 3
/** Blocks of this size of the arena are kept for the next response: small fetches follow each other quickly. */
const KEPT_BYTES = 256 * 1024

export class ResponsePool {
  readonly #arena = kernelsOrNull()?.arena
  /** Addresses in the arena that responses stand at. */
  readonly #addresses = new Set<number>()
  /** Free block of KEPT_BYTES in the arena, or 0. */
  #kept = 0
  readonly #spare: ArrayBuffer[] = []
  /** Heap buffers handed out, so that nothing foreign becomes a spare one. */
  readonly #lent = new WeakSet<ArrayBuffer>()
  #closed = false

  allocate(numBytes: number): Buffer {
    if (numBytes < MIN_POOLED_BYTES || this.#closed) return Buffer.allocUnsafe(numBytes)
    const address = this.#addressFor(numBytes)
    if (address !== 0) {
      this.#addresses.add(address)
      return Buffer.from(this.#arena!.buffer, address, numBytes)
    }
    const found = this.#spare.findIndex(({ byteLength }) => byteLength >= numBytes)
    const buffer =
      found >= 0 ? this.#spare.splice(found, 1)[0]! : new ArrayBuffer(2 ** Math.ceil(Math.log2(numBytes)))
    this.#lent.add(buffer)
    return Buffer.from(buffer, 0, numBytes)
  }

  /** 0 where the arena has no room. */
  #addressFor(numBytes: number): number {
    if (numBytes > KEPT_BYTES) return this.#arena?.allocate(numBytes)?.byteOffset ?? 0
    const kept = this.#kept
    this.#kept = 0
    return kept !== 0 ? kept : (this.#arena?.allocate(KEPT_BYTES)?.byteOffset ?? 0)
  }

  #free(address: number): void {
    const arena = this.#arena!
    if (this.#kept === 0 && arena.sizeOf(address) === KEPT_BYTES) this.#kept = address
    else arena.release(address)
  }

  /** The response these bytes begin in, within its first bytes, is used up: its buffer may be filled again. */
  recycle(bytes: Uint8Array): void {
    if (this.#arena?.contains(bytes) === true) {
      const address = this.#arena.startOf(bytes)
      if (this.#addresses.delete(address)) this.#free(address)
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
    if (this.#kept !== 0) this.#arena?.release(this.#kept)
    this.#kept = 0
    this.#spare.length = 0
  }
}
