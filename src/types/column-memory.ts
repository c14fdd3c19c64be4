/**
 * Where columns take their buffers from. The heap is the rule; a reader whose columns WebAssembly kernels write takes
 * them from the kernels' arena (src/wasm/arena.ts), and must release them.
 */

/** `numBytes` of memory, aligned to eight bytes, with any content. */
export interface Region {
  readonly buffer: ArrayBuffer
  readonly byteOffset: number
}

export interface ColumnMemory {
  allocate(numBytes: number): Region
  /** Takes back what `allocate` gave, by any view that starts where it starts. */
  release(view: ArrayBufferView): void
}

/** Garbage-collected memory: nothing needs to be released. */
export const heapMemory: ColumnMemory = {
  allocate: numBytes => ({ buffer: new ArrayBuffer(numBytes), byteOffset: 0 }),
  release: () => {},
}

export function bytesOf(memory: ColumnMemory, length: number): Uint8Array {
  if (memory === heapMemory) return new Uint8Array(length)
  const { buffer, byteOffset } = memory.allocate(length)
  return new Uint8Array(buffer, byteOffset, length)
}

export function int32sOf(memory: ColumnMemory, length: number): Int32Array {
  if (memory === heapMemory) return new Int32Array(length)
  const { buffer, byteOffset } = memory.allocate(length * 4)
  return new Int32Array(buffer, byteOffset, length)
}

export function float64sOf(memory: ColumnMemory, length: number): Float64Array {
  if (memory === heapMemory) return new Float64Array(length)
  const { buffer, byteOffset } = memory.allocate(length * 8)
  return new Float64Array(buffer, byteOffset, length)
}

export function int64sOf(memory: ColumnMemory, length: number): BigInt64Array {
  if (memory === heapMemory) return new BigInt64Array(length)
  const { buffer, byteOffset } = memory.allocate(length * 8)
  return new BigInt64Array(buffer, byteOffset, length)
}
