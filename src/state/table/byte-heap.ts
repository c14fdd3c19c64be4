/**
 * Bytes of the variable-length values of one table. An address is `chunk << 16 | offset`, unsigned: up to
 * 65,536 chunks of 64 KiB; a longer value has a chunk of its own. Blocks are rounded up to a size class, freed
 * blocks are reused by class. While the heap is frozen (a snapshot reads it) freed blocks are put aside, so
 * that nothing a snapshot can reach is written again.
 */
import { runtimeFailure } from '../../errors/index.ts'

const CHUNK_BYTES = 65536
const MAX_CHUNKS = 65536

const CLASS_BYTES = 8
const NUM_SMALL_CLASSES = 16

/** Size class of a value of `length` > 0: multiples of 8 up to 128 bytes, powers of two above. */
const sizeClass = (length: number): number =>
  length <= NUM_SMALL_CLASSES * CLASS_BYTES ? (length + 7) >>> 3 : 9 + 32 - Math.clz32(length - 1)

const blockBytes = (sizeClass: number): number =>
  sizeClass <= NUM_SMALL_CLASSES ? sizeClass * CLASS_BYTES : 2 ** (sizeClass - 9)

/** The four bytes at `at` as a little-endian word; zeros behind the end of the array. */
export function wordAt(bytes: Uint8Array, at: number): number {
  if (at + 4 <= bytes.length)
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
}

export class ByteHeap {
  /** Chunk 0 is empty: address 0 is that of empty values. */
  readonly chunks: Uint8Array[] = [new Uint8Array(0)]
  /** The same chunks by words: blocks are aligned. */
  readonly words: Int32Array[] = [new Int32Array(0)]
  #chunk = -1
  #next = CHUNK_BYTES
  /** Addresses of free blocks, by size class. */
  readonly #free: number[][] = []
  /** Chunks of usual size that nothing has been stored in since `reset`. */
  #spare: number[] = []
  #deferred: number[] = []
  #numFreezes = 0
  /** Bytes in blocks that are in use. */
  usedBytes = 0
  #chunkBytes = 0

  /** Bytes held from the process, free blocks included. */
  get allocatedBytes(): number {
    return this.#chunkBytes
  }

  /** Copies `source[start, end)` and returns its address; 0 for an empty value. */
  store(source: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length === 0) return 0
    const address = this.#allocate(sizeClass(length))
    const at = address & 0xffff
    if (length < 32) {
      // Whole words: what they hold behind the value is inside its block and means nothing.
      const words = this.words[address >>> 16]!
      for (let q = start, w = at >>> 2; q < end; q += 4) words[w++] = wordAt(source, q)
    } else this.chunks[address >>> 16]!.set(source.subarray(start, end), at)
    return address
  }

  free(address: number, length: number): void {
    if (length === 0) return
    if (this.#numFreezes > 0) this.#deferred.push(address, length)
    else this.#release(address, sizeClass(length))
  }

  freeze(): void {
    this.#numFreezes++
  }

  get isFrozen(): boolean {
    return this.#numFreezes > 0
  }

  /** Frees everything and keeps the chunks of usual size. Nothing may be frozen. */
  reset(): void {
    const usual = this.chunks.filter(chunk => chunk.length === CHUNK_BYTES)
    this.chunks.splice(1, this.chunks.length, ...usual)
    this.words.splice(1, this.words.length, ...usual.map(chunk => new Int32Array(chunk.buffer)))
    this.#spare = usual.map((_, i) => i + 1)
    this.#chunkBytes = usual.length * CHUNK_BYTES
    this.#free.length = 0
    this.usedBytes = 0
    this.#chunk = -1
    this.#next = CHUNK_BYTES
  }

  thaw(): void {
    if (--this.#numFreezes > 0) return
    const deferred = this.#deferred
    for (let i = 0; i < deferred.length; i += 2) this.#release(deferred[i]!, sizeClass(deferred[i + 1]!))
    deferred.length = 0
  }

  #release(address: number, sizeClass: number): void {
    this.usedBytes -= blockBytes(sizeClass)
    const free = this.#free
    while (free.length <= sizeClass) free.push([])
    free[sizeClass]!.push(address)
  }

  #allocate(sizeClass: number): number {
    const size = blockBytes(sizeClass)
    this.usedBytes += size
    if (sizeClass < this.#free.length) {
      const reused = this.#free[sizeClass]!.pop()
      if (reused !== undefined) return reused
    }
    if (size > CHUNK_BYTES) return (this.#addChunk(size) << 16) >>> 0
    if (this.#next + size > (this.chunks[this.#chunk]?.length ?? 0)) {
      // The first chunk is small: most tables of short windows hold few keys.
      const first = this.#chunk < 0 ? 2048 : CHUNK_BYTES
      this.#chunk = this.#spare.pop() ?? this.#addChunk(Math.max(first, size))
      this.#next = 0
    }
    const address = ((this.#chunk << 16) | this.#next) >>> 0
    this.#next += size
    return address
  }

  #addChunk(size: number): number {
    if (this.chunks.length === MAX_CHUNKS) {
      throw runtimeFailure('MR_STATE_TOO_LARGE', 'the strings of one state table exceed 4 GiB', {
        hint: 'raise the parallelism, shorten the windows or set table.exec.state.ttl',
      })
    }
    this.#chunkBytes += size
    const chunk = new Uint8Array(size)
    this.words.push(new Int32Array(chunk.buffer))
    return this.chunks.push(chunk) - 1
  }
}
