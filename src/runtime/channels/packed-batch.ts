/**
 * A batch in one block of shared memory, for another thread: one copy out of the columns, one copy into columns of the
 * other side. Only the two ends of one channel read it, so the layout is no format: 32-bit words of a header, row kinds
 * and key hashes if there are any, then for each column its null bytes if it has any and its arrays, each aligned to
 * eight bytes.
 */
import { internalError } from '../../errors/index.ts'
import { decodeObject, encodeObject } from '../../state/object-codec.ts'
import {
  type Batch,
  type BatchBuilder,
  type Column,
  type ObjectColumn,
  ROW_INSERT,
} from '../../types/index.ts'

/** Rows, what there is beside columns; then two words for each column: null bytes yes or no, bytes of a string column. */
const HEADER_WORDS = 2
const WORDS_PER_COLUMN = 2

const HAS_KINDS = 1
const HAS_KEY_HASHES = 2

const aligned = (numBytes: number): number => (numBytes + 7) & ~7

/** A piece of shared memory and its views; its size is a multiple of eight. */
export class PackedBlock {
  readonly buffer: SharedArrayBuffer
  readonly bytes: Uint8Array
  readonly words: Int32Array

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.bytes = new Uint8Array(buffer)
    this.words = new Int32Array(buffer)
  }
}

/** `allocate` gives a block of at least that many bytes, with any content. */
export function packBatch<B extends PackedBlock>(batch: Batch, allocate: (numBytes: number) => B): B {
  const { length, columns, kinds } = batch
  const hashes = batch.keyHashes?.values ?? null
  const texts = columns.map(column => (column.storage === 'object' ? textOf(column, length) : null))
  const block = allocate(packedBytes(batch, texts))
  const { words } = block
  words[0] = length
  words[1] = (kinds === null ? 0 : HAS_KINDS) | (hashes === null ? 0 : HAS_KEY_HASHES)
  let at = headerBytes(columns.length)
  if (kinds !== null) at = putBytes(block, at, kinds, length)
  if (hashes !== null) at = putWords(block, at, hashes, length)
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!
    const text = texts[c] ?? null
    words[HEADER_WORDS + WORDS_PER_COLUMN * c] = column.nulls === null ? 0 : 1
    words[HEADER_WORDS + WORDS_PER_COLUMN * c + 1] = text?.length ?? numBytesOf(column, length)
    if (column.nulls !== null) at = putBytes(block, at, column.nulls, length)
    at = packColumn(block, at, column, length, text)
  }
  return block
}

const headerBytes = (numColumns: number): number =>
  aligned(4 * (HEADER_WORDS + WORDS_PER_COLUMN * numColumns))

function packedBytes(batch: Batch, texts: readonly (Uint8Array | null)[]): number {
  const { length, columns } = batch
  let size = headerBytes(columns.length)
  if (batch.kinds !== null) size += aligned(length)
  if ((batch.keyHashes ?? null) !== null) size += aligned(length * 4)
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!
    if (column.nulls !== null) size += aligned(length)
    switch (column.storage) {
      case 'i32':
        size += aligned(length * 4)
        break
      case 'f64':
      case 'i64':
        size += length * 8
        break
      case 'msnanos':
        size += length * 8 + aligned(length * 4)
        break
      case 'bytes':
        size += aligned((length + 1) * 4) + aligned(numBytesOf(column, length))
        break
      case 'object':
        size += aligned(texts[c]!.length)
        break
      default:
        throw internalError(`unknown column ${String(column satisfies never)}`)
    }
  }
  return size
}

function numBytesOf(column: Column, length: number): number {
  return column.storage === 'bytes' ? column.offsets[length]! : 0
}

function textOf(column: ObjectColumn, length: number): Uint8Array {
  const values = column.values.slice(0, length).map((value, row) => (column.isNull(row) ? null : value))
  return Buffer.from(encodeObject(values))
}

