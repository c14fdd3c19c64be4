/** Payload to value. A null payload is a row with NULL, as in Flink; a wrong length is an error. */
import { type Column, encodeUtf8, type LogicalType, typeToString, writePlain } from '../../types/index.ts'
import {
  DecodeError,
  type Decoder,
  type DecoderRequest,
  type FormatContext,
  type PayloadRun,
} from '../format.ts'
import { isUtf8 } from '../text-values.ts'
import { onlyField, parseRawOptions, type RawOptions, rawWidth } from './raw-options.ts'

export class RawDecoder implements Decoder {
  readonly numSkippedErrors = 0
  readonly numSkippedNulls = 0
  readonly #options: RawOptions
  readonly #type: LogicalType
  readonly #name: string
  readonly #width: number
  readonly #isWanted: boolean
  readonly #text: InstanceType<typeof TextDecoder>

  constructor(request: DecoderRequest, context: FormatContext) {
    this.#options = parseRawOptions(context)
    const { name, type } = onlyField(request.fields)
    this.#name = name
    this.#type = type
    this.#width = rawWidth(type)!
    this.#isWanted = request.wanted.length > 0
    this.#text = new TextDecoder(this.#options.charset, { ignoreBOM: true })
  }

  decode(
    run: PayloadRun,
    from: number,
    to: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number {
    const view = new DataView(run.bytes.buffer, run.bytes.byteOffset, run.bytes.byteLength)
    for (let record = from; record < to; record++) {
      const start = run.starts[record]!
      const end = run.ends[record]!
      if (start >= 0 && this.#width !== 0 && end - start !== this.#width) {
        throw this.#error(record, `${end - start} bytes for a value of ${this.#width}`)
      }
      if (this.#isWanted) {
        const column = columns[0]!
        if (start >= 0) this.#store(column, row, run.bytes, view, start, end)
        else if (this.#type.nullable) writePlain(column, row, null)
        else throw this.#error(record, 'NULL, but the field is NOT NULL')
      }
      records[row++] = record
    }
    return row
  }

  #error(record: number, why: string): DecodeError {
    const message = `field '${this.#name}' of type ${typeToString(this.#type)}: ${why}`
    return new DecodeError({ record, message, skipOption: undefined })
  }

  #store(column: Column, row: number, bytes: Uint8Array, view: DataView, start: number, end: number): void {
    const { littleEndian } = this.#options
    if (column.storage === 'bytes') {
      const isText = this.#type.kind === 'CHAR' || this.#type.kind === 'VARCHAR'
      if (!isText || (this.#options.charset === 'utf-8' && isUtf8(bytes, start, end))) {
        column.append(row, bytes, start, end)
        return
      }
      // Malformed text gets U+FFFD, as Java's decoders do.
      const text = encodeUtf8(this.#text.decode(bytes.slice(start, end)))
      column.append(row, text, 0, text.length)
      return
    }
    switch (this.#type.kind) {
      case 'BOOLEAN':
        writePlain(column, row, bytes[start] !== 0)
        return
      case 'TINYINT':
        writePlain(column, row, view.getInt8(start))
        return
      case 'SMALLINT':
        writePlain(column, row, view.getInt16(start, littleEndian))
        return
      case 'INTEGER':
        writePlain(column, row, view.getInt32(start, littleEndian))
        return
      case 'BIGINT':
        writePlain(column, row, view.getBigInt64(start, littleEndian))
        return
      case 'FLOAT':
        writePlain(column, row, view.getFloat32(start, littleEndian))
        return
      default:
        writePlain(column, row, view.getFloat64(start, littleEndian))
    }
  }
}
