/**
 * JSON payloads to columns. Guarantees, with or without fast paths: a record is one well-formed JSON object
 * (RFC 8259, valid UTF-8) or it is an error; the last of repeated keys wins; BIGINT and DECIMAL are read
 * from the digits; types are checked for the columns that are read.
 */

import {
  applyZoneSuffix,
  type BytesColumn,
  type Column,
  cutMs,
  type LogicalType,
  scanDate,
  scannedTime,
  scanTimeOfDay,
  scanTimestamp,
  setWordsFromMillis,
  setWordsFromProduct,
  writePlain,
} from '../../types/index.ts'
import { kernelsOrNull } from '../../wasm/kernels.ts'
import {
  DecodeError,
  type Decoder,
  type DecoderRequest,
  type FormatContext,
  type PayloadRun,
} from '../format.ts'
import { checkJsonType, createStrictConverter } from './convert.ts'
import { forEachMember } from './convert-nested.ts'
import { decoderSource } from './decoder-source.ts'
import { explainMalformed } from './explain-malformed.ts'
import { FieldProblem, type JsonConverter } from './field-problem.ts'
import { parseJsonOptions } from './json-options.ts'
import { KernelScan } from './kernel-scan.ts'
import { KeyPredictor } from './key-predictor.ts'
import {
  skipContainer,
  skipLiteral,
  skipNumber,
  skipString,
  skipUnescapedString,
  skipValue,
  skipWhitespace,
} from './scan.ts'
import { unescapeInto } from './strings.ts'

const SKIP_OPTION = 'json.ignore-parse-errors'
const MAX_ODD_RECORDS = 256
const POWERS = Array.from({ length: 19 }, (_, i) => 10 ** i)

type DecodeRun = (
  bytes: Uint8Array,
  view: DataView,
  starts: Int32Array,
  ends: Int32Array,
  from: number,
  to: number,
  columns: readonly Column[],
  records: Int32Array,
  row: number,
) => number

function appendEscaped(
  column: BytesColumn,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const at = column.offsets[row]!
  column.ensureBytes(at + end - start)
  column.offsets[row + 1] = unescapeInto(bytes, start, end, column.bytes, at)
}

interface WantedField {
  readonly name: string
  readonly type: LogicalType
  readonly convert: JsonConverter
}

export class JsonDecoder implements Decoder {
  numSkippedErrors = 0
  numSkippedNulls = 0
  numFieldErrors = 0
  /** Nested errors ignored in the record being read; counted when the record is kept. */
  #pendingErrors = 0
  readonly #fields: readonly WantedField[]
  readonly #positions: ReadonlyMap<string, number>
  readonly #valueStarts: Int32Array
  readonly #valueEnds: Int32Array
  readonly #ignoreErrors: boolean
  readonly #failOnMissing: boolean
  readonly #decodeRun: DecodeRun
  readonly #kernel: KernelScan | null
  #columns: readonly Column[] = []