const bytesIn = (array: Int32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** `set` would copy word by word where one side is shared memory; this is one memmove. */
function copyBytes(target: Uint8Array, at: number, source: Uint8Array, start: number, end: number): void {
  Buffer.prototype.copy.call(source, target, at, start, end)
}

function putBytes(block: PackedBlock, at: number, source: Uint8Array, numBytes: number): number {
  copyBytes(block.bytes, at, source, 0, numBytes)
  return at + aligned(numBytes)
}

function putWords(block: PackedBlock, at: number, source: Int32Array, length: number): number {
  return putBytes(block, at, bytesIn(source), length * 4)
}

function putDoubles(block: PackedBlock, at: number, source: Float64Array, length: number): number {
  return putBytes(block, at, bytesIn(source), length * 8)
}

/** Where the next section begins. */
function packColumn(
  block: PackedBlock,
  at: number,
  column: Column,
  length: number,
  text: Uint8Array | null,
): number {
  switch (column.storage) {
    case 'i32':
      return putWords(block, at, column.values, length)
    case 'f64':
      return putDoubles(block, at, column.values, length)
    case 'i64':
      return putWords(block, at, column.words, length * 2)
    case 'msnanos':
      return putWords(block, putDoubles(block, at, column.values, length), column.nanos, length)
    case 'bytes':
      return putBytes(
        block,
        putWords(block, at, column.offsets, length + 1),
        column.bytes,
        column.offsets[length]!,
      )
    case 'object':
      return putBytes(block, at, text!, text!.length)
    default:
      throw internalError(`unknown column ${String(column satisfies never)}`)
  }
}

/** Copies a packed batch into an empty builder of the same column types. */
export function unpackBatch(block: PackedBlock, into: BatchBuilder): void {
  const { columns } = into
  const { words } = block
  const length = words[0]!
  const present = words[1]!
  let at = headerBytes(columns.length)
  into.ensureCapacity(length)
  const kinds = (present & HAS_KINDS) === 0 ? null : block.bytes.subarray(at, at + length)
  if (kinds !== null) at += aligned(length)
  if ((present & HAS_KEY_HASHES) !== 0)
    at =
      into.keyHashes === null ? at + aligned(length * 4) : takeWords(block, at, into.keyHashes.values, length)
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!
    if (words[HEADER_WORDS + WORDS_PER_COLUMN * c] === 1)
      at = takeBytes(block, at, column.nullBytes(), length)
    at = unpackColumn(block, at, column, length, words[HEADER_WORDS + WORDS_PER_COLUMN * c + 1]!)
  }
  if (kinds === null) into.length = length
  else for (let row = 0; row < length; row++) into.addRow(kinds[row] ?? ROW_INSERT)
}

function takeBytes(block: PackedBlock, at: number, target: Uint8Array, numBytes: number): number {
  copyBytes(target, 0, block.bytes, at, at + numBytes)
  return at + aligned(numBytes)
}

function takeWords(block: PackedBlock, at: number, target: Int32Array, length: number): number {
  return takeBytes(block, at, bytesIn(target), length * 4)
}

function takeDoubles(block: PackedBlock, at: number, target: Float64Array, length: number): number {
  return takeBytes(block, at, bytesIn(target), length * 8)
}

/** Where the next section begins. */
function unpackColumn(
  block: PackedBlock,
  at: number,
  column: Column,
  length: number,
  numBytes: number,
): number {
  switch (column.storage) {
    case 'i32':
      return takeWords(block, at, column.values, length)
    case 'f64':
      return takeDoubles(block, at, column.values, length)
    case 'i64':
      return takeWords(block, at, column.words, length * 2)
    case 'msnanos':
      return takeWords(block, takeDoubles(block, at, column.values, length), column.nanos, length)
    case 'bytes': {
      const next = takeWords(block, at, column.offsets, length + 1)
      column.ensureBytes(numBytes)
      return takeBytes(block, next, column.bytes, numBytes)
    }
    case 'object': {
      const text = Buffer.from(block.bytes.subarray(at, at + numBytes)).toString()
      const values = decodeObject(text) as readonly unknown[]
      for (let row = 0; row < length; row++) column.values[row] = values[row]
      return at + aligned(numBytes)
    }
    default:
      throw internalError(`unknown column ${String(column satisfies never)}`)
  }
}
