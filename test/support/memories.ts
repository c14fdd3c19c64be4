/** Where columns and bytes stand decides who works on them: the heap is JavaScript's, the arena the kernels'. */
import { type ColumnMemory, heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'

/** Rows for `describe.each`. */
export const memories: readonly (readonly [who: string, memory: ColumnMemory])[] = [
  ['JavaScript', heapMemory],
  ['WebAssembly', columnMemory()],
]
