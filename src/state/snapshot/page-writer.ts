/** The body of a data page: definition levels, then the values that are not NULL, PLAIN. */
import { internalError } from '../../errors/index.ts'
import type { Batch, BytesColumn, Column } from '../../types/index.ts'
import { encodeObject } from '../object-codec.ts'
import type { Leaf } from './parquet-schema.ts'

const utf8 = new TextEncoder()

/** The two parts; the values may be a view of the column. */
export function pageParts(batch: Batch, leaf: Leaf): readonly [levels: Uint8Array, values: Uint8Array] {
  const column = batch.columns[leaf.column]!
  const rows = presentRows(column, batch.length)
  const levels = definitionLevels(column.nulls, batch.length, rows.length)
  return [levels, plainValues(column, rows, rows.length === batch.length, leaf)]
}

/** Rows that are not NULL. */
function presentRows({ nulls }: Column, length: number): Int32Array {
  if (nulls === null) return allRows(length)
  const rows = new Int32Array(length)
  let count = 0
  for (let row = 0; row < length; row++) if (nulls[row] !== 1) rows[count++] = row
  return rows.subarray(0, count)
}

let identity = new Int32Array(0)

/** 0, 1, 2 … Never written. */
function allRows(length: number): Int32Array {
  if (identity.length < length) identity = Int32Array.from({ length }, (_, i) => i)
  return identity.subarray(0, length)
}

/** One run when no row is NULL, else one bit a row; with the byte length before. */
function definitionLevels(nulls: Uint8Array | null, length: number, numPresent: number): Uint8Array {
  const body: number[] = []
  if (numPresent === length || nulls === null) {
    pushVarint(body, length << 1)
    body.push(1)
  } else {
    const groups = (length + 7) >> 3
    pushVarint(body, (groups << 1) | 1)
    for (let group = 0; group < groups; group++) {
      let bits = 0
      for (let bit = 0; bit < 8 && group * 8 + bit < length; bit++) {
        if (nulls[group * 8 + bit] !== 1) bits |= 1 << bit
      }
      body.push(bits)
    }
  }
  const levels = new Uint8Array(4 + body.length)
  new DataView(levels.buffer).setInt32(0, body.length, true)
  levels.set(body, 4)
  return levels
}

function pushVarint(bytes: number[], value: number): void {
  while (value >= 128) {
    bytes.push((value & 127) | 128)
    value >>>= 7
  }
  bytes.push(value)
}

const rawBytes = (array: Int32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** Where the rows are all there are, values are taken as they lie: views of the column. */
function plainValues(column: Column, rows: Int32Array, isWhole: boolean, leaf: Leaf): Uint8Array {
  const numValues = rows.length
  switch (column.storage) {
    case 'i32':
      if (leaf.codec === 'boolean') return packedBits(column.values, rows)
      return rawBytes(isWhole ? column.values.subarray(0, numValues) : gather(column.values, rows))
    case 'f64':
      if (leaf.codec === 'millis') return millis(column.values, rows)
      return rawBytes(isWhole ? column.values.subarray(0, numValues) : gatherDoubles(column.values, rows))
    case 'i64': {
      if (isWhole) return rawBytes(column.words.subarray(0, numValues * 2))
      const words = new Int32Array(numValues * 2)
      for (let i = 0; i < numValues; i++) {
        words[i * 2] = column.words[rows[i]! * 2]!
        words[i * 2 + 1] = column.words[rows[i]! * 2 + 1]!
      }
      return rawBytes(words)
    }
    case 'msnanos':
      return leaf.codec === 'nanos-of-pair'
        ? rawBytes(gather(column.nanos, rows))
        : millis(column.values, rows)
    case 'bytes':
      return byteArrays(column, rows)
    case 'object':
      return objects(column.values, rows, leaf)
    default:
      throw internalError(`unknown storage ${String(column satisfies never)}`)
  }
}

function gather(values: Int32Array, rows: Int32Array): Int32Array {
  const gathered = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i]!]!
  return gathered
}

function gatherDoubles(values: Float64Array, rows: Int32Array): Float64Array {
  const gathered = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i]!]!
  return gathered
}

function packedBits(values: Int32Array, rows: Int32Array): Uint8Array {
  const bytes = new Uint8Array((rows.length + 7) >> 3)
  for (let i = 0; i < rows.length; i++) if (values[rows[i]!] !== 0) bytes[i >> 3]! |= 1 << (i & 7)
  return bytes
}

function millis(values: Float64Array, rows: Int32Array): Uint8Array {
  const words = new Int32Array(rows.length * 2)
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!
    words[i * 2] = value | 0
    words[i * 2 + 1] = Math.floor(value / 4294967296)
  }
  return rawBytes(words)
}

function byteArrays(column: BytesColumn, rows: Int32Array): Uint8Array {
  const { bytes, offsets } = column
  let size = 0
  for (const row of rows) size += 4 + offsets[row + 1]! - offsets[row]!
  const page = new Uint8Array(size)
  const view = new DataView(page.buffer)
  let at = 0
  for (const row of rows) {
    const length = offsets[row + 1]! - offsets[row]!
    view.setInt32(at, length, true)
    page.set(bytes.subarray(offsets[row], offsets[row + 1]), at + 4)
    at += 4 + length
  }
  return page
}

function objects(values: readonly unknown[], rows: Int32Array, leaf: Leaf): Uint8Array {
  const parts: Uint8Array[] = []
  for (const row of rows) {
    const value = values[row]
    const bytes =
      leaf.codec === 'decimal' && typeof value === 'bigint'
        ? bigEndian(value)
        : utf8.encode(encodeObject(value))
    const length = new Uint8Array(4)
    new DataView(length.buffer).setInt32(0, bytes.length, true)
    parts.push(length, bytes)
  }
  return concatBytes(parts)
}

/** The shortest two's complement form. */
function bigEndian(value: bigint): Uint8Array {
  let numBytes = 1
  while (BigInt.asIntN(numBytes * 8, value) !== value) numBytes++
  const bytes = new Uint8Array(numBytes)
  for (let i = numBytes - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n)
  return bytes
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
