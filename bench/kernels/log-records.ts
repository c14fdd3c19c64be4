/** Records of the access log for kernels, in any memory, and the contenders that go over them. */
import { RecordDecoder } from '../../src/connectors/kafka/records/record-decoder.ts'
import { RecordRun } from '../../src/connectors/kafka/records/record-run.ts'
import type { PayloadRun } from '../../src/formats/format.ts'
import { JsonDecoder } from '../../src/formats/json/decoder.ts'
import {
  bigintType,
  type Column,
  type ColumnMemory,
  createColumns,
  integerType,
  type LogicalType,
  stringType,
  timestampType,
} from '../../src/types/index.ts'
import { accessLog } from '../access-log.ts'
import { type Contender, scaled } from '../harness.ts'

export const RECORDS = 4096

export interface Field {
  readonly name: string
  readonly type: LogicalType
}

export const logFields: readonly Field[] = [
  { name: 'event_time', type: timestampType(3) },
  { name: 'ip', type: stringType() },
  { name: 'method', type: stringType() },
  { name: 'path', type: stringType() },
  { name: 'status', type: integerType() },
  { name: 'bytes', type: bigintType() },
  { name: 'user_agent', type: stringType() },
]

/** Passes over the same records in one measured run. */
export const passesAt = (scale: number): number => scaled(100, scale)

export const repeated =
  (numPasses: number) =>
  (name: string, once: () => void): Contender => ({
    name,
    run() {
      for (let i = 0; i < numPasses; i++) once()
      return numPasses * RECORDS
    },
  })

/** The batches one behind the other, in this memory. */
export function placed(batches: readonly Uint8Array[], memory: ColumnMemory): Uint8Array {
  const total = batches.reduce((sum, batch) => sum + batch.length, 0)
  const { buffer, byteOffset } = memory.allocate(total)
  const bytes = new Uint8Array(buffer, byteOffset, total)
  let at = 0
  for (const batch of batches) {
    bytes.set(batch, at)
    at += batch.length
  }
  return bytes
}

/** Texts, or bytes that are none, as payloads of a run. */
export function payloadsOf(texts: readonly (string | Uint8Array)[], memory: ColumnMemory): PayloadRun {
  const encoded = texts.map(text => (typeof text === 'string' ? Buffer.from(text) : text))
  const starts = new Int32Array(texts.length)
  const ends = new Int32Array(texts.length)
  let at = 0
  encoded.forEach(({ length }, i) => {
    starts[i] = at
    at += length
    ends[i] = at
  })
  return { bytes: placed(encoded, memory), starts, ends, length: texts.length }
}

export const textsOf = ({ bytes, starts, ends }: PayloadRun): readonly string[] =>
  Array.from({ length: RECORDS }, (_, i) => Buffer.from(bytes.subarray(starts[i], ends[i])).toString())

export interface Log {
  readonly bytes: Uint8Array
  readonly run: RecordRun
  readonly payloads: PayloadRun
}

export function logIn(memory: ColumnMemory): Log {
  const bytes = placed(accessLog(RECORDS).batches, memory)
  const run = new RecordRun(RECORDS, memory)
  decodeRecords(bytes, run)
  return { bytes, run, payloads: run.values }
}

export function decodeRecords(bytes: Uint8Array, run: RecordRun): void {
  const decoder = new RecordDecoder('t', 0, false)
  run.length = 0
  run.bytes = bytes
  for (let at = 0; decoder.openHeader(bytes, at, bytes.length); at = decoder.header.end) {
    decoder.openRecords(bytes)
    decoder.decode(run, 0, Number.POSITIVE_INFINITY)
  }
  if (run.length !== RECORDS) throw new Error(`decoded ${run.length} records`)
}

/**
 * Decodes all payloads to the wanted fields, into columns of this memory: the kernel runs where both are in the arena.
 * So many of them are malformed, and skipped.
 */
export function scan(
  payloads: PayloadRun,
  fields: readonly Field[],
  wanted: readonly number[],
  memory: ColumnMemory,
  numMalformed = 0,
): () => readonly Column[] {
  const options = numMalformed > 0 ? { 'ignore-parse-errors': 'true' } : {}
  const decoder = new JsonDecoder({ fields, wanted }, { options, timeZone: 'UTC' })
  const columns = createColumns(
    wanted.map(i => fields[i]!.type),
    RECORDS,
    memory,
  )
  const records = new Int32Array(RECORDS)
  return () => {
    for (const column of columns) column.reset()
    const numRows = decoder.decode(payloads, 0, RECORDS, columns, records, 0)
    if (numRows !== RECORDS - numMalformed) throw new Error(`${numRows} rows of ${RECORDS} records`)
    return columns
  }
}

export function payloadBytes({ starts, ends }: PayloadRun): number {
  let sum = 0
  for (let i = 0; i < RECORDS; i++) sum += ends[i]! - starts[i]!
  return sum
}
