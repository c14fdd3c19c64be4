/** Value to payload. NULL cannot be written: it would be an empty value, not none. */
import { configError, runtimeFailure } from '../../errors/index.ts'
import { type Batch, decodeUtf8, type LogicalType } from '../../types/index.ts'
import type { ByteSink, Encoder, FormatContext, FormatField } from '../format.ts'
import { onlyField, parseRawOptions, type RawOptions } from './raw-options.ts'

const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'windows-1252': text => Buffer.from(text, 'latin1'),
  'utf-16le': text => Buffer.from(text, 'utf16le'),
  'utf-16be': text => Buffer.from(text, 'utf16le').swap16(),
}

export class RawEncoder implements Encoder {
  readonly #options: RawOptions
  readonly #type: LogicalType
  readonly #name: string
  readonly #column: number
  readonly #encodeText: ((text: string) => Uint8Array) | undefined
  readonly #scratch = new DataView(new ArrayBuffer(8))

  constructor(fields: readonly FormatField[], columns: readonly number[], context: FormatContext) {
    this.#options = parseRawOptions(context)
    const { name, type } = onlyField(fields)
    this.#name = name
    this.#type = type
    this.#column = columns[0]!
    const { charset } = this.#options
    this.#encodeText = encodings[charset]
    if (charset !== 'utf-8' && this.#encodeText === undefined) {
      throw configError('MR_CONFIG_OPTION_VALUE', `the raw format cannot write charset '${charset}'`, {
        expected: ['UTF-8', 'ISO-8859-1', 'UTF-16LE', 'UTF-16BE'],
      })
    }
  }

  encode(batch: Batch, row: number, out: ByteSink): void {
    const column = batch.columns[this.#column]!
    if (column.isNull(row)) {
      throw runtimeFailure('MR_FORMAT_RAW_NULL', `field '${this.#name}': the raw format cannot write NULL`, {
        hint: 'Filter NULLs out, or use COALESCE.',
      })
    }
    const { littleEndian } = this.#options
    const view = this.#scratch
    switch (column.storage) {
      case 'bytes': {
        const start = column.offsets[row]!
        const end = column.offsets[row + 1]!
        const isText = this.#type.kind === 'CHAR' || this.#type.kind === 'VARCHAR'
        if (isText && this.#encodeText !== undefined) {
          this.#append(out, this.#encodeText(decodeUtf8(column.bytes, start, end)))
        } else this.#append(out, column.bytes.subarray(start, end))
        return
      }
      case 'i32':
        this.#appendInteger(out, column.values[row]!)
        return
      case 'i64':
        view.setBigInt64(0, column.values[row]!, littleEndian)
        this.#appendScratch(out, 8)
        return
      case 'f64':
        if (this.#type.kind === 'FLOAT') view.setFloat32(0, column.values[row]!, littleEndian)
        else view.setFloat64(0, column.values[row]!, littleEndian)
        this.#appendScratch(out, this.#type.kind === 'FLOAT' ? 4 : 8)
        return
      default:
    }
  }

  #appendInteger(out: ByteSink, value: number): void {
    const view = this.#scratch
    if (this.#type.kind === 'INTEGER') view.setInt32(0, value, this.#options.littleEndian)
    else if (this.#type.kind === 'SMALLINT') view.setInt16(0, value, this.#options.littleEndian)
    else view.setInt8(0, value)
    this.#appendScratch(out, this.#type.kind === 'INTEGER' ? 4 : this.#type.kind === 'SMALLINT' ? 2 : 1)
  }

  #appendScratch(out: ByteSink, length: number): void {
    this.#append(out, new Uint8Array(this.#scratch.buffer, 0, length))
  }

  #append(out: ByteSink, bytes: Uint8Array): void {
    out.reserve(bytes.length)
    out.bytes.set(bytes, out.length)
    out.length += bytes.length
  }
}
