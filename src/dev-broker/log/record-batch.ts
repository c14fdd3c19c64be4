/**
 * The header of a record batch (message format v2, KIP-98). Only headers are parsed; the records stay opaque bytes.
 *
 *   base_offset:i64 length:i32 partition_leader_epoch:i32 magic:i8 crc:i32 attributes:i16 last_offset_delta:i32
 *   base_timestamp:i64 max_timestamp:i64 producer_id:i64 producer_epoch:i16 base_sequence:i32 record_count:i32 records
 *
 * The checksum covers everything from `attributes` on, so base offset and leader epoch are rewritten without it.
 */
import { crc32c } from './crc32c.ts'

export const batchHeaderSize = 61
/** `base_offset` and `length`: what stands before the bytes that `length` counts. */
const prefixSize = 12

const at = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const

const attribute = { compression: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const

export interface BatchHeader {
  readonly baseOffset: number
  readonly leaderEpoch: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly compression: number
  readonly isLogAppendTime: boolean
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

export interface Batch {
  readonly header: BatchHeader
  /** Exactly this batch. */
  readonly bytes: Buffer
}

export type BatchError = 'corrupt' | 'invalid'

const int64At = (bytes: Buffer, position: number) => Number(bytes.readBigInt64BE(position))

function headerOf(bytes: Buffer): BatchHeader {
  const attributes = bytes.readInt16BE(at.attributes)
  return {
    baseOffset: int64At(bytes, at.baseOffset),
    leaderEpoch: bytes.readInt32BE(at.leaderEpoch),
    compression: attributes & attribute.compression,
    isLogAppendTime: (attributes & attribute.logAppendTime) !== 0,
    isTransactional: (attributes & attribute.transactional) !== 0,
    isControl: (attributes & attribute.control) !== 0,
    lastOffsetDelta: bytes.readInt32BE(at.lastOffsetDelta),
    baseTimestamp: int64At(bytes, at.baseTimestamp),
    maxTimestamp: int64At(bytes, at.maxTimestamp),
    producerId: int64At(bytes, at.producerId),
    producerEpoch: bytes.readInt16BE(at.producerEpoch),
    baseSequence: bytes.readInt32BE(at.baseSequence),
    recordCount: bytes.readInt32BE(at.recordCount),
  }
}

/** The batch that starts at `start`, or undefined when its bytes are not all there. Nothing is checked. */
export function batchAt(bytes: Buffer, start: number): Batch | undefined {
  if (start + batchHeaderSize > bytes.length) return undefined
  const size = prefixSize + bytes.readInt32BE(start + at.length)
  if (size < batchHeaderSize || start + size > bytes.length) return undefined
  const batch = bytes.subarray(start, start + size)
  return { header: headerOf(batch), bytes: batch }
}

/** The batch a producer sent for one partition. Since Produce v3 it must be exactly one, of format v2; anything else is `invalid`. */
export function parseProduced(bytes: Buffer): Batch | BatchError {
  if (bytes.length <= at.magic || bytes[at.magic] !== 2) return 'invalid'
  const batch = batchAt(bytes, 0)
  if (batch === undefined) return 'corrupt'
  if (batch.bytes.length !== bytes.length) return 'invalid'
  const { recordCount, lastOffsetDelta } = batch.header
  const isWhole = hasValidChecksum(batch.bytes) && recordCount >= 1 && lastOffsetDelta === recordCount - 1
  return isWhole ? batch : 'corrupt'
}

export const hasValidChecksum = (bytes: Buffer): boolean =>
  bytes.readInt32BE(at.crc) === crc32c(bytes, at.attributes)

export function stampOffset(bytes: Buffer, baseOffset: number, leaderEpoch: number): void {
  bytes.writeBigInt64BE(BigInt(baseOffset), at.baseOffset)
  bytes.writeInt32BE(leaderEpoch, at.leaderEpoch)
}

/** For topics with `message.timestamp.type=LogAppendTime`: one time for all records, checksum renewed. */
export function stampLogAppendTime(bytes: Buffer, timestamp: number): void {
  bytes.writeInt16BE(bytes.readInt16BE(at.attributes) | attribute.logAppendTime, at.attributes)
  bytes.writeBigInt64BE(BigInt(timestamp), at.maxTimestamp)
  bytes.writeInt32BE(crc32c(bytes, at.attributes), at.crc)
}

export interface NewBatch {
  readonly attributes: number
  readonly timestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  /** The encoded records. */
  readonly records: Buffer
}

export const transactionalControl = attribute.transactional | attribute.control

/** A whole batch around encoded records, checksum included; its base offset is stamped on append. */
export function encodeBatch(batch: NewBatch): Buffer {
  const bytes = Buffer.alloc(batchHeaderSize + batch.records.length)
  bytes.writeInt32BE(bytes.length - prefixSize, at.length)
  bytes.writeInt8(2, at.magic)
  bytes.writeInt16BE(batch.attributes, at.attributes)
  bytes.writeInt32BE(batch.recordCount - 1, at.lastOffsetDelta)
  bytes.writeBigInt64BE(BigInt(batch.timestamp), at.baseTimestamp)
  bytes.writeBigInt64BE(BigInt(batch.timestamp), at.maxTimestamp)
  bytes.writeBigInt64BE(BigInt(batch.producerId), at.producerId)
  bytes.writeInt16BE(batch.producerEpoch, at.producerEpoch)
  bytes.writeInt32BE(batch.baseSequence, at.baseSequence)
  bytes.writeInt32BE(batch.recordCount, at.recordCount)
  batch.records.copy(bytes, batchHeaderSize)
  bytes.writeInt32BE(crc32c(bytes, at.attributes), at.crc)
  return bytes
}
