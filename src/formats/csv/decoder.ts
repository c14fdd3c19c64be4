/**
 * CSV records to columns, fields by position in the table. Too few or too many fields are errors, as in Flink;
 * with ignore-parse-errors missing fields are NULL.
 */
import { validationError } from '../../errors/index.ts'
import {
  type Column,
  decodeUtf8,
  encodeUtf8,
  type LogicalType,
  type PlainValue,
  typeToString,
  writePlain,
} from '../../types/index.ts'
import {
  DecodeError,
  type Decoder,
  type DecoderRequest,
  type FormatContext,
  type PayloadRun,
} from '../format.ts'
import {
  createTextParser,
  createTextWriter,
  isUtf8,
  type TextParser,
  type TextWriter,
} from '../text-values.ts'
import { type CsvOptions, parseCsvOptions } from './csv-options.ts'
import { FieldSplitter } from './field-splitter.ts'

const SKIP_OPTION = 'csv.ignore-parse-errors'

const unsupported = (name: string, type: LogicalType) =>
  validationError(
    'MR_FORMAT_TYPE',
    `the csv format cannot hold field '${name}' of type ${typeToString(type)}`,
  )

/** Parser of elements of an ARRAY or fields of a nested ROW: one text each, joined by the array delimiter. */
function nestedParser(name: string, type: LogicalType, options: CsvOptions): TextParser {
  if (type.kind !== 'ARRAY' && type.kind !== 'ROW') throw unsupported(name, type)
  const innerTypes = type.kind === 'ARRAY' ? [type.element] : type.fields.map(field => field.type)
  const parsers = innerTypes.map(inner => {
    const parse = createTextParser(inner)
    if (parse === undefined) throw unsupported(name, type)
    return parse
  })
  const nullText =
    options.nullLiteral === null ? null : decodeUtf8(options.nullLiteral, 0, options.nullLiteral.length)
  return (bytes, start, end) => {
    if (!isUtf8(bytes, start, end)) return undefined
    const parts =
      start === end && type.kind === 'ARRAY'
        ? []
        : decodeUtf8(bytes, start, end).split(options.arrayDelimiter)
    if (type.kind === 'ROW' && parts.length !== parsers.length) return undefined
    const values: PlainValue[] = []
    for (const [i, part] of parts.entries()) {
      const text = encodeUtf8(part)
      const value = part === nullText ? null : (parsers[i] ?? parsers[0]!)(text, 0, text.length)
      const isAllowed = value !== null || (innerTypes[i] ?? innerTypes[0]!).nullable
      if (value === undefined || !isAllowed) return undefined
      values.push(value)
    }
    return values
  }
}

function createWriter(name: string, type: LogicalType, options: CsvOptions): TextWriter {
  const write = createTextWriter(type)
  if (write !== undefined) return write
  const parse = nestedParser(name, type, options)
  return (column, row, bytes, start, end) => {
    const value = parse(bytes, start, end)
    if (value === undefined) return false
    writePlain(column, row, value)
    return true
  }
}

interface WantedField {
  readonly name: string
  readonly type: LogicalType
  /** Position in the record. */
  readonly position: number
  readonly write: TextWriter
}

export class CsvDecoder implements Decoder {
  numSkippedErrors = 0
  numSkippedNulls = 0
  numFieldErrors = 0
  readonly #options: CsvOptions
  readonly #splitter: FieldSplitter
  readonly #fields: readonly WantedField[]
  readonly #numColumns: number

  constructor(request: DecoderRequest, context: FormatContext) {
    const options = parseCsvOptions(context)
    this.#options = options
    this.#splitter = new FieldSplitter(options)
    this.#numColumns = request.fields.length
    this.#fields = request.wanted.map(position => {
      const { name, type } = request.fields[position]!
      return { name, type, position, write: createWriter(name, type, options) }
    })
  }

  decode(
    run: PayloadRun,
    from: number,
    to: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number {
    const { bytes } = run
    for (let record = from; record < to; record++) {
      const start = run.starts[record]!
      let end = run.ends[record]!
      if (start >= 0 && end > start && bytes[end - 1] === 10) end--
      if (start >= 0 && end > start && bytes[end - 1] === 13) end--
      if (start < 0 || end === start || (this.#options.allowComments && bytes[start] === 35)) {
        this.numSkippedNulls++
        continue
      }
      const problem = this.#decodeRecord(bytes, start, end, columns, row)
      if (problem === null) {
        records[row++] = record
        continue
      }
      for (const column of columns) if (column.nulls !== null) column.nulls[row] = 0
      if (!this.#options.ignoreParseErrors) {
        throw new DecodeError({ record, message: problem, skipOption: SKIP_OPTION })
      }
      this.numSkippedErrors++
    }
    return row
  }

  /** Writes row `row`; or says why the record must go. */
  #decodeRecord(
    bytes: Uint8Array,
    start: number,
    end: number,
    columns: readonly Column[],
    row: number,
  ): string | null {
    const splitter = this.#splitter
    if (!splitter.split(bytes, start, end)) return `malformed CSV: ${splitter.problem}`
    const countProblem = this.#checkCount()
    if (countProblem !== null) return countProblem
    const numErrorsBefore = this.numFieldErrors
    for (let k = 0; k < this.#fields.length; k++) {
      const problem = this.#storeField(this.#fields[k]!, bytes, columns[k]!, row)
      if (problem === null) continue
      this.numFieldErrors = numErrorsBefore
      return problem
    }
    return null
  }

  #checkCount(): string | null {
    const splitter = this.#splitter
    const wanted = this.#numColumns
    let { count } = splitter
    const last = count - 1
    const isLastEmpty = splitter.starts[last] === splitter.ends[last] && splitter.quoted[last] === 0
    if (count > wanted && this.#options.allowTrailingComma && isLastEmpty) count--
    if (count > wanted && this.#options.ignoreTrailing) return null
    if (count === wanted) return null
    if (count < wanted && this.#options.ignoreParseErrors && !this.#options.failOnMissing) return null
    return `${count} fields, but the table has ${wanted} columns`
  }

  #storeField(field: WantedField, bytes: Uint8Array, column: Column, row: number): string | null {
    const splitter = this.#splitter
    const { position, type, name } = field
    let why = 'missing'
    if (position < splitter.count) {
      const start = splitter.starts[position]!
      const end = splitter.ends[position]!
      const source = splitter.inSide[position] === 1 ? splitter.resolved : bytes
      if (this.#isNull(source, start, end, splitter.quoted[position] === 1)) {
        if (!type.nullable) return `field '${name}': NULL, but the field is NOT NULL`
        writePlain(column, row, null)
        return null
      }
      if (field.write(column, row, source, start, end)) return null
      const text = decodeUtf8(source, start, Math.min(end, start + 60))
      why = `cannot read '${text}' as ${typeToString(type)}`
    }
    if (!this.#options.ignoreParseErrors || !type.nullable) return `field '${name}': ${why}`
    this.numFieldErrors++
    writePlain(column, row, null)
    return null
  }

  #isNull(bytes: Uint8Array, start: number, end: number, quoted: boolean): boolean {
    if (this.#options.emptyAsNull && start === end && !quoted) return true
    const literal = this.#options.nullLiteral
    if (literal === null || literal.length !== end - start) return false
    for (let i = 0; i < literal.length; i++) if (literal[i] !== bytes[start + i]) return false
    return true
  }
}
