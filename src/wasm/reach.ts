/** Whether kernels can read and write a column: all its arrays stand in their arena. When that is full, a column may grow into the heap. */
import type { Column } from '../types/index.ts'
import type { Arena } from './arena.ts'

export function reaches(arena: Arena, column: Column): boolean {
  if (column.nulls !== null && !arena.contains(column.nulls)) return false
  switch (column.storage) {
    case 'bytes':
      return arena.contains(column.offsets) && arena.contains(column.bytes)
    case 'msnanos':
    case 'object':
      return false
    default:
      return arena.contains(column.values)
  }
}
