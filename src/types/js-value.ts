/**
 * SQL values as JavaScript sees them at the edges: library results, JavaScript functions, rows of `values` and
 * `async-iterable` tables, callback sinks.
 *
 * | type                            | given out                              | also taken                            |
 * | ------------------------------- | -------------------------------------- | ------------------------------------- |
 * | BOOLEAN, TINYINT…INTEGER, FLOAT, DOUBLE | boolean, number                | bigint                                |
 * | BIGINT                          | bigint                                 | integer number up to 2^53             |
 * | DECIMAL                         | string, `'12.50'`                      | number, bigint                        |
 * | CHAR, VARCHAR                   | string                                 |                                       |
 * | BINARY, VARBINARY               | Uint8Array                             |                                       |
 * | DATE, TIME                      | string, `'2024-02-29'`, `'12:34:56.789'` |                                     |
 * | TIMESTAMP                       | string, `'2024-02-29 12:34:56.789'`    | with `T`; Date (read as UTC); number, ms |
 * | TIMESTAMP_LTZ                   | p ≤ 3: Date; else string with `Z`      | Date, string with zone, number, epoch ms |
 * | INTERVAL                        | number (months; ms)                    |                                       |
 * | ARRAY                           | array                                  |                                       |
 * | MAP, MULTISET                   | Map                                    | plain object (string keys)            |
 * | ROW                             | object by field name                   | array in field order                  |
 *
 * NULL is null; undefined is taken as NULL.
 */
import type { Batch } from './batch.ts'
import type { Column } from './column.ts'
import { decimalToString } from './decimal.ts'
import { instantOf } from './instant.ts'
import type { LogicalType } from './logical-type.ts'
import { type PlainValue, readPlain } from './plain-value.ts'
import { MAX_TIMESTAMP_BYTES, writeDate, writeTimeOfDay, writeTimestamp } from './text/index.ts'

export type JsValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly JsValue[]
  | ReadonlyMap<JsValue, JsValue>
  | { readonly [field: string]: JsValue }

/** A row by column name. */
export type JsRow = { readonly [field: string]: JsValue }

const scratch = new Uint8Array(MAX_TIMESTAMP_BYTES)
const asciiOf = (end: number): string => Buffer.from(scratch.buffer, 0, end).toString('latin1')

export const dateText = (epochDay: number): string => asciiOf(writeDate(scratch, 0, epochDay))
export const timeText = (msOfDay: number): string => asciiOf(writeTimeOfDay(scratch, 0, msOfDay, 0))
/** Date and time, fraction without trailing zeros. */
export function timestampText(value: PlainValue, separator: ' ' | 'T'): string {
  const [ms, nanos] = instantOf(value)
  return asciiOf(writeTimestamp(scratch, 0, ms, nanos, separator.charCodeAt(0)))
}

/** A plain value of `type` as a JavaScript caller gets it. */
export function toJsValue(value: PlainValue, type: LogicalType): JsValue {
  if (value === null) return null
  switch (type.kind) {
    case 'DECIMAL':
      return decimalToString(value as bigint, type.scale)
    case 'DATE':
      return dateText(value as number)
    case 'TIME':
      return timeText(value as number)
    case 'TIMESTAMP':
      return timestampText(value, ' ')
    case 'TIMESTAMP_LTZ':
      return type.precision <= 3 ? new Date(value as number) : `${timestampText(value, 'T')}Z`
    case 'ARRAY':
      return (value as readonly PlainValue[]).map(item => toJsValue(item, type.element))
    case 'MULTISET':
      return new Map(
        [...(value as ReadonlyMap<PlainValue, PlainValue>)].map(([item, count]) => [
          toJsValue(item, type.element),
          count as number,
        ]),
      )
    case 'MAP':
      return new Map(
        [...(value as ReadonlyMap<PlainValue, PlainValue>)].map(([key, item]) => [
          toJsValue(key, type.key),
          toJsValue(item, type.value),
        ]),
      )
    case 'ROW':
      return Object.fromEntries(
        type.fields.map((field, i) => [
          field.name,
          toJsValue((value as readonly PlainValue[])[i] ?? null, field.type),
        ]),
      )
    default:
      return value as JsValue
  }
}

export const columnToJs = (column: Column, row: number, type: LogicalType): JsValue =>
  toJsValue(readPlain(column, row, type), type)

/** Row `row` of a batch by field name; owns its memory. */
export function rowToJs(
  batch: Batch,
  row: number,
  fields: readonly { readonly name: string; readonly type: LogicalType }[],
): JsRow {
  const values: Record<string, JsValue> = {}
  fields.forEach((field, c) => {
    values[field.name] = columnToJs(batch.columns[c]!, row, field.type)
  })
  return values
}
