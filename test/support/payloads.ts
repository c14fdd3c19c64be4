/** Runs of payloads for decoder tests, with junk around each record so that reading past an end shows. */
import type { Decoder, FormatField, PayloadRun } from '../../src/formats/format.ts'
import {
  type ColumnMemory,
  createColumns,
  heapMemory,
  type PlainValue,
  readPlain,
} from '../../src/types/index.ts'

const encoder = new TextEncoder()

/** `null` = null payload. */
export function payloadRun(payloads: readonly (string | Uint8Array | null)[], junk = '"}]9'): PayloadRun {
  const parts = payloads.map(payload => (typeof payload === 'string' ? encoder.encode(payload) : payload))
  const gap = encoder.encode(junk)
  const total = parts.reduce((sum, part) => sum + (part?.length ?? 0) + gap.length, gap.length)
  const bytes = new Uint8Array(total)
  const starts = new Int32Array(parts.length)
  const ends = new Int32Array(parts.length)
  bytes.set(gap)
  let at = gap.length
  parts.forEach((part, i) => {
    starts[i] = part === null ? -1 : at
    if (part !== null) bytes.set(part, at)
    at += part?.length ?? 0
    ends[i] = at
    bytes.set(gap, at)
    at += gap.length
  })
  return { bytes, starts, ends, length: parts.length }
}

export interface DecodedRow {
  readonly record: number
  readonly values: readonly PlainValue[]
}

/** Decodes all payloads; `wanted` are the fields in the order of the values. Arena columns make a kernel run. */
export function decodeAll(
  decoder: Decoder,
  wanted: readonly FormatField[],
  payloads: readonly (string | Uint8Array | null)[],
  memory: ColumnMemory = heapMemory,
): DecodedRow[] {
  const run = payloadRun(payloads)
  const columns = createColumns(
    wanted.map(field => field.type),
    payloads.length,
    memory,
  )
  const records = new Int32Array(payloads.length)
  const numRows = decoder.decode(run, 0, payloads.length, columns, records, 0)
  const rows = Array.from({ length: numRows }, (_, row) => ({
    record: records[row]!,
    values: columns.map((column, k) => readPlain(column, row, wanted[k]!.type)),
  }))
  for (const column of columns) column.release()
  return rows
}
