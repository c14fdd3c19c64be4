/** Reads the body of a data page into a column. The inverse of page-writer.ts. */
import { internalError, MillraceError } from '../../errors/index.ts'
import type { Column } from '../../types/index.ts'
import { decodeObject } from '../object-codec.ts'
import { corruptState } from './corrupt-state.ts'
import type { Leaf } from './parquet-schema.ts'

const utf8 = new TextDecoder()

/** Writes rows [0, length) of an empty column. */
export function readPage(page: Uint8Array, length: number, column: Column, leaf: Leaf): void {
  if (page.length < 4) throw corruptState(`a page of column ${leaf.name} is cut off`)
  const levelBytes = new DataView(page.buffer, page.byteOffset).getInt32(0, true)
  if (levelBytes < 0 || levelBytes > page.length - 4)
    throw corruptState(`a page of column ${leaf.name} is cut off`)
  const present = presentRows(page.subarray(4, 4 + levelBytes), length)
  const values = page.subarray(4 + levelBytes)
  try {
    if (column.storage === 'bytes' || column.storage === 'object') {
      readByteArrays(values, present, column, leaf)
    } else {
      readValues(values, present, column, leaf)
    }
  } catch (error) {
    if (error instanceof MillraceError) throw error
    if (error instanceof RangeError) throw corruptState(`a page of column ${leaf.name} is cut off`)
    throw corruptState(`a value of column ${leaf.name} cannot be read: ${String(error)}`)
  }
}

/** 1 for each row that has a value. */
function presentRows(levels: Uint8Array, length: number): Uint8Array {
  const present = new Uint8Array(length)
  let at = 0
  let row = 0
  while (row < length) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = levels[at++]
      if (byte === undefined) throw corruptState('definition levels are cut off')
      header |= (byte & 127) << shift
      if (byte < 128) break
    }
    if ((header & 1) === 0) {
      const level = levels[at++]
      if (level !== 0 && level !== 1) throw corruptState('a definition level is neither 0 nor 1')
      present.fill(level, row, row + (header >>> 1))
      row += header >>> 1
      continue
    }
    for (let end = row + (header >>> 1) * 8; row < end; row += 8) {
      const bits = levels[at++]
      if (bits === undefined) throw corruptState('definition levels are cut off')
      for (let bit = 0; bit < 8 && row + bit < length; bit++) present[row + bit] = (bits >> bit) & 1
    }
  }
  return present
}

/** A copy, because values in a file are not aligned. (`slice` of a Node Buffer would be a view of its pool.) */
const aligned = (values: Uint8Array, size: number): ArrayBuffer => {
  if (values.length < size) throw new RangeError('short page')
  return new Uint8Array(values.subarray(0, size)).buffer
}

function readValues(
  values: Uint8Array,
  present: Uint8Array,
  column: Exclude<Column, { storage: 'bytes' | 'object' }>,
  leaf: Leaf,
): void {
  const length = present.length
  let count = 0
  for (let row = 0; row < length; row++) count += present[row]!
  for (let row = 0; row < length; row++) if (present[row] === 0) column.setNull(row)
  switch (leaf.codec) {
    case 'boolean':
      if (column.storage !== 'i32') break
      if (values.length * 8 < count) throw new RangeError('short page')
      for (let row = 0, i = 0; row < length; row++) {
        if (present[row] === 1) column.values[row] = (values[i >> 3]! >> (i++ & 7)) & 1
      }
      return
    case 'i32':
    case 'nanos-of-pair': {
      const numbers = new Int32Array(aligned(values, count * 4))
      const target =
        column.storage === 'i32' ? column.values : column.storage === 'msnanos' ? column.nanos : null
      if (target === null) break
      for (let row = 0, i = 0; row < length; row++) if (present[row] === 1) target[row] = numbers[i++]!
      return
    }
    case 'i64': {
      if (column.storage !== 'i64') break
      const words = new Int32Array(aligned(values, count * 8))
      for (let row = 0, i = 0; row < length; row++) {
        if (present[row] === 0) continue
        column.words[row * 2] = words[i++]!
        column.words[row * 2 + 1] = words[i++]!
      }
      return
    }
    case 'f64': {
      if (column.storage !== 'f64') break
      const numbers = new Float64Array(aligned(values, count * 8))
      for (let row = 0, i = 0; row < length; row++) if (present[row] === 1) column.values[row] = numbers[i++]!
      return
    }
    case 'millis':
    case 'millis-of-pair': {
      if (column.storage !== 'f64' && column.storage !== 'msnanos') break
      const words = new Int32Array(aligned(values, count * 8))
      for (let row = 0, i = 0; row < length; row++) {
        if (present[row] === 0) continue
        column.values[row] = words[i + 1]! * 4294967296 + (words[i]! >>> 0)
        i += 2
      }
      return
    }
    case 'bytes':
    case 'decimal':
    case 'json':
      break
  }
  throw internalError(`a ${leaf.codec} page cannot be read into a ${column.storage} column`)
}

function readByteArrays(
  values: Uint8Array,
  present: Uint8Array,
  column: Extract<Column, { storage: 'bytes' | 'object' }>,
  leaf: Leaf,
): void {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  let at = 0
  for (let row = 0; row < present.length; row++) {
    if (present[row] === 0) {
      if (column.storage === 'bytes') column.appendNull(row)
      else column.setNull(row)
      continue
    }
    const length = view.getInt32(at, true)
    at += 4
    if (length < 0 || at + length > values.length) throw new RangeError('short page')
    if (column.storage === 'bytes') column.append(row, values, at, at + length)
    else if (leaf.codec === 'decimal') column.values[row] = fromBigEndian(values.subarray(at, at + length))
    else column.values[row] = decodeObject(utf8.decode(values.subarray(at, at + length)))
    at += length
  }
}

function fromBigEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, value)
}
