/** Fills metadata columns (`topic`, `offset`, `timestamp` …) from the records of a run. */
import { assertNever, type MillraceError, runtimeFailure } from '../../../errors/index.ts'
import type { Column } from '../../../types/index.ts'
import { type BatchHeader, LOG_APPEND_TIME } from '../records/batch-header.ts'
import { readRecordHeaders } from '../records/record-headers.ts'
import type { RecordRun } from '../records/record-run.ts'

export const readableKeys = [
  'topic',
  'partition',
  'headers',
  'header-list',
  'leader-epoch',
  'offset',
  'timestamp',
  'timestamp-type',
] as const
export type ReadableKey = (typeof readableKeys)[number]

/** Keys whose value belongs to a batch, so that a run must not span batches. */
export const isPerBatch = (key: ReadableKey): boolean => key === 'leader-epoch' || key === 'timestamp-type'

export interface MetadataTarget {
  readonly key: ReadableKey
  readonly column: Column
}

export interface RunOrigin {
  /** UTF-8 of the topic's name. */
  readonly topic: Uint8Array
  readonly partition: number
  readonly header: BatchHeader
}

/** Writes rows `[from, to)`; `records[row]` is the record's index in the run. */
export function fillMetadata(
  { key, column }: MetadataTarget,
  run: RecordRun,
  records: Int32Array,
  from: number,
  to: number,
  origin: RunOrigin,
): void {
  switch (key) {
    case 'topic':
      fillText(column, from, to, origin.topic)
      return
    case 'partition':
      for (let row = from; row < to; row++) setNumber(column, row, origin.partition)
      return
    case 'offset':
      for (let row = from; row < to; row++) setNumber(column, row, run.offsets[records[row]!]!)
      return
    case 'timestamp':
      for (let row = from; row < to; row++) setTimestamp(column, row, run.timestamps[records[row]!]!)
      return
    case 'leader-epoch':
      for (let row = from; row < to; row++) {
        if (origin.header.leaderEpoch < 0) column.setNull(row)
        else setNumber(column, row, origin.header.leaderEpoch)
      }
      return
    case 'timestamp-type': {
      const isAppend = (origin.header.attributes & LOG_APPEND_TIME) !== 0
      fillText(column, from, to, Buffer.from(isAppend ? 'LogAppendTime' : 'CreateTime'))
      return
    }
    case 'headers':
    case 'header-list':
      fillHeaders(key, column, run, records, from, to, origin)
      return
    default:
      assertNever(key, 'metadata key')
  }
}

function fillText(column: Column, from: number, to: number, text: Uint8Array): void {
  if (column.storage === 'bytes')
    for (let row = from; row < to; row++) column.append(row, text, 0, text.length)
}

/** An exact integer into whatever integer storage the table declared. */
function setNumber(column: Column, row: number, value: number): void {
  if (column.storage === 'i64') column.setNumber(row, value)
  else if (column.storage === 'i32' || column.storage === 'f64') column.values[row] = value
}

/** Epoch ms into a timestamp of any precision, or a BIGINT of milliseconds is the planner's cast. */
function setTimestamp(column: Column, row: number, ms: number): void {
  if (column.storage === 'f64') column.values[row] = ms
  else if (column.storage === 'msnanos') {
    column.values[row] = ms
    column.nanos[row] = 0
  } else if (column.storage === 'i64') column.values[row] = BigInt(ms) * 1000n
}

const brokenHeaders = ({ topic, partition }: RunOrigin, offset: number): MillraceError =>
  runtimeFailure(
    'MR_KAFKA_CORRUPT_HEADERS',
    `The headers of the record at offset ${offset} in topic '${Buffer.from(topic)}' partition ${partition} are broken.`,
    { hint: 'Leave the metadata column of the headers out of the table to read the record without them.' },
  )

function fillHeaders(
  key: 'headers' | 'header-list',
  column: Column,
  run: RecordRun,
  records: Int32Array,
  from: number,
  to: number,
  origin: RunOrigin,
): void {
  if (column.storage !== 'object') return
  for (let row = from; row < to; row++) {
    const record = records[row]!
    const headers = readRecordHeaders(run.bytes, run.headerStarts[record]!, run.headerEnds[record]!)
    if (headers === undefined) throw brokenHeaders(origin, run.offsets[record]!)
    column.values[row] =
      key === 'headers'
        ? new Map(headers.map(header => [header.key, header.value]))
        : headers.map(header => [header.key, header.value])
  }
}
