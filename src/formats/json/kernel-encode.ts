/**
 * The WebAssembly encoder over one list of fields. Columns that do not stand in the arena are copied there, batch by
 * batch; values of types the kernel does not print are written by JavaScript into a column of texts first.
 */
import type { Batch, Column, LogicalType } from '../../types/index.ts'
import { ByteSink } from '../../types/index.ts'
import * as layout from '../../wasm/assembly/layout.ts'
import type { Kernels } from '../../wasm/kernels.ts'
import { Scratch } from '../../wasm/scratch.ts'
import type { EncodedRows } from '../format.ts'

/** Room of a value that is neither a string nor verbatim, with its null text. */
const FIXED_BYTES = 48
/** The kernel copies by sixteen bytes. */
const SLACK_BYTES = 64
const FIRST_OUT_BYTES = 64 * 1024

export interface EncodedField {
  /** `"key":` */
  readonly key: Uint8Array
  readonly type: LogicalType
  /** Position in the batch. */
  readonly position: number
}

/** Writes the value of a row that is not NULL as JSON text. */
export type WriteVerbatim = (columns: readonly Column[], row: number, out: ByteSink) => void

function kindOf(type: LogicalType): number {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return layout.ENCODE_STRING
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return layout.ENCODE_INTEGER
    case 'BIGINT':
      return layout.ENCODE_BIGINT
    case 'BOOLEAN':
      return layout.ENCODE_BOOLEAN
    case 'DATE':
      return layout.ENCODE_DATE
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (type.precision <= 3) return layout.ENCODE_MILLIS
      return type.precision <= 6 ? layout.ENCODE_MICROS : layout.ENCODE_VERBATIM
    default:
      return layout.ENCODE_VERBATIM
  }
}

export const isVerbatim = (type: LogicalType): boolean => kindOf(type) === layout.ENCODE_VERBATIM

export class KernelEncode {
  readonly #kernels: Kernels
  readonly #fields: readonly EncodedField[]
  readonly #verbatim: readonly (WriteVerbatim | undefined)[]
  readonly #block: number
  /** Values, null bytes and strings of each field, where they had to be copied. */
  readonly #copies: readonly (readonly [values: Scratch, nulls: Scratch, bytes: Scratch])[]
  readonly #texts = new ByteSink()
  readonly #offsets: Scratch
  #out: Uint8Array

  /** null when the arena is full. `separator` stands between date and time. */
  static create(
    kernels: Kernels | null,
    fields: readonly EncodedField[],
    verbatim: readonly (WriteVerbatim | undefined)[],
    options: { readonly ignoreNullFields: boolean; readonly separator: number },
  ): KernelEncode | null {
    if (kernels === null) return null
    const keysAt = layout.ENCODER_FIELDS_AT + fields.length * layout.ENCODED_FIELD_BYTES
    const keyRoom = fields.reduce((sum, { key }) => sum + key.length + 17, 0)
    const block = kernels.arena.allocate(keysAt + keyRoom)
    const out = kernels.arena.allocate(FIRST_OUT_BYTES)
    if (block === null || out === null) return null
    const encode = new KernelEncode(
      kernels,
      fields,
      verbatim,
      block.byteOffset,
      new Uint8Array(out.buffer, out.byteOffset, FIRST_OUT_BYTES),
    )
    encode.#layOut(keysAt, options)
    return encode
  }

  private constructor(
    kernels: Kernels,
    fields: readonly EncodedField[],
    verbatim: readonly (WriteVerbatim | undefined)[],
    block: number,
    out: Uint8Array,
  ) {
    this.#kernels = kernels
    this.#fields = fields
    this.#verbatim = verbatim
    this.#block = block
    this.#out = out
    this.#offsets = new Scratch(kernels.arena)
    const scratch = () => new Scratch(kernels.arena)
    this.#copies = fields.map(() => [scratch(), scratch(), scratch()])
  }

