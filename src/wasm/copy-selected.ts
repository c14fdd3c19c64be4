/** Copies of chosen rows by WebAssembly, where both columns and the row numbers stand in the kernels' arena. */
import { type BytesColumn, type Column, type CopySelected, copySelected } from '../types/index.ts'
import { type Kernels, kernelsOrNull } from './kernels.ts'
import { reaches } from './reach.ts'

/** Fewer rows are not worth the way there and back. */
const MIN_ROWS = 16
/** What a copy may write behind the last row. */
const SLACK_BYTES = 16

type CopyInArena = (
  kernels: Kernels,
  target: Column,
  at: number,
  source: Column,
  rows: Int32Array,
  count: number,
) => boolean

/** As `copySelected`, by a kernel where one reaches. */
export const copyByKernel: CopySelected = (target, at, source, rows, count) => {
  const kernels = kernelsOrNull()
  if (
    kernels === null ||
    count < MIN_ROWS ||
    !kernels.arena.contains(rows) ||
    !reaches(kernels.arena, source) ||
    !reaches(kernels.arena, target) ||
    !copyNulls(kernels, target, at, source, rows, count) ||
    !copyValues(kernels, target, at, source, rows, count)
  )
    copySelected(target, at, source, rows, count)
}

const copyNulls: CopyInArena = (kernels, target, at, source, rows, count) => {
  if (source.nulls === null) {
    target.nulls?.fill(0, at, at + count)
    return true
  }
  const nulls = target.nullBytes()
  if (!kernels.arena.contains(nulls)) return false
  kernels.selectNulls(nulls.byteOffset + at, source.nulls.byteOffset, rows.byteOffset, count)
  return true
}

const copyValues: CopyInArena = (kernels, target, at, source, rows, count) => {
  if (target.storage === 'i32' && source.storage === 'i32')
    kernels.selectInts(target.values.byteOffset + at * 4, source.values.byteOffset, rows.byteOffset, count)
  else if (
    (target.storage === 'f64' && source.storage === 'f64') ||
    (target.storage === 'i64' && source.storage === 'i64')
  )
    kernels.selectLongs(target.values.byteOffset + at * 8, source.values.byteOffset, rows.byteOffset, count)
  else if (target.storage === 'bytes' && source.storage === 'bytes')
    return copyBytes(kernels, target, at, source, rows, count)
  return true
}

function copyBytes(
  kernels: Kernels,
  target: BytesColumn,
  at: number,
  source: BytesColumn,
  rows: Int32Array,
  count: number,
): boolean {
  const end = kernels.selectOffsets(
    target.offsets.byteOffset + at * 4,
    source.offsets.byteOffset,
    rows.byteOffset,
    count,
  )
  target.ensureBytes(end + SLACK_BYTES)
  if (!kernels.arena.contains(target.bytes)) return false
  kernels.selectBytes(
    target.bytes.byteOffset + target.offsets[at]!,
    source.bytes.byteOffset,
    source.offsets.byteOffset,
    rows.byteOffset,
    count,
  )
  return true
}
