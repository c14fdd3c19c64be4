/** Column buffers from the arena where there is one and it has room, else from the heap. */
import { type ColumnMemory, heapMemory } from '../types/index.ts'
import { kernelsOrNull } from './kernels.ts'

export function columnMemory(): ColumnMemory {
  const arena = kernelsOrNull()?.arena
  if (arena === undefined) return heapMemory
  return {
    allocate: numBytes => arena.allocate(numBytes) ?? heapMemory.allocate(numBytes),
    release: view => {
      if (arena.contains(view)) arena.release(view.byteOffset)
    },
  }
}
