/**
 * The memory that WebAssembly kernels and JavaScript share: fetch responses and the columns decoded from them stand
 * in it, so that a kernel reads what the socket wrote and writes what the next operator reads. One per isolate.
 *
 * Allocated once at its full size, of which the operating system backs only the pages that were touched; it never
 * grows, because growing would detach every view. When it is full, `allocate` answers null and the caller uses the
 * heap: kernels then give way to their JavaScript twins.
 *
 * Sizes are powers of two from 64 bytes; free neighbours of one size are joined again (a buddy allocator), so that
 * memory once cut small for small responses serves big ones later and the job stays at what it holds at most. What is
 * allocated must be released; `bytesInUse` is what tests count.
 */
import { internalError } from '../errors/index.ts'
import { STATIC_BYTES } from './assembly/layout.ts'

const PAGE_BYTES = 65536
const SIZE_BYTES = 512 * 1024 * 1024
/** Kernels load up to 16 bytes beyond the end of a payload. */
const GUARD_BYTES = 64
const SMALLEST_LOG = 6

export interface ArenaRegion {
  readonly buffer: ArrayBuffer
  readonly byteOffset: number
}

export class Arena {
  readonly memory: WebAssembly.Memory
  readonly buffer: ArrayBuffer
  /** Allocated and not released, in bytes of whole size classes. */
  bytesInUse = 0
  readonly #limit: number
  /** Addresses of free blocks, by size class. */
  readonly #free: readonly Set<number>[] = Array.from({ length: 32 }, () => new Set())
  /** Size class of each address in use. */
  readonly #sizeLogs = new Map<number, number>()
  #top = STATIC_BYTES

  constructor(numBytes = SIZE_BYTES) {
    const pages = Math.ceil(numBytes / PAGE_BYTES)
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.buffer = this.memory.buffer
    this.#limit = pages * PAGE_BYTES - GUARD_BYTES
  }

  /** null when the process may not reserve so much address space. */
  static tryCreate(): Arena | null {
    try {
      return new Arena()
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
  }

  /** Memory with any content, aligned to 64 bytes; null when the arena is full. */
  allocate(numBytes: number): ArenaRegion | null {
    const log = Math.max(SMALLEST_LOG, 32 - Math.clz32(Math.max(1, numBytes) - 1))
    const byteOffset = numBytes > this.#limit ? null : (this.#takeFree(log) ?? this.#takeNew(log))
    if (byteOffset === null) return null
    this.#sizeLogs.set(byteOffset, log)
    this.bytesInUse += 2 ** log
    return { buffer: this.buffer, byteOffset }
  }

  /** The smallest free block that is large enough, what is left of it freed again. */
  #takeFree(log: number): number | null {
    for (let found = log; found < this.#free.length; found++) {
      for (const address of this.#free[found]!) {
        this.#free[found]!.delete(address)
        for (let half = found - 1; half >= log; half--) this.#free[half]!.add(address + 2 ** half)
        return address
      }
    }
    return null
  }

  /** Memory never used, at a multiple of its size behind the static data; what is skipped for that is free. */
  #takeNew(log: number): number | null {
    const size = 2 ** log
    const address = STATIC_BYTES + Math.ceil((this.#top - STATIC_BYTES) / size) * size
    if (address + size > this.#limit) return null
    for (let gap = SMALLEST_LOG; this.#top < address; gap++) {
      if (((this.#top - STATIC_BYTES) & (2 ** gap)) === 0) continue
      this.#addFree(this.#top, gap)
      this.#top += 2 ** gap
    }
    this.#top = address + size
    return address
  }

  /** Takes back the allocation at an address. Freeing twice is a bug that would give one memory to two owners. */
  release(address: number): void {
    const log = this.#sizeLogs.get(address)
    if (log === undefined) throw internalError(`nothing is allocated at ${address} of the arena`)
    this.#sizeLogs.delete(address)
    this.bytesInUse -= 2 ** log
    this.#addFree(address, log)
  }

  #addFree(address: number, log: number): void {
    for (;;) {
      const buddy = STATIC_BYTES + ((address - STATIC_BYTES) ^ (2 ** log))
      if (!this.#free[log]!.delete(buddy)) break
      address = Math.min(address, buddy)
      log++
    }
    this.#free[log]!.add(address)
  }

  /** Bytes of the allocation at an address. */
  sizeOf(address: number): number {
    return 2 ** (this.#sizeLogs.get(address) ?? 0)
  }

  /** Where the allocation starts that a view begins in, if it begins in its first 64 bytes. */
  startOf(view: ArrayBufferView): number {
    return view.byteOffset - (view.byteOffset % 2 ** SMALLEST_LOG)
  }

  contains(view: ArrayBufferView): boolean {
    return view.buffer === this.buffer
  }
}
