/**
 * A batch in one block of shared memory, for another thread: one copy out of the columns, one copy into columns of the
 * other side. Only the two ends of one channel read it, so the layout is no format: 32-bit words of a header,
 * then for each column its null bytes if it has any and its arrays, each aligned to eight bytes.
 */
import { internalError } from '../../errors/index.ts'
import { decodeObject, encodeObject } from '../../state/object-codec.ts'
import {
  type Batch,
  type BatchBuilder,
  type BytesColumn,
  type Column,
  type ObjectColumn,
  ROW_INSERT,
} from '../../types/index.ts'

/** Rows, whether there are row kinds; then two words for each column: null bytes yes or no, bytes of a string column. */
const HEADER_WORDS = 2
const WORDS_PER_COLUMN = 2

const aligned = (numBytes: number): number => (numBytes + 7) & ~7

export interface PackedBlock {
  readonly buffer: SharedArrayBuffer
}

/** `allocate` gives a block of at least that many bytes, with any content. */
export function packBatch<B extends PackedBlock>(batch: Batch, allocate: (numBytes: number) => B): B {
  const texts = batch.columns.map(column =>
    column.storage === 'object' ? textOf(column, batch.length) : null,
  )
  const block = allocate(packedBytes(batch, texts))
  const { buffer } = block
  const { length, columns, kinds } = batch
  const header = new Int32Array(buffer, 0, HEADER_WORDS + WORDS_PER_COLUMN * columns.length)
  header[0] = length
  header[1] = kinds === null ? 0 : 1
  const sections = new Sections(buffer, header.byteLength)
  if (kinds !== null) sections.bytes(length).set(kinds.subarray(0, length))
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!
    const text = texts[c] ?? null
    header[HEADER_WORDS + WORDS_PER_COLUMN * c] = column.nulls === null ? 0 : 1
    header[HEADER_WORDS + WORDS_PER_COLUMN * c + 1] = text?.length ?? numBytesOf(column, length)
    if (column.nulls !== null) sections.bytes(length).set(column.nulls.subarray(0, length))
    packColumn(sections, column, length, text)
  }
  return block
}

function packedBytes({ length, columns, kinds }: Batch, texts: readonly (Uint8Array | null)[]): number {
  let size = aligned(4 * (HEADER_WORDS + WORDS_PER_COLUMN * columns.length))
  if (kinds !== null) size += aligned(length)
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

/** Consecutive aligned parts of a buffer. */
class Sections {
  readonly #buffer: SharedArrayBuffer
  #at: number

  constructor(buffer: SharedArrayBuffer, start: number) {
    this.#buffer = buffer
    this.#at = aligned(start)
  }

  #next(numBytes: number): number {
    const at = this.#at
    this.#at += aligned(numBytes)
    return at
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#next(length), length)
  }

  int32s(length: number): Int32Array {
    return new Int32Array(this.#buffer, this.#next(length * 4), length)
  }

  float64s(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#next(length * 8), length)
  }
}

function packColumn(sections: Sections, column: Column, length: number, text: Uint8Array | null): void {
  switch (column.storage) {
    case 'i32':
      sections.int32s(length).set(column.values.subarray(0, length))
      return
    case 'f64':
      sections.float64s(length).set(column.values.subarray(0, length))
      return
    case 'i64':
      sections.int32s(length * 2).set(column.words.subarray(0, length * 2))
      return
    case 'msnanos':
      sections.float64s(length).set(column.values.subarray(0, length))
      sections.int32s(length).set(column.nanos.subarray(0, length))
      return
    case 'bytes':
      sections.int32s(length + 1).set(column.offsets.subarray(0, length + 1))
      sections.bytes(column.offsets[length]!).set(column.bytes.subarray(0, column.offsets[length]!))
      return
    case 'object':
      sections.bytes(text!.length).set(text!)
      return
    default:
      throw internalError(`unknown column ${String(column satisfies never)}`)
  }
}

/** Copies a packed batch into an empty builder of the same column types. */
export function unpackBatch({ buffer }: PackedBlock, into: BatchBuilder): void {
  const { columns } = into
  const header = new Int32Array(buffer, 0, HEADER_WORDS + WORDS_PER_COLUMN * columns.length)
  const length = header[0]!
  const sections = new Sections(buffer, header.byteLength)
  into.ensureCapacity(length)
  const kinds = header[1] === 0 ? null : sections.bytes(length)
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!
    if (header[HEADER_WORDS + WORDS_PER_COLUMN * c] === 1) column.nullBytes().set(sections.bytes(length))
    unpackColumn(sections, column, length, header[HEADER_WORDS + WORDS_PER_COLUMN * c + 1]!)
  }
  if (kinds === null) into.length = length
  else for (let row = 0; row < length; row++) into.addRow(kinds[row] ?? ROW_INSERT)
}

function unpackColumn(sections: Sections, column: Column, length: number, numBytes: number): void {
  switch (column.storage) {
    case 'i32':
      column.values.set(sections.int32s(length))
      return
    case 'f64':
      column.values.set(sections.float64s(length))
      return
    case 'i64':
      column.words.set(sections.int32s(length * 2))
      return
    case 'msnanos':
      column.values.set(sections.float64s(length))
      column.nanos.set(sections.int32s(length))
      return
    case 'bytes':
      unpackBytes(sections, column, length, numBytes)
      return
    case 'object': {
      const values = decodeObject(Buffer.from(sections.bytes(numBytes)).toString()) as readonly unknown[]
      for (let row = 0; row < length; row++) column.values[row] = values[row]
      return
    }
    default:
      throw internalError(`unknown column ${String(column satisfies never)}`)
  }
}

function unpackBytes(sections: Sections, column: BytesColumn, length: number, numBytes: number): void {
  column.offsets.set(sections.int32s(length + 1))
  column.ensureBytes(numBytes)
  column.bytes.set(sections.bytes(numBytes))
}
