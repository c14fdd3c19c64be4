/** Key hashes by WebAssembly, where all key columns stand in the kernels' arena. */
import type { Column } from '../../types/index.ts'
import { type Kernels, kernelsOrNull } from '../../wasm/kernels.ts'
import { reaches } from '../../wasm/reach.ts'
import { Scratch } from '../../wasm/scratch.ts'

/** Fewer rows are not worth the way there and back. */
const MIN_ROWS = 16

/** The hashes being made. Kernels run to their end, so one is enough. */
let scratch: Scratch | undefined

function mixColumn(kernels: Kernels, column: Column, state: number, length: number): void {
  const nulls = column.nulls === null ? 0 : column.nulls.byteOffset
  switch (column.storage) {
    case 'i32':
      kernels.hashInts(state, column.values.byteOffset, nulls, length)
      break
    case 'i64':
      kernels.hashLongs(state, column.values.byteOffset, nulls, length)
      break
    case 'f64':
      kernels.hashDoubles(state, column.values.byteOffset, nulls, length)
      break
    case 'bytes':
      kernels.hashBytes(state, column.bytes.byteOffset, column.offsets.byteOffset, nulls, length)
      break
    default:
      break
  }
}

/** Writes the hashes of rows `[0, length)` to `out`; false when the kernels do not reach the columns. */
export function hashByKernel(columns: readonly Column[], length: number, out: Int32Array): boolean {
  const kernels = kernelsOrNull()
  if (kernels === null || length < MIN_ROWS) return false
  if (!columns.every(column => reaches(kernels.arena, column))) return false
  if (kernels.arena.contains(out)) {
    hashAt(kernels, columns, out.byteOffset, length)
    return true
  }
  scratch ??= new Scratch(kernels.arena)
  const state = scratch.reserve(Math.max(length, 4096) * 4)
  if (state < 0) return false
  hashAt(kernels, columns, state, length)
  out.set(kernels.words.subarray(state >> 2, (state >> 2) + length))
  return true
}

function hashAt(kernels: Kernels, columns: readonly Column[], state: number, length: number): void {
  kernels.words.fill(0, state >> 2, (state >> 2) + length)
  for (const column of columns) mixColumn(kernels, column, state, length)
  kernels.finishHash(state, length)
}
