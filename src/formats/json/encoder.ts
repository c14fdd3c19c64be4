/**
 * Rows of a batch to JSON objects: one generated function per schema, straight from columns to bytes. Text is
 * what Flink writes: fields in table order, NULL as `null` (or left out), timestamps without trailing zeros in
 * the fraction, doubles and decimals as Java prints them, non-ASCII characters as UTF-8.
 */
import {
  type Batch,
  type Column,
  createTimestampWriter,
  type LogicalType,
  MAX_NUMBER_BYTES,
  MAX_TIMESTAMP_BYTES,
  storageOf,
  writeDate,
  writeInt32,
  writeInt64,
  writeSafeInteger,
  writeTimeOfDay,
  writeTimestamp,
} from '../../types/index.ts'
import { kernelsOrNull } from '../../wasm/kernels.ts'
import type { ByteSink, EncodedRows, Encoder, FormatContext, FormatField } from '../format.ts'
import { checkJsonType } from './convert.ts'
import { createValueWriter, keyBytes, type ValueWriter, writeJsonDouble } from './encode-nested.ts'
import { type JsonOptions, parseJsonOptions } from './json-options.ts'
import { isVerbatim, KernelEncode } from './kernel-encode.ts'
import { roomAt, writeBase64, writeDecimal64, writeMicros, writeString } from './write-values.ts'

type EncodeRow = (columns: readonly Column[], row: number, out: ByteSink) => void

/** Most bytes of any value that is not a string, bytes or nested: what fixed room is made for. */
const MAX_FIXED_BYTES = Math.max(MAX_NUMBER_BYTES + 2, MAX_TIMESTAMP_BYTES)

const inQuotes = (write: string, suffix = '') => `bytes[at] = 34; at = ${write}; ${suffix} bytes[at++] = 34`

/** Between date and time: `T` or a space. */
const separatorOf = (options: JsonOptions): number => (options.isoTimestamps ? 84 : 32)

/** Statements that write field k's value at `at`, which has room unless they make their own. */
function valueStatements(k: number, type: LogicalType, options: JsonOptions): string {
  const separator = separatorOf(options)
  const words = `column${k}.words[row * 2], column${k}.words[row * 2 + 1]`
  const value = `column${k}.values[row]`
  const range = `column${k}.bytes, column${k}.offsets[row], column${k}.offsets[row + 1], SPARE`
  const nested = `at = writers[${k}](out, at, ${value}); bytes = roomAt(out, at, SPARE)`
  switch (type.kind) {
    case 'BOOLEAN':
      return `if (${value} === 1) { bytes[at] = 116; bytes[at + 1] = 114; bytes[at + 2] = 117; bytes[at + 3] = 101; at += 4 }
      else { bytes[at] = 102; bytes[at + 1] = 97; bytes[at + 2] = 108; bytes[at + 3] = 115; bytes[at + 4] = 101; at += 5 }`
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return `at = writeInt32(bytes, at, ${value})`
    case 'INTERVAL_DAY_TIME':
      return `at = writeSafeInteger(bytes, at, ${value})`
    case 'BIGINT':
      return `at = writeInt64(bytes, at, ${words})`
    case 'FLOAT':
    case 'DOUBLE':
      return `at = writeJsonDouble(bytes, at, ${value}, ${type.kind === 'FLOAT'})`
    case 'CHAR':
    case 'VARCHAR':
      return `at = writeString(out, at, ${range}); bytes = out.bytes`
    case 'BINARY':
    case 'VARBINARY':
      return `at = writeBase64(out, at, ${range}); bytes = out.bytes`
    case 'DATE':
      return inQuotes(`writeDate(bytes, at + 1, ${value})`)
    case 'TIME':
      return inQuotes(`writeTimeOfDay(bytes, at + 1, ${value}, 0)`)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const suffix = type.kind === 'TIMESTAMP_LTZ' ? 'bytes[at++] = 90;' : ''
      if (type.precision <= 3) return inQuotes(`writeTime${k}(bytes, at + 1, ${value})`, suffix)
      if (type.precision <= 6) return inQuotes(`writeMicros(bytes, at + 1, ${words}, ${separator})`, suffix)
      return inQuotes(`writeTimestamp(bytes, at + 1, ${value}, column${k}.nanos[row], ${separator})`, suffix)
    }
    case 'DECIMAL':
      return type.precision <= 18
        ? `at = writeDecimal64(bytes, at, ${words}, ${type.scale}, ${options.plainDecimals})`
        : nested
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
      return nested
    case 'NULL':
      return 'at = writeNull(bytes, at)'
  }
}

