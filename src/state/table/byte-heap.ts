/**
 * Bytes of the variable-length values of one table. An address is `chunk << 16 | offset`, unsigned: up to
 * 65,536 chunks of 64 KiB; a longer value has a chunk of its own. Blocks are rounded up to a size class, freed
 * blocks are reused by class. While the heap is frozen (a snapshot reads it) freed blocks are put aside, so
 * that nothing a snapshot can reach is written again.
 */
import { runtimeFailure } from '../../errors/index.ts'

const CHUNK_BYTES = 65536
const MAX_CHUNKS = 65536

/** Multiples of 8 up to 128, powers of two above. */
const blockBytes = (length: number): number =>
  length <= 128 ? (length + 7) & ~7 : 2 ** Math.ceil(Math.log2(length))

export class ByteHeap {
  /** Chunk 0 is empty: address 0 is that of empty values. */
  readonly chunks: Uint8Array[] = [new Uint8Array(0)]
  /** The same chunks by words: blocks are aligned. */
  readonly words: Int32Array[] = [new Int32Array(0)]
  #chunk = -1
  #next = CHUNK_BYTES
  #free = new Map<number, number[]>()
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
    const address = this.#allocate(blockBytes(length))
    const chunk = this.chunks[address >>> 16]!
    const at = address & 0xffff
    if (length < 32) for (let i = 0; i < length; i++) chunk[at + i] = source[start + i]!
    else chunk.set(source.subarray(start, end), at)
    return address
  }

  free(address: number, length: number): void {
    if (length === 0) return
    if (this.#numFreezes > 0) this.#deferred.push(address, length)
    else this.#release(address, blockBytes(length))
  }

  freeze(): void {
    this.#numFreezes++
  }

  thaw(): void {
    if (--this.#numFreezes > 0) return
    const deferred = this.#deferred
    for (let i = 0; i < deferred.length; i += 2) this.#release(deferred[i]!, blockBytes(deferred[i + 1]!))
    deferred.length = 0
  }

  #release(address: number, size: number): void {
    this.usedBytes -= size
    const list = this.#free.get(size)
    if (list === undefined) this.#free.set(size, [address])
    else list.push(address)
  }

  #allocate(size: number): number {
    this.usedBytes += size
    const reused = this.#free.get(size)?.pop()
    if (reused !== undefined) return reused
    if (size > CHUNK_BYTES) return (this.#addChunk(size) << 16) >>> 0
    if (this.#next + size > (this.chunks[this.#chunk]?.length ?? 0)) {
      // The first chunk is small: most tables of short windows hold few keys.
      const first = this.#chunk < 0 ? 2048 : CHUNK_BYTES
      this.#chunk = this.#addChunk(Math.max(first, size))
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