  constructor(request: DecoderRequest, context: FormatContext) {
    const options = parseJsonOptions(context)
    this.#ignoreErrors = options.ignoreParseErrors
    this.#failOnMissing = options.failOnMissingField
    const settings = { ...options, onIgnoredError: () => void this.#pendingErrors++ }
    this.#fields = request.wanted.map(position => {
      const { name, type } = request.fields[position]!
      checkJsonType(type, name)
      return { name, type, convert: createStrictConverter(type, settings) }
    })
    this.#positions = new Map(this.#fields.map((field, k) => [field.name, k]))
    this.#valueStarts = new Int32Array(this.#fields.length)
    this.#valueEnds = new Int32Array(this.#fields.length)
    this.#decodeRun = this.#compile(options.isoTimestamps)
    const optional = !options.failOnMissingField
    this.#kernel = KernelScan.create(
      kernelsOrNull(),
      this.#fields.map(({ name, type }) => ({ name, type, optional: optional && type.nullable })),
      options.isoTimestamps,
      this.#convertField.bind(this),
    )
  }

  #compile(isoTimestamps: boolean): DecodeRun {
    const keys = new KeyPredictor(this.#fields.map(field => field.name))
    const { words, fullWords, masks, lengths, fields, next } = keys
    const parts = {
      keys,
      words,
      fullWords,
      masks,
      lengths,
      fields,
      next,
      POWERS,
      appendEscaped,
      applyZoneSuffix,
      scanDate,
      scannedTime,
      scanTimeOfDay,
      scanTimestamp,
      setWordsFromMillis,
      setWordsFromProduct,
      skipLiteral,
      skipNumber,
      skipString,
      skipUnescapedString,
      skipValue,
      skipWhitespace,
      cutMs,
      convertField: this.#convertField.bind(this),
      fillMissing: this.#fillMissing.bind(this),
      slowRecord: this.#slowRecord.bind(this),
      skipNull: () => void this.numSkippedNulls++,
    }
    const types = this.#fields.map(field => field.type)
    const factory = new Function(...Object.keys(parts), decoderSource(types, { isoTimestamps }))
    return factory(...Object.values(parts)) as DecodeRun
  }

  decode(
    run: PayloadRun,
    from: number,
    to: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number {
    const { bytes: source, starts, ends } = run
    // The compiled loop only ever sees plain Uint8Arrays: a Buffer's other hidden class would slow it down.
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
    this.#columns = columns
    const kernel = this.#kernel
    if (kernel === null || !kernel.reaches(columns))
      return this.#decodeRun(bytes, view, starts, ends, from, to, columns, records, row)
    // Records the kernel stops at are decoded by its twin: more at a time while it gets nowhere, and all that are left
    // when a column has outgrown the kernels' memory.
    let numOdd = 1
    for (let at = from; ; ) {
      row = kernel.scan(run, bytes, view, at, to, columns, records, row)
      this.numSkippedNulls += kernel.takeNumNulls()
      const { stopped } = kernel
      if (stopped === to) return row
      numOdd = stopped === at ? Math.min(numOdd * 2, MAX_ODD_RECORDS) : 1
      at = kernel.hasOutgrown ? to : Math.min(to, stopped + numOdd)
      row = this.#decodeRun(bytes, view, starts, ends, stopped, at, columns, records, row)
    }
  }

  close(): void {
    this.#kernel?.release()
  }

  /** Converts and stores one value; false when the record must be judged as a whole. */
  #convertField(
    k: number,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    row: number,
  ): boolean {
    const { convert } = this.#fields[k]!
    const column = this.#columns[k]!
    // A repeated key's value before may have been null.
    if (column.nulls !== null) column.nulls[row] = 0
    try {
      writePlain(column, row, convert(bytes, view, start, end))
    } catch (thrown) {
      if (thrown instanceof FieldProblem) return false
      throw thrown
    }
    return this.#pendingErrors === 0
  }

  /** NULL for the wanted fields without a bit in `masks`; false when one of them may not be missing. */
  #fillMissing(row: number, ...masks: number[]): boolean {
    if (this.#failOnMissing) return false
    for (let k = 0; k < this.#fields.length; k++) {
      if ((masks[(k / 31) | 0]! & (1 << (k % 31))) !== 0) continue
      const { type } = this.#fields[k]!
      if (!type.nullable) return false
      writePlain(this.#columns[k]!, row, null)
    }
    return true
  }

  /** Reads one record exactly, whatever the fast path thought of it. Returns the next free row. */
  #slowRecord(
    record: number,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number {
    const hasMark =
      end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
    const from = skipWhitespace(bytes, hasMark ? start + 3 : start, end)
    if (from === end) {
      this.numSkippedNulls++
      this.#clearRow(columns, row)
      return row
    }
    const stop = bytes[from] === 123 ? skipContainer(bytes, view, from, end) : -1
    if (stop < 0 || skipWhitespace(bytes, stop, end) !== end) {
      return this.#refuse(record, explainMalformed(bytes, view, from, end), columns, row)
    }
    this.#findValues(bytes, view, from, stop)
    this.#clearRow(columns, row)
    const numErrorsBefore = this.numFieldErrors
    for (let k = 0; k < this.#fields.length; k++) {
      const problem = this.#storeExact(k, bytes, view, columns[k]!, row)
      if (problem === undefined) continue
      this.numFieldErrors = numErrorsBefore
      return this.#refuse(record, problem, columns, row)
    }
    this.numFieldErrors += this.#pendingErrors
    this.#pendingErrors = 0
    records[row] = record
    return row + 1
  }

  /** Value ranges of the wanted fields in a checked object; -1 = missing. */
  #findValues(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    this.#valueStarts.fill(-1)
    forEachMember(bytes, view, start, end, (key, from, to) => {
      const k = this.#positions.get(key)
      if (k === undefined) return
      this.#valueStarts[k] = from
      this.#valueEnds[k] = to
    })
  }

  /** Why the record must go, or undefined when row `row` of the column is written. */
  #storeExact(k: number, bytes: Uint8Array, view: DataView, column: Column, row: number): string | undefined {
    const { name, type, convert } = this.#fields[k]!
    const start = this.#valueStarts[k]!
    if (start < 0) {
      if (this.#failOnMissing) return `field '${name}': missing in the record`
      if (!type.nullable) return `field '${name}': missing in the record, but the field is NOT NULL`
      writePlain(column, row, null)
      return undefined
    }
    try {
      writePlain(column, row, convert(bytes, view, start, this.#valueEnds[k]!))
      return undefined
    } catch (thrown) {
      if (!(thrown instanceof FieldProblem)) throw thrown
      if (!this.#ignoreErrors || !type.nullable)
        return `field '${thrown.within(name).path}': ${thrown.message}`
      this.numFieldErrors++
      writePlain(column, row, null)
      return undefined
    }
  }

  #refuse(record: number, message: string, columns: readonly Column[], row: number): number {
    this.#pendingErrors = 0
    this.#clearRow(columns, row)
    if (!this.#ignoreErrors) throw new DecodeError({ record, message, skipOption: SKIP_OPTION })
    this.numSkippedErrors++
    return row
  }

  /** Takes back NULL marks of a row that was begun and is not kept. */
  #clearRow(columns: readonly Column[], row: number): void {
    this.#pendingErrors = 0
    for (const column of columns) if (column.nulls !== null) column.nulls[row] = 0
  }
}
