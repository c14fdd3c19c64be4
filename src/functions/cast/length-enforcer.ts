/**
 * Lengths of texts and bytes at a sink (`table.exec.sink.type-length-enforcer` = TRIM_PAD): values longer than
 * their type are cut, CHAR and BINARY are padded. With IGNORE, the default, sinks do not call this.
 */
import { BytesColumn, countCodePoints, type LogicalType, MAX_LENGTH, utf8Width } from '../../types/index.ts'

export const hasLength = (type: LogicalType): boolean =>
  type.kind === 'CHAR' || type.kind === 'BINARY'
    ? true
    : (type.kind === 'VARCHAR' || type.kind === 'VARBINARY') && type.length !== MAX_LENGTH

/** The same column when every value fits, else a copy with `rows` rows. */
export function enforceLength(column: BytesColumn, rows: number, type: LogicalType): BytesColumn {
  if (type.kind !== 'CHAR' && type.kind !== 'VARCHAR' && type.kind !== 'BINARY' && type.kind !== 'VARBINARY')
    return column
  const isText = type.kind === 'CHAR' || type.kind === 'VARCHAR'
  const isFixed = type.kind === 'CHAR' || type.kind === 'BINARY'
  if (fitsAll(column, rows, type.length, isText, isFixed)) return column
  const target = new BytesColumn(rows, column.offsets[rows]! + (isFixed ? rows * type.length : 0))
  const padding = new Uint8Array(isFixed ? type.length : 0).fill(isText ? 32 : 0)
  for (let row = 0; row < rows; row++) {
    if (column.isNull(row)) {
      target.appendNull(row)
      continue
    }
    const start = column.offsets[row]!
    const end = column.offsets[row + 1]!
    const size = isText ? countCodePoints(column.bytes, start, end) : end - start
    target.append(
      row,
      column.bytes,
      start,
      size > type.length ? cutAt(column.bytes, start, type.length, isText) : end,
    )
    if (isFixed && size < type.length) appendMore(target, row, padding, type.length - size)
  }
  return target
}

function fitsAll(
  column: BytesColumn,
  rows: number,
  length: number,
  isText: boolean,
  isFixed: boolean,
): boolean {
  for (let row = 0; row < rows; row++) {
    if (column.isNull(row)) continue
    const start = column.offsets[row]!
    const end = column.offsets[row + 1]!
    // No text has more characters than bytes.
    if (!isFixed && end - start <= length) continue
    const size = isText ? countCodePoints(column.bytes, start, end) : end - start
    if (isFixed ? size !== length : size > length) return false
  }
  return true
}

function cutAt(bytes: Uint8Array, start: number, length: number, isText: boolean): number {
  if (!isText) return start + length
  let at = start
  for (let i = 0; i < length; i++) at += utf8Width(bytes[at]!)
  return at
}

function appendMore(target: BytesColumn, row: number, padding: Uint8Array, length: number): void {
  const at = target.offsets[row + 1]!
  target.ensureBytes(at + length)
  target.bytes.set(padding.subarray(0, length), at)
  target.offsets[row + 1] = at + length
}
