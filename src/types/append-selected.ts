/** Copies chosen rows of a batch, column by column: the inner loops of exchanges and joins. */
import type { Batch } from './batch.ts'
import type { BatchBuilder } from './batch-builder.ts'
import type { BytesColumn, Column } from './column.ts'
import { ROW_INSERT } from './row-kind.ts'

/** Writes rows `selection[0 … count)` of `source` as rows `at …` of `target`, which has room; same storage. */
export type CopySelected = (
  target: Column,
  at: number,
  source: Column,
  selection: Int32Array,
  count: number,
) => void

/** Appends rows `selection[0 … count)` of `source` to `target`, in that order. */
export function appendSelected(
  target: BatchBuilder,
  source: Batch,
  selection: Int32Array,
  count: number,
  copy: CopySelected = copySelected,
): void {
  const at = target.length
  target.ensureCapacity(at + count)
  for (let c = 0; c < target.columns.length; c++) {
    copy(target.columns[c]!, at, source.columns[c]!, selection, count)
  }
  const kinds = source.kinds
  if (kinds === null && target.kinds === null) {
    target.length = at + count
    return
  }
  for (let i = 0; i < count; i++) target.addRow(kinds === null ? ROW_INSERT : kinds[selection[i]!]!)
}

/** The reference of every `CopySelected`. */
export function copySelected(
  target: Column,
  at: number,
  source: Column,
  selection: Int32Array,
  count: number,
): void {
  if (source.nulls !== null) copyNulls(target.nullBytes(), at, source.nulls, selection, count)
  else if (target.nulls !== null) target.nulls.fill(0, at, at + count)
  if (target.storage === 'i32' && source.storage === 'i32')
    copyI32(target.values, at, source.values, selection, count)
  else if (target.storage === 'f64' && source.storage === 'f64')
    copyF64(target.values, at, source.values, selection, count)
  else if (target.storage === 'i64' && source.storage === 'i64')
    copyWords(target.words, at, source.words, selection, count)
  else if (target.storage === 'bytes' && source.storage === 'bytes')
    copyBytes(target, at, source, selection, count)
  else if (target.storage === 'msnanos' && source.storage === 'msnanos') {
    copyF64(target.values, at, source.values, selection, count)
    copyI32(target.nanos, at, source.nanos, selection, count)
  } else if (target.storage === 'object' && source.storage === 'object') {
    for (let i = 0; i < count; i++) target.values[at + i] = source.values[selection[i]!]
  }
}

function copyNulls(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  selection: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[at + i] = source[selection[i]!]!
}

function copyI32(
  target: Int32Array,
  at: number,
  source: Int32Array,
  selection: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[at + i] = source[selection[i]!]!
}

function copyF64(
  target: Float64Array,
  at: number,
  source: Float64Array,
  selection: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[at + i] = source[selection[i]!]!
}

function copyWords(
  target: Int32Array,
  at: number,
  source: Int32Array,
  selection: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const from = selection[i]! * 2
    const to = (at + i) * 2
    target[to] = source[from]!
    target[to + 1] = source[from + 1]!
  }
}

/** Neighboring rows are copied as one range; a NULL row has an empty one. */
function copyBytes(
  target: BytesColumn,
  at: number,
  source: BytesColumn,
  selection: Int32Array,
  count: number,
): void {
  const from = source.offsets
  const to = target.offsets
  let end = to[at]!
  for (let i = 0; i < count; i++) {
    const row = selection[i]!
    end += from[row + 1]! - from[row]!
    to[at + i + 1] = end
  }
  target.ensureBytes(end)
  for (let i = 0; i < count; i++) {
    const first = i
    while (i + 1 < count && selection[i + 1] === selection[i]! + 1) i++
    copyRange(target.bytes, to[at + first]!, source.bytes, from[selection[first]!]!, from[selection[i]! + 1]!)
  }
}

function copyRange(target: Uint8Array, at: number, source: Uint8Array, start: number, end: number): void {
  if (end - start > 32) {
    target.set(source.subarray(start, end), at)
    return
  }
  for (let i = start; i < end; i++) target[at++] = source[i]!
}
