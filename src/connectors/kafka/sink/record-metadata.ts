/** Reads the writable metadata columns of a row. */
import { runtimeFailure } from '../../../errors/index.ts'
import type { Column } from '../../../types/index.ts'
import { encodeRecordHeaders, type RecordHeader } from '../records/record-headers.ts'

/** Epoch ms of a TIMESTAMP(_LTZ) column, or `fallback` for NULL. */
export function timestampOf(column: Column, row: number, fallback: number): number {
  if (column.isNull(row)) return fallback
  switch (column.storage) {
    case 'f64':
    case 'msnanos':
      return column.values[row]!
    case 'i64':
      return Math.floor(Number(column.values[row]!) / 1000)
    default:
      return fallback
  }
}

const asBytes = (value: unknown): Uint8Array | null =>
  value === null || value === undefined
    ? null
    : typeof value === 'string'
      ? Buffer.from(value)
      : (value as Uint8Array)

/** The header section from MAP<STRING, BYTES>, or undefined for NULL. */
export function headersOf(column: Column, row: number): Uint8Array | undefined {
  if (column.storage !== 'object' || column.isNull(row)) return undefined
  const headers: RecordHeader[] = []
  for (const [key, value] of column.values[row] as ReadonlyMap<string, unknown>)
    headers.push({ key: String(key), value: asBytes(value) })
  return encodeRecordHeaders(headers)
}

/** The header section from ARRAY<ROW<key STRING, value BYTES>>, or undefined for NULL. */
export function headerListOf(column: Column, row: number): Uint8Array | undefined {
  if (column.storage !== 'object' || column.isNull(row)) return undefined
  const headers: RecordHeader[] = []
  for (const item of column.values[row] as readonly (readonly unknown[] | null)[]) {
    if (item === null || item[0] === null) {
      throw runtimeFailure('MR_KAFKA_BAD_HEADER', 'A row of header-list has a NULL key.')
    }
    headers.push({ key: String(item[0]), value: asBytes(item[1]) })
  }
  return encodeRecordHeaders(headers)
}
