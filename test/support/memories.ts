/** Where columns and bytes stand decides who works on them: the heap is JavaScript's, the arena the kernels'. */
import { type ColumnMemory, heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'

/** Rows for `describe.each`. */
export const memories: readonly (readonly [who: string, memory: ColumnMemory])[] = [
  ['JavaScript', heapMemory],
  ['WebAssembly', columnMemory()],
]

/** The arena with so many bytes left for these columns, and the heap behind it. */
export function scantMemory(numBytes: number): ColumnMemory {
  const arena = columnMemory()
  const sizes = new Map<number, number>()
  let left = numBytes
  return {
    allocate(size) {
      if (size > left) return heapMemory.allocate(size)
      const region = arena.allocate(size)
      left -= size
      sizes.set(region.byteOffset, size)
      return region
    },
    release(view) {
      if (view.byteOffset === 0) return
      left += sizes.get(view.byteOffset)!
      arena.release(view)
    },
  }
}
