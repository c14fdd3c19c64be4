/**
 * How each SQL type lies in a column (design.md §2). The kernel compiler, formats, state and exchanges all
 * switch over `Storage`, never over SQL types, when they move values.
 *
 * | storage    | holds                                                              | arrays                        |
 * | ---------- | ------------------------------------------------------------------ | ----------------------------- |
 * | `i32`      | BOOLEAN (0/1), TINYINT…INTEGER, DATE (epoch day), TIME (ms of day), INTERVAL YEAR TO MONTH (months) | Int32Array |
 * | `f64`      | FLOAT (rounded by Math.fround), DOUBLE; epoch ms of TIMESTAMP(p ≤ 3) and TIMESTAMP_LTZ(p ≤ 3); INTERVAL DAY TO SECOND (ms) | Float64Array |
 * | `i64`      | BIGINT, DECIMAL(p ≤ 18) unscaled, TIMESTAMP(4–6) and LTZ(4–6) epoch µs | BigInt64Array and an Int32Array view (lo, hi) of the same bytes |
 * | `msnanos`  | TIMESTAMP(7–9) and LTZ(7–9): epoch ms + nanoseconds of that ms (0–999,999) | Float64Array + Int32Array |
 * | `bytes`    | CHAR, VARCHAR (UTF-8), BINARY, VARBINARY                            | Uint8Array + Int32Array offsets |
 * | `object`   | DECIMAL(p > 18) as unscaled bigint, ARRAY (readonly array), MAP (Map), MULTISET (Map value → count), ROW (readonly array) | Array |
 */
import type { LogicalType } from './logical-type.ts'

export type Storage = 'i32' | 'f64' | 'i64' | 'msnanos' | 'bytes' | 'object'

export function storageOf(type: LogicalType): Storage {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
    case 'NULL':
      return 'i32'
    case 'FLOAT':
    case 'DOUBLE':
    case 'INTERVAL_DAY_TIME':
      return 'f64'
    case 'BIGINT':
      return 'i64'
    case 'DECIMAL':
      return type.precision <= 18 ? 'i64' : 'object'
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return type.precision <= 3 ? 'f64' : type.precision <= 6 ? 'i64' : 'msnanos'
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return 'bytes'
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
      return 'object'
  }
}