  #layOut(
    keysAt: number,
    { ignoreNullFields, separator }: { readonly ignoreNullFields: boolean; readonly separator: number },
  ): void {
    const { words, bytes } = this.#kernels
    const set = (at: number, value: number) => {
      words[(this.#block + at) >> 2] = value
    }
    bytes.fill(0, this.#block, this.#block + keysAt)
    set(layout.ENCODER_NUM_FIELDS_AT, this.#fields.length)
    set(layout.ENCODER_SKIPS_NULLS_AT, ignoreNullFields ? 1 : 0)
    set(layout.ENCODER_SEPARATOR_AT, separator)
    let keyAt = this.#block + keysAt
    let room = SLACK_BYTES
    this.#fields.forEach(({ key, type }, k) => {
      const at = layout.ENCODER_FIELDS_AT + k * layout.ENCODED_FIELD_BYTES
      set(at + layout.ENCODED_KIND_AT, kindOf(type))
      set(at + layout.ENCODED_KEY_AT, keyAt)
      set(at + layout.ENCODED_KEY_LENGTH_AT, key.length + 1)
      set(at + layout.ENCODED_ZONED_AT, type.kind === 'TIMESTAMP_LTZ' ? 1 : 0)
      bytes[keyAt] = 44
      bytes.set(key, keyAt + 1)
      keyAt += key.length + 17
      room += key.length + 1 + FIXED_BYTES
    })
    set(layout.ENCODER_ROOM_AT, room)
  }

  /** All rows of the batch, or null when the arena is full. */
  encode(batch: Batch): EncodedRows | null {
    const kernels = this.#kernels
    const { words } = kernels
    const { length } = batch
    for (let k = 0; k < this.#fields.length; k++) if (!this.#bind(k, batch)) return null
    const offsetsAt = this.#offsets.reserve((length + 1) * 4)
    if (offsetsAt < 0) return null
    words[offsetsAt >> 2] = 0
    for (let row = 0; ; ) {
      row = kernels.encodeJson(
        this.#block,
        row,
        length,
        this.#out.byteOffset,
        this.#out.length - SLACK_BYTES,
        offsetsAt,
      )
      if (row === length) break
      if (!this.#grow(words[(offsetsAt >> 2) + row]!)) return null
    }
    return { bytes: this.#out, offsets: words.subarray(offsetsAt >> 2, (offsetsAt >> 2) + length + 1) }
  }

  /** Doubles the output, keeping its first bytes. */
  #grow(numBytes: number): boolean {
    const { arena } = this.#kernels
    const size = this.#out.length * 2
    const region = arena.allocate(size)
    if (region === null) return false
    const grown = new Uint8Array(region.buffer, region.byteOffset, size)
    grown.set(this.#out.subarray(0, numBytes))
    arena.release(this.#out.byteOffset)
    this.#out = grown
    return true
  }

  /** Tells the kernel where the column of field k stands; false when the arena is full. */
  #bind(k: number, batch: Batch): boolean {
    const { words } = this.#kernels
    const column = batch.columns[this.#fields[k]!.position]!
    const { length } = batch
    const [valuesCopy, nullsCopy, bytesCopy] = this.#copies[k]!
    const at = (this.#block + layout.ENCODER_FIELDS_AT + k * layout.ENCODED_FIELD_BYTES) >> 2
    const nulls = column.nulls === null ? 0 : this.#place(column.nulls, length, nullsCopy)
    words[at + (layout.ENCODED_NULLS_AT >> 2)] = nulls
    if (nulls < 0) return false
    const write = this.#verbatim[k]
    if (write !== undefined) return this.#bindTexts(k, write, batch)
    if (column.storage === 'object' || column.storage === 'msnanos') return false
    if (column.storage !== 'bytes') {
      const values = this.#place(column.values, length, valuesCopy)
      words[at + (layout.ENCODED_VALUES_AT >> 2)] = values
      return values >= 0
    }
    const { offsets } = column
    const bytes = this.#place(column.bytes, offsets[length]!, bytesCopy)
    const offsetsAt = this.#place(offsets, length + 1, valuesCopy)
    words[at + (layout.ENCODED_BYTES_AT >> 2)] = bytes
    words[at + (layout.ENCODED_OFFSETS_AT >> 2)] = offsetsAt
    return bytes >= 0 && offsetsAt >= 0
  }

  #bindTexts(k: number, write: WriteVerbatim, batch: Batch): boolean {
    const { words } = this.#kernels
    const { length, columns } = batch
    const [offsetsCopy, , bytesCopy] = this.#copies[k]!
    const texts = this.#texts
    const column = columns[this.#fields[k]!.position]!
    texts.length = 0
    const offsetsAt = offsetsCopy.reserve((length + 1) * 4)
    if (offsetsAt < 0) return false
    words[offsetsAt >> 2] = 0
    for (let row = 0; row < length; row++) {
      if (column.nulls === null || column.nulls[row] === 0) write(columns, row, texts)
      words[(offsetsAt >> 2) + row + 1] = texts.length
    }
    const bytes = this.#place(texts.bytes, texts.length, bytesCopy)
    const at = (this.#block + layout.ENCODER_FIELDS_AT + k * layout.ENCODED_FIELD_BYTES) >> 2
    words[at + (layout.ENCODED_BYTES_AT >> 2)] = bytes
    words[at + (layout.ENCODED_OFFSETS_AT >> 2)] = offsetsAt
    return bytes >= 0
  }

  /** Address of the first elements of an array, copied if need be; -1 when the arena is full. */
  #place(
    array: Uint8Array | Int32Array | Float64Array | BigInt64Array,
    length: number,
    copy: Scratch,
  ): number {
    const { arena, bytes } = this.#kernels
    if (arena.contains(array)) return array.byteOffset
    const numBytes = length * array.BYTES_PER_ELEMENT
    const address = copy.reserve(numBytes + SLACK_BYTES)
    if (address >= 0) bytes.set(new Uint8Array(array.buffer, array.byteOffset, numBytes), address)
    return address
  }

  release(): void {
    const { arena } = this.#kernels
    arena.release(this.#block)
    arena.release(this.#out.byteOffset)
    this.#offsets.release()
    for (const scratches of this.#copies) for (const scratch of scratches) scratch.release()
  }
}