function fieldStatements(k: number, position: number, type: LogicalType, options: JsonOptions): string {
  const write = `${k === 0 ? '' : 'if (at !== begin) bytes[at++] = 44'}
    for (let i = 0; i < key${k}.length; i++) bytes[at++] = key${k}[i]`
  const isNull = `column${k}.nulls !== null && column${k}.nulls[row] === 1`
  return `const column${k} = columns[${position}]
  ${
    options.ignoreNullFields
      ? `if (!(${isNull})) {
    ${write}
    ${valueStatements(k, type, options)}
  }`
      : `${write}
  if (${isNull}) at = writeNull(bytes, at)
  else {
    ${valueStatements(k, type, options)}
  }`
  }`
}

const writeNull = (bytes: Uint8Array, at: number): number => {
  bytes[at] = 110
  bytes[at + 1] = 117
  bytes[at + 2] = 108
  bytes[at + 3] = 108
  return at + 4
}

function encoderSource(
  types: readonly LogicalType[],
  positions: readonly number[],
  options: JsonOptions,
): string {
  return `'use strict'
return function encodeRow(columns, row, out) {
  let at = out.length
  let bytes = roomAt(out, at, SPARE)
  bytes[at++] = 123
  const begin = at
  ${types.map((type, k) => fieldStatements(k, positions[k]!, type, options)).join('\n  ')}
  bytes[at++] = 125
  out.length = at
}`
}

/** The text of a function that appends the value of field k, which is not NULL, and nothing else. */
function valueSource(k: number, position: number, type: LogicalType, options: JsonOptions): string {
  return `'use strict'
return function encodeValue(columns, row, out) {
  const column${k} = columns[${position}]
  let at = out.length
  let bytes = roomAt(out, at, SPARE)
  ${valueStatements(k, type, options)}
  out.length = at
}`
}

export class JsonEncoder implements Encoder {
  readonly #encodeRow: EncodeRow
  readonly #kernel: KernelEncode | null

  constructor(fields: readonly FormatField[], columns: readonly number[], context: FormatContext) {
    const options = parseJsonOptions(context)
    for (const { name, type } of fields) checkJsonType(type, name)
    const keys = fields.map(field => keyBytes(field.name))
    const writers: (ValueWriter | undefined)[] = fields.map(({ type }) =>
      storageOf(type) === 'object' ? createValueWriter(type, options) : undefined,
    )
    const parts: Record<string, unknown> = {
      SPARE: keys.reduce((sum, key) => sum + key.length + MAX_FIXED_BYTES + 4, 4),
      writers,
      roomAt,
      writeBase64,
      writeDate,
      writeDecimal64,
      writeInt32,
      writeInt64,
      writeJsonDouble,
      writeMicros,
      writeNull,
      writeSafeInteger,
      writeString,
      writeTimeOfDay,
      writeTimestamp,
    }
    keys.forEach((key, k) => {
      parts[`key${k}`] = key
      parts[`writeTime${k}`] = createTimestampWriter(separatorOf(options))
    })
    const source = encoderSource(
      fields.map(field => field.type),
      columns,
      options,
    )
    const compile = (text: string) =>
      new Function(...Object.keys(parts), text)(...Object.values(parts)) as EncodeRow
    this.#encodeRow = compile(source)
    const encoded = fields.map(({ type }, k) => ({ key: keys[k]!, type, position: columns[k]! }))
    this.#kernel = KernelEncode.create(
      kernelsOrNull(),
      encoded,
      encoded.map(({ type, position }, k) =>
        isVerbatim(type) ? compile(valueSource(k, position, type, options)) : undefined,
      ),
      { ignoreNullFields: options.ignoreNullFields, separator: separatorOf(options) },
    )
  }

  encodeRows(batch: Batch): EncodedRows | null {
    return this.#kernel?.encode(batch) ?? null
  }

  close(): void {
    this.#kernel?.release()
  }

  encode(batch: Batch, row: number, out: ByteSink): void {
    this.#encodeRow(batch.columns, row, out)
  }
}
