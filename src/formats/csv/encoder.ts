/**
 * Rows to CSV records without line ends, quoted where Flink's writer (Jackson, loose check) quotes: a text of
 * more than 24 characters, or one with a character not above both delimiter and quote (so also with blanks).
 */
import { internalError, runtimeFailure, validationError } from '../../errors/index.ts'
import {
  type Batch,
  type Column,
  dateText,
  decimalToString,
  decodeUtf8,
  doubleToString,
  encodeUtf8,
  type LogicalType,
  MAX_NUMBER_BYTES,
  type PlainValue,
  readPlain,
  storageOf,
  timestampText,
  timeText,
  typeToString,
  writeInt32,
  writeInt64,
} from '../../types/index.ts'
import type { ByteSink, Encoder, FormatContext, FormatField } from '../format.ts'
import { type CsvOptions, parseCsvOptions } from './csv-options.ts'

const MAX_UNQUOTED = 24

/** 100000 as `1E+5`, 12.50 as `12.5`: Java's text of the number without trailing zeros. */
export function scientificDecimal(unscaled: bigint, scale: number): string {
  if (unscaled === 0n) return '0'
  const sign = unscaled < 0n ? '-' : ''
  const all = (unscaled < 0n ? -unscaled : unscaled).toString()
  const digits = all.replace(/0+$/, '')
  const shownScale = scale - (all.length - digits.length)
  const exponent = digits.length - 1 - shownScale
  if (shownScale >= 0 && exponent >= -6) return decimalToString(BigInt(sign + digits), shownScale)
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  return `${sign}${digits[0]}${fraction}E${exponent >= 0 ? '+' : ''}${exponent}`
}

/** Text of a value that is not NULL; undefined for types CSV cannot hold. */
function valueText(value: PlainValue, type: LogicalType, options: CsvOptions): string | undefined {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
    case 'CHAR':
    case 'VARCHAR':
      return String(value)
    case 'FLOAT':
    case 'DOUBLE':
      return doubleToString(value as number, type.kind === 'FLOAT')
    case 'DECIMAL':
      return options.scientificDecimals
        ? scientificDecimal(value as bigint, type.scale)
        : decimalToString(value as bigint, type.scale)
    case 'BINARY':
    case 'VARBINARY':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'DATE':
      return dateText(value as number)
    case 'TIME':
      return timeText(value as number)
    case 'TIMESTAMP':
      return timestampText(value, ' ')
    case 'TIMESTAMP_LTZ':
      return `${timestampText(value, ' ')}Z`
    default:
      return undefined
  }
}

/** Numbers and booleans are never quoted. */
const isNumber = (type: LogicalType): boolean =>
  storageOf(type) !== 'bytes' &&
  type.kind !== 'DATE' &&
  type.kind !== 'TIME' &&
  isScalar(type) &&
  !type.kind.startsWith('TIMESTAMP')

const isScalar = (type: LogicalType): boolean =>
  type.kind !== 'ARRAY' && type.kind !== 'ROW' && type.kind !== 'MAP' && type.kind !== 'MULTISET'

function checkType(name: string, type: LogicalType): void {
  if (isScalar(type)) return
  if (type.kind === 'ARRAY' && isScalar(type.element)) return
  if (type.kind === 'ROW' && type.fields.every(field => isScalar(field.type))) return
  throw validationError(
    'MR_FORMAT_TYPE',
    `the csv format cannot hold field '${name}' of type ${typeToString(type)}`,
  )
}

const unprotectedError = () =>
  runtimeFailure(
    'MR_FORMAT_CSV_UNQUOTED',
    'a text with a delimiter or line end cannot be written as CSV without quotes',
    { hint: "Leave 'csv.disable-quote-character' out, or set 'csv.escape-character'." },
  )

interface EncodedField {
  readonly type: LogicalType
  /** Position in the batch. */
  readonly column: number
}

export class CsvEncoder implements Encoder {
  readonly #fields: readonly EncodedField[]
  readonly #options: CsvOptions
  readonly #nullText: Uint8Array
  readonly #nullString: string
  /** Characters below need quotes. */
  readonly #minSafe: number

