/** Record batches of magic 2, as a fetch response carries them. Checks the CRC; understands no compression. */
import { Reader } from './wire.ts'

export interface RecordBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly producerId: number
  readonly isTransactional: boolean
  /** What a control batch says; null for data. */
  readonly marker: 'commit' | 'abort' | null
  readonly numRecords: number
  readonly records: Buffer
}

export interface KafkaRecord {
  readonly offset: number
  readonly value: string | null
}

const HEADER_BYTES = 61
const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc >>> 0
})

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = castagnoli[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** Every whole batch of the bytes; a last one that was cut off by the fetch size is left out. */
export function* recordBatches(bytes: Buffer): Generator<RecordBatch> {
  for (let start = 0; start + 12 <= bytes.length; ) {
    const end = start + 12 + bytes.readInt32BE(start + 8)
    if (end > bytes.length) return
    yield readBatch(bytes.subarray(start, end))
    start = end
  }
}

function readBatch(batch: Buffer): RecordBatch {
  const baseOffset = Number(batch.readBigInt64BE(0))
  if (batch[16] !== 2) throw new Error(`batch at offset ${baseOffset} has magic ${batch[16]}, not 2`)
  if (crc32c(batch.subarray(21)) !== batch.readUInt32BE(17))
    throw new Error(`batch at offset ${baseOffset} is damaged: its CRC does not match`)
  const attributes = batch.readInt16BE(21)
  if ((attributes & 7) !== 0) throw new Error(`batch at offset ${baseOffset} is compressed`)
  const records = batch.subarray(HEADER_BYTES)
  return {
    baseOffset,
    lastOffset: baseOffset + batch.readInt32BE(23),
    producerId: Number(batch.readBigInt64BE(43)),
    isTransactional: (attributes & 16) !== 0,
    marker: (attributes & 32) !== 0 ? readMarker(records) : null,
    numRecords: batch.readInt32BE(57),
    records,
  }
}

/** length, attributes, timestamp delta, offset delta, then a key of version and type (0 abort, 1 commit). */
function readMarker(records: Buffer): 'commit' | 'abort' {
  const reader = new Reader(records)
  reader.varint()
  reader.int8()
  for (let i = 0; i < 3; i++) reader.varint()
  reader.int16()
  return reader.int16() === 1 ? 'commit' : 'abort'
}

export function* recordsOf(batch: RecordBatch): Generator<KafkaRecord> {
  const reader = new Reader(batch.records)
  for (let i = 0; i < batch.numRecords; i++) {
    const length = reader.varint()
    const end = reader.position + length
    reader.int8()
    reader.varint()
    const offset = batch.baseOffset + reader.varint()
    const keyLength = reader.varint()
    reader.position += Math.max(0, keyLength)
    const valueLength = reader.varint()
    const value =
      valueLength < 0 ? null : reader.buffer.toString('utf8', reader.position, reader.position + valueLength)
    reader.position = end
    yield { offset, value }
  }
}
