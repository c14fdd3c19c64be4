/**
 * How SQL types lie in state files. All leaves are OPTIONAL, PLAIN and uncompressed.
 *
 * | SQL type                     | Parquet                                              |
 * | ---------------------------- | ---------------------------------------------------- |
 * | BOOLEAN                      | BOOLEAN                                              |
 * | TINYINT, SMALLINT, INTEGER   | INT32 (INT_8, INT_16, INT_32)                        |
 * | DATE, TIME                   | INT32 (DATE, TIME_MILLIS)                            |
 * | INTERVAL YEAR TO MONTH, NULL | INT32                                                |
 * | BIGINT                       | INT64                                                |
 * | DECIMAL(p ≤ 18)              | INT64 (DECIMAL)                                      |
 * | DECIMAL(p > 18)              | BYTE_ARRAY (DECIMAL, big-endian two's complement)    |
 * | TIMESTAMP(p ≤ 3), (4–6)      | INT64 (TIMESTAMP_MILLIS, TIMESTAMP_MICROS)           |
 * | TIMESTAMP(7–9)               | INT64 (TIMESTAMP_MILLIS) and `<name>__nanos` INT32   |
 * | FLOAT, DOUBLE, INTERVAL DAY  | DOUBLE                                               |
 * | CHAR, VARCHAR                | BYTE_ARRAY (UTF8)                                    |
 * | BINARY, VARBINARY            | BYTE_ARRAY                                           |
 * | ARRAY, MAP, MULTISET, ROW    | BYTE_ARRAY (JSON, see object-codec.ts)               |
 */
import { type LogicalType, storageOf } from '../../types/index.ts'
import type { StateSchema } from '../state-io.ts'

/** How the values of a leaf are moved between column and page. */
export type LeafCodec =
  | 'boolean'
  | 'i32'
  | 'i64'
  | 'f64'
  | 'millis'
  | 'millis-of-pair'
  | 'nanos-of-pair'
  | 'bytes'
  | 'decimal'
  | 'json'

export const physicalType = {
  boolean: 0,
  i32: 1,
  i64: 2,
  f64: 5,
  millis: 2,
  'millis-of-pair': 2,
  'nanos-of-pair': 1,
  bytes: 6,
  decimal: 6,
  json: 6,
} as const satisfies Record<LeafCodec, number>

export const converted = {
  UTF8: 0,
  DECIMAL: 5,
  DATE: 6,
  TIME_MILLIS: 7,
  TIMESTAMP_MILLIS: 9,
  TIMESTAMP_MICROS: 10,
  INT_8: 15,
  INT_16: 16,
  INT_32: 17,
  JSON: 19,
} as const

export interface Leaf {
  readonly name: string
  /** Position in the state schema. */
  readonly column: number
  readonly codec: LeafCodec
  readonly converted: number | null
  readonly type: LogicalType
}

export const leavesOf = (schema: StateSchema): Leaf[] =>
  schema.columns.flatMap(({ name, type }, column) => columnLeaves(name, type, column))

function columnLeaves(name: string, type: LogicalType, column: number): Leaf[] {
  const leaf = (codec: LeafCodec, convertedType: number | null = null): Leaf[] => [
    { name, column, codec, converted: convertedType, type },
  ]
  switch (type.kind) {
    case 'BOOLEAN':
      return leaf('boolean')
    case 'TINYINT':
      return leaf('i32', converted.INT_8)
    case 'SMALLINT':
      return leaf('i32', converted.INT_16)
    case 'INTEGER':
      return leaf('i32', converted.INT_32)
    case 'DATE':
      return leaf('i32', converted.DATE)
    case 'TIME':
      return leaf('i32', converted.TIME_MILLIS)
    case 'INTERVAL_YEAR_MONTH':
    case 'NULL':
      return leaf('i32')
    case 'BIGINT':
      return leaf('i64')
    case 'DECIMAL':
      return leaf(storageOf(type) === 'i64' ? 'i64' : 'decimal', converted.DECIMAL)
    case 'FLOAT':
    case 'DOUBLE':
    case 'INTERVAL_DAY_TIME':
      return leaf('f64')
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampLeaves(name, type, column)
    case 'CHAR':
    case 'VARCHAR':
      return leaf('bytes', converted.UTF8)
    case 'BINARY':
    case 'VARBINARY':
      return leaf('bytes')
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
      return leaf('json', converted.JSON)
  }
}

function timestampLeaves(name: string, type: LogicalType, column: number): Leaf[] {
  const base = { name, column, type }
  switch (storageOf(type)) {
    case 'f64':
      return [{ ...base, codec: 'millis', converted: converted.TIMESTAMP_MILLIS }]
    case 'i64':
      return [{ ...base, codec: 'i64', converted: converted.TIMESTAMP_MICROS }]
    default:
      return [
        { ...base, codec: 'millis-of-pair', converted: converted.TIMESTAMP_MILLIS },
        { ...base, name: `${name}__nanos`, codec: 'nanos-of-pair', converted: null },
      ]
  }
}
