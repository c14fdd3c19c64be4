/** Copies the selected rows of a column: for columns that a filter passes on unchanged. */
import { internalError } from '../../errors/index.ts'
import type {
  BytesColumn,
  Column,
  Float64Column,
  Int32Column,
  Int64Column,
  MsNanosColumn,
  ObjectColumn,
} from '../../types/index.ts'

export function gather(target: Column, source: Column, selection: Int32Array, count: number): void {
  target.reset()
  target.ensureCapacity(count)
  if (source.nulls !== null) gatherNulls(target, source.nulls, selection, count)
  switch (source.storage) {
    case 'i32':
      gatherInt32(target as Int32Column, source, selection, count)
      return
    case 'f64':
      gatherFloat64(target as Float64Column, source, selection, count)
      return
    case 'i64':
      gatherInt64(target as Int64Column, source, selection, count)
      return
    case 'msnanos':
      gatherMsNanos(target as MsNanosColumn, source, selection, count)
      return
    case 'bytes':
      gatherBytes(target as BytesColumn, source, selection, count)
      return
    case 'object':
      gatherObjects(target as ObjectColumn, source, selection, count)
      return
    default:
      throw internalError(`unknown column ${String(source satisfies never)}`)
  }
}

function gatherNulls(target: Column, nulls: Uint8Array, selection: Int32Array, count: number): void {
  let own: Uint8Array | null = null
  for (let i = 0; i < count; i++) {
    if (nulls[selection[i]!] !== 1) continue
    own ??= target.nullBytes()
    own[i] = 1
  }
}

function gatherInt32(target: Int32Column, source: Int32Column, selection: Int32Array, count: number): void {
  const to = target.values
  const from = source.values
  for (let i = 0; i < count; i++) to[i] = from[selection[i]!]!
}

function gatherFloat64(
  target: Float64Column,
  source: Float64Column,
  selection: Int32Array,
  count: number,
): void {
  const to = target.values
  const from = source.values
  for (let i = 0; i < count; i++) to[i] = from[selection[i]!]!
}

/** By words: no BigInt is made. */
function gatherInt64(target: Int64Column, source: Int64Column, selection: Int32Array, count: number): void {
  const to = target.words
  const from = source.words
  for (let i = 0; i < count; i++) {
    const row = selection[i]! * 2
    to[i * 2] = from[row]!
    to[i * 2 + 1] = from[row + 1]!
  }
}

function gatherMsNanos(
  target: MsNanosColumn,
  source: MsNanosColumn,
  selection: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = selection[i]!
    target.values[i] = source.values[row]!
    target.nanos[i] = source.nanos[row]!
  }
}

/** Neighboring rows are copied as one range. */
function gatherBytes(target: BytesColumn, source: BytesColumn, selection: Int32Array, count: number): void {
  const from = source.offsets
  const to = target.offsets
  let total = 0
  for (let i = 0; i < count; i++) {
    const row = selection[i]!
    to[i] = total
    total += from[row + 1]! - from[row]!
  }
  to[count] = total
  target.ensureBytes(total)
  let i = 0
  while (i < count) {
    const first = i
    while (i + 1 < count && selection[i + 1] === selection[i]! + 1) i++
    const start = from[selection[first]!]!
    const end = from[selection[i]! + 1]!
    copyRange(target.bytes, to[first]!, source.bytes, start, end)
    i++
  }
}

function copyRange(target: Uint8Array, at: number, source: Uint8Array, start: number, end: number): void {
  if (end - start > 32) {
    target.set(source.subarray(start, end), at)
    return
  }
  for (let i = start; i < end; i++) target[at++] = source[i]!
}

function gatherObjects(
  target: ObjectColumn,
  source: ObjectColumn,
  selection: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) target.values[i] = source.values[selection[i]!]
}