  constructor(fields: readonly FormatField[], columns: readonly number[], context: FormatContext) {
    const options = parseCsvOptions(context)
    this.#options = options
    this.#nullText = options.nullLiteral ?? new Uint8Array(0)
    this.#nullString = decodeUtf8(this.#nullText, 0, this.#nullText.length)
    this.#minSafe = Math.max(options.delimiter[0]!, options.quote) + 1
    for (const { name, type } of fields) checkType(name, type)
    this.#fields = fields.map(({ type }, i) => ({ type, column: columns[i]! }))
  }

  encode(batch: Batch, row: number, out: ByteSink): void {
    for (let k = 0; k < this.#fields.length; k++) {
      if (k > 0) this.#append(out, this.#options.delimiter, 0, this.#options.delimiter.length)
      const { type, column } = this.#fields[k]!
      this.#encodeField(batch.columns[column]!, row, type, out)
    }
  }

  #encodeField(column: Column, row: number, type: LogicalType, out: ByteSink): void {
    if (column.isNull(row)) {
      this.#append(out, this.#nullText, 0, this.#nullText.length)
      return
    }
    if (column.storage === 'bytes' && (type.kind === 'CHAR' || type.kind === 'VARCHAR')) {
      this.#appendText(out, column.bytes, column.offsets[row]!, column.offsets[row + 1]!)
      return
    }
    if (column.storage === 'i32' && type.kind === 'INTEGER') {
      out.reserve(MAX_NUMBER_BYTES)
      out.length = writeInt32(out.bytes, out.length, column.values[row]!)
      return
    }
    if (column.storage === 'i64' && type.kind === 'BIGINT') {
      out.reserve(MAX_NUMBER_BYTES)
      out.length = writeInt64(out.bytes, out.length, column.words[row * 2]!, column.words[row * 2 + 1]!)
      return
    }
    const text = encodeUtf8(this.#text(readPlain(column, row, type), type))
    if (isNumber(type)) this.#append(out, text, 0, text.length)
    else this.#appendText(out, text, 0, text.length)
  }

  #text(value: PlainValue, type: LogicalType): string {
    if (value === null) return this.#nullString
    const text = valueText(value, type, this.#options)
    if (text !== undefined) return text
    if (type.kind === 'ARRAY') {
      return (value as readonly PlainValue[])
        .map(item => this.#text(item, type.element))
        .join(this.#options.arrayDelimiter)
    }
    if (type.kind !== 'ROW') throw internalError(`csv of ${type.kind}`)
    return type.fields
      .map((field, i) => this.#text((value as readonly PlainValue[])[i] ?? null, field.type))
      .join(this.#options.arrayDelimiter)
  }

  #needsQuotes(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > MAX_UNQUOTED) return true
    for (let i = start; i < end; i++) {
      const c = bytes[i]!
      if (c < this.#minSafe || c === this.#options.escapeByte) return true
    }
    return false
  }

  #appendText(out: ByteSink, bytes: Uint8Array, start: number, end: number): void {
    const { quote, escapeByte } = this.#options
    if (quote < 0) {
      this.#appendUnquoted(out, bytes, start, end)
      return
    }
    if (!this.#needsQuotes(bytes, start, end)) {
      this.#append(out, bytes, start, end)
      return
    }
    out.reserve((end - start) * 2 + 2)
    const target = out.bytes
    let at = out.length
    target[at++] = quote
    for (let i = start; i < end; i++) {
      const c = bytes[i]!
      if (c === quote || c === escapeByte) target[at++] = escapeByte >= 0 ? escapeByte : quote
      target[at++] = c
    }
    target[at++] = quote
    out.length = at
  }

  /** Without quotes only an escape character can protect a delimiter; a line end nothing can. */
  #appendUnquoted(out: ByteSink, bytes: Uint8Array, start: number, end: number): void {
    const { escapeByte, delimiter } = this.#options
    out.reserve((end - start) * 2)
    const target = out.bytes
    let at = out.length
    for (let i = start; i < end; i++) {
      const c = bytes[i]!
      const isSpecial = c === escapeByte || c === delimiter[0]
      if (c === 10 || c === 13 || (isSpecial && escapeByte < 0)) throw unprotectedError()
      if (isSpecial) target[at++] = escapeByte
      target[at++] = c
    }
    out.length = at
  }

  #append(out: ByteSink, bytes: Uint8Array, start: number, end: number): void {
    out.reserve(end - start)
    out.bytes.set(bytes.subarray(start, end), out.length)
    out.length += end - start
  }
}
