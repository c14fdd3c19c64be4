/**
 * A single value outside columns: elements of arrays, maps and rows in `object` columns, constants, and what naive
 * function bodies compute with. It is the value as its column's storage holds it:
 *
 * | type                                    | plain value                                  |
 * | --------------------------------------- | -------------------------------------------- |
 * | BOOLEAN                                 | boolean                                      |
 * | TINYINT…INTEGER, DATE, TIME, INTERVAL   | number (epoch day, ms of day, months, ms)    |
 * | FLOAT, DOUBLE                           | number                                       |
 * | BIGINT, DECIMAL (unscaled)              | bigint                                       |
 * | CHAR, VARCHAR                           | string                                       |
 * | BINARY, VARBINARY                       | Uint8Array                                   |
 * | TIMESTAMP, TIMESTAMP_LTZ                | p ≤ 3: number of ms; 4–6: bigint of µs; 7–9: [ms, nanoseconds of that ms] |
 * | ARRAY, ROW                              | array of plain values                        |
 * | MAP                                     | Map; MULTISET: Map value → count             |
 */

import type { Column } from './column.ts'
import type { LogicalType } from './logical-type.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainValue[]
  | ReadonlyMap<PlainValue, PlainValue>

/** Row `row` of a column of this type. Bytes are copied. */
export function readPlain(column: Column, row: number, type: LogicalType): PlainValue {
  if (column.isNull(row)) return null
  switch (column.storage) {
    case 'i32':
      return type.kind === 'BOOLEAN' ? column.values[row] !== 0 : column.values[row]!
    case 'f64':
    case 'i64':
      return column.values[row]!
    case 'msnanos':
      return [column.values[row]!, column.nanos[row]!]
    case 'bytes': {
      const start = column.offsets[row]!
      const end = column.offsets[row + 1]!
      return type.kind === 'BINARY' || type.kind === 'VARBINARY'
        ? column.bytes.slice(start, end)
        : decodeUtf8(column.bytes, start, end)
    }
    case 'object':
      return column.values[row] as PlainValue
  }
}

/** Writes row `row`; rows of `bytes` columns are written in order. Capacity is the caller's. */
export function writePlain(column: Column, row: number, value: PlainValue): void {
  if (value === null) {
    if (column.storage === 'bytes') column.appendNull(row)
    else column.setNull(row)
    return
  }
  switch (column.storage) {
    case 'i32':
      column.values[row] = Number(value)
      return
    case 'f64':
      column.values[row] = value as number
      return
    case 'i64':
      column.values[row] = value as bigint
      return
    case 'msnanos': {
      const [ms, nanos] = value as readonly [number, number]
      column.values[row] = ms
      column.nanos[row] = nanos
      return
    }
    case 'bytes': {
      const bytes = typeof value === 'string' ? encodeUtf8(value) : (value as Uint8Array)
      column.append(row, bytes, 0, bytes.length)
      return
    }
    case 'object':
      column.values[row] = value
  }
}
