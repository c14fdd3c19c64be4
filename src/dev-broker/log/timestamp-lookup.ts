/**
 * Finds a record by time inside a batch. Uncompressed, gzip and zstd batches are walked record by record; for snappy and lz4 (no codec in
 * Node) the batch's first offset is answered, which is never too late.
 */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { type Batch, batchHeaderSize } from './record-batch.ts'

export interface RecordTime {
  readonly offset: number
  readonly timestamp: number
}

interface Cursor {
  readonly bytes: Buffer
  position: number
}

function varint(cursor: Cursor): number {
  let value = 0
  let scale = 1
  for (;;) {
    const byte = cursor.bytes[cursor.position++]
    if (byte === undefined) throw new RangeError('record runs past its batch')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    scale *= 128
  }
}

function recordBytes(batch: Batch): Buffer | undefined {
  const records = batch.bytes.subarray(batchHeaderSize)
  switch (batch.header.compression) {
    case 0:
      return records
    case 1:
      return gunzipSync(records)
    case 4:
      return zstdDecompressSync(records)
    default:
      return undefined
  }
}

/** The first record of the batch at or after `timestamp`. */
export function firstRecordAtOrAfter(batch: Batch, timestamp: number): RecordTime | undefined {
  const { header } = batch
  if (header.isLogAppendTime) {
    return header.maxTimestamp >= timestamp
      ? { offset: header.baseOffset, timestamp: header.maxTimestamp }
      : undefined
  }
  const bytes = recordBytes(batch)
  if (bytes === undefined) return { offset: header.baseOffset, timestamp: header.baseTimestamp }
  const cursor: Cursor = { bytes, position: 0 }
  for (let i = 0; i < header.recordCount; i++) {
    const size = varint(cursor)
    const next = cursor.position + size
    cursor.position++
    const recordTimestamp = header.baseTimestamp + varint(cursor)
    const offset = header.baseOffset + varint(cursor)
    if (recordTimestamp >= timestamp) return { offset, timestamp: recordTimestamp }
    cursor.position = next
  }
  return undefined
}
