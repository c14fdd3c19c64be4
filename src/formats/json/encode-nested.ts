/** Writers of single values outside columns: elements of arrays, maps and rows, and wide decimals. */
import { type MillraceError, runtimeFailure } from '../../errors/index.ts'
import {
  encodeUtf8,
  type LogicalType,
  MAX_NUMBER_BYTES,
  MAX_TIMESTAMP_BYTES,
  type PlainValue,
  writeAscii,
  writeDate,
  writeDouble,
  writeInt32,
  writeTimeOfDay,
  writeTimestamp,
} from '../../types/index.ts'
import type { ByteSink } from '../format.ts'
import type { JsonOptions } from './json-options.ts'
import { decimalText, roomAt, writeBase64, writeString } from './write-values.ts'

/** Writes a value at `at`, making its own room; returns the position after it. */
export type ValueWriter = (out: ByteSink, at: number, value: PlainValue) => number

const NULL_TEXT = encodeUtf8('null')

const writeRaw = (out: ByteSink, at: number, source: Uint8Array): number => {
  roomAt(out, at, source.length).set(source, at)
  return at + source.length
}

const ascii =
  (toText: (value: PlainValue) => string): ValueWriter =>
  (out, at, value) => {
    const text = toText(value)
    return writeAscii(roomAt(out, at, text.length), at, text)
  }

/** Anything that goes between quotes and needs no escapes. */
const quoted =
  (write: (bytes: Uint8Array, at: number, value: PlainValue) => number): ValueWriter =>
  (out, at, value) => {
    const bytes = roomAt(out, at, MAX_TIMESTAMP_BYTES)
    bytes[at] = 34
    const end = write(bytes, at + 1, value)
    bytes[end] = 34
    return end + 1
  }

function timestampWriter(precision: number, zoned: boolean, separator: number): ValueWriter {
  return quoted((bytes, at, value) => {
    let ms = value as number
    let nanos = 0
    if (precision > 6) [ms, nanos] = value as readonly [number, number]
    else if (precision > 3) {
      const below = (((value as bigint) % 1000n) + 1000n) % 1000n
      ms = Number(((value as bigint) - below) / 1000n)
      nanos = Number(below) * 1000
    }
    at = writeTimestamp(bytes, at, ms, nanos, separator)
    if (zoned) bytes[at++] = 90
    return at
  })
}

function doubleWriter(isFloat: boolean): ValueWriter {
  return (out, at, value) => {
    const bytes = roomAt(out, at, MAX_NUMBER_BYTES + 2)
    return writeJsonDouble(bytes, at, value as number, isFloat)
  }
}

/** A double; NaN and infinities as strings, as Jackson writes them. Room is the caller's. */
export function writeJsonDouble(bytes: Uint8Array, at: number, value: number, isFloat: boolean): number {
  if (Number.isFinite(value)) return writeDouble(bytes, at, value, isFloat)
  bytes[at] = 34
  at = writeDouble(bytes, at + 1, value, isFloat)
  bytes[at] = 34
  return at + 1
}

const writeText: ValueWriter = (out, at, value) => {
  const bytes = encodeUtf8(value as string)
  return writeString(out, at, bytes, 0, bytes.length, 0)
}

function arrayWriter(element: ValueWriter): ValueWriter {
  return (out, at, value) => {
    roomAt(out, at, 1)[at++] = 91
    let isFirst = true
    for (const item of value as readonly PlainValue[]) {
      if (!isFirst) roomAt(out, at, 1)[at++] = 44
      isFirst = false
      at = element(out, at, item)
    }
    roomAt(out, at, 1)[at++] = 93
    return at
  }
}

function mapWriter(write: ValueWriter, options: JsonOptions): ValueWriter {
  return (out, at, value) => {
    roomAt(out, at, 1)[at++] = 123
    let isFirst = true
    for (const [key, item] of value as ReadonlyMap<PlainValue, PlainValue>) {
      if (key === null && options.mapNullKeyMode === 'DROP') continue
      if (key === null && options.mapNullKeyMode === 'FAIL') throw nullKeyError()
      if (!isFirst) roomAt(out, at, 1)[at++] = 44
      isFirst = false
      at = writeText(out, at, key ?? options.mapNullKeyLiteral)
      roomAt(out, at, 1)[at++] = 58
      at = write(out, at, item)
    }
    roomAt(out, at, 1)[at++] = 125
    return at
  }
}

const nullKeyError = (): MillraceError =>
  runtimeFailure('MR_FORMAT_MAP_NULL_KEY', 'a MAP with a NULL key cannot be written as JSON', {
    hint: "Set 'json.map-null-key.mode' to DROP or LITERAL.",
  })

/** `"name":` as bytes. */
export function keyBytes(name: string): Uint8Array {
  return encodeUtf8(`${JSON.stringify(name)}:`)
}

function rowWriter(
  fields: readonly { readonly key: Uint8Array; readonly write: ValueWriter }[],
  ignoreNull: boolean,
): ValueWriter {
  return (out, at, value) => {
    roomAt(out, at, 1)[at++] = 123
    let isFirst = true
    const items = value as readonly PlainValue[]
    for (let i = 0; i < fields.length; i++) {
      const item = items[i] ?? null
      if (item === null && ignoreNull) continue
      if (!isFirst) roomAt(out, at, 1)[at++] = 44
      isFirst = false
      at = writeRaw(out, at, fields[i]!.key)
      at = fields[i]!.write(out, at, item)
    }
    roomAt(out, at, 1)[at++] = 125
    return at
  }
}

function notNullWriter(type: LogicalType, options: JsonOptions): ValueWriter {
  const separator = options.isoTimestamps ? 84 : 32
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return ascii(String)
    case 'FLOAT':
    case 'DOUBLE':
      return doubleWriter(type.kind === 'FLOAT')
    case 'DECIMAL':
      return ascii(value => decimalText(value as bigint, type.scale, options.plainDecimals))
    case 'CHAR':
    case 'VARCHAR':
      return writeText
    case 'BINARY':
    case 'VARBINARY':
      return (out, at, value) => writeBase64(out, at, value as Uint8Array, 0, (value as Uint8Array).length, 0)
    case 'DATE':
      return quoted((bytes, at, value) => writeDate(bytes, at, value as number))
    case 'TIME':
      return quoted((bytes, at, value) => writeTimeOfDay(bytes, at, value as number, 0))
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampWriter(type.precision, type.kind === 'TIMESTAMP_LTZ', separator)
    case 'ARRAY':
      return arrayWriter(createValueWriter(type.element, options))
    case 'MAP':
      return mapWriter(createValueWriter(type.value, options), options)
    case 'MULTISET':
      return mapWriter(
        (out, at, value) => writeInt32(roomAt(out, at, MAX_NUMBER_BYTES), at, Number(value)),
        options,
      )
    case 'ROW':
      return rowWriter(
        type.fields.map(field => ({
          key: keyBytes(field.name),
          write: createValueWriter(field.type, options),
        })),
        options.ignoreNullFields,
      )
    case 'NULL':
      return (out, at) => writeRaw(out, at, NULL_TEXT)
  }
}

export function createValueWriter(type: LogicalType, options: JsonOptions): ValueWriter {
  const write = notNullWriter(type, options)
  return (out, at, value) => (value === null ? writeRaw(out, at, NULL_TEXT) : write(out, at, value))
}
