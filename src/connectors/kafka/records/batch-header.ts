/** The 61-byte header of a record batch, format version 2 (KIP-98). Offsets of its fields and a reusable view. */
export const BATCH_OVERHEAD = 12
export const BATCH_HEADER_BYTES = 61

export const BATCH_LENGTH_AT = 8
export const LEADER_EPOCH_AT = 12
export const MAGIC_AT = 16
export const CRC_AT = 17
export const ATTRIBUTES_AT = 21
export const LAST_OFFSET_DELTA_AT = 23
export const BASE_TIMESTAMP_AT = 27
export const MAX_TIMESTAMP_AT = 35
export const PRODUCER_ID_AT = 43
export const PRODUCER_EPOCH_AT = 51
export const BASE_SEQUENCE_AT = 53
export const NUM_RECORDS_AT = 57

export const CODEC_MASK = 0x07
export const LOG_APPEND_TIME = 0x08
export const TRANSACTIONAL = 0x10
export const CONTROL = 0x20

const TWO_32 = 4294967296

export const readInt32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!

export const readInt64 = (bytes: Uint8Array, at: number): number =>
  readInt32(bytes, at) * TWO_32 + (readInt32(bytes, at + 4) >>> 0)

export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

export function writeInt64(bytes: Uint8Array, at: number, value: number): void {
  writeInt32(bytes, at, Math.floor(value / TWO_32))
  writeInt32(bytes, at + 4, value >>> 0)
}

export class BatchHeader {
  baseOffset = 0
  leaderEpoch = 0
  magic = 0
  crc = 0
  attributes = 0
  lastOffset = 0
  baseTimestamp = 0
  maxTimestamp = 0
  producerId = -1
  numRecords = 0
  /** Start of the batch in its bytes, and end (exclusive). */
  start = 0
  end = 0

  /** False when the bytes up to `limit` hold only a part of the batch, which is how a fetch response may end. */
  read(bytes: Uint8Array, at: number, limit: number): boolean {
    this.end = Number.POSITIVE_INFINITY
    if (at + BATCH_OVERHEAD + 5 > limit) return false
    this.start = at
    this.end = at + BATCH_OVERHEAD + readInt32(bytes, at + BATCH_LENGTH_AT)
    this.baseOffset = readInt64(bytes, at)
    this.magic = bytes[at + MAGIC_AT]!
    if (this.end > limit) return false
    if (this.magic !== 2 || this.end < at + BATCH_HEADER_BYTES) return true
    this.leaderEpoch = readInt32(bytes, at + LEADER_EPOCH_AT)
    this.crc = readInt32(bytes, at + CRC_AT) >>> 0
    this.attributes = (bytes[at + ATTRIBUTES_AT]! << 8) | bytes[at + ATTRIBUTES_AT + 1]!
    this.lastOffset = this.baseOffset + readInt32(bytes, at + LAST_OFFSET_DELTA_AT)
    this.baseTimestamp = readInt64(bytes, at + BASE_TIMESTAMP_AT)
    this.maxTimestamp = readInt64(bytes, at + MAX_TIMESTAMP_AT)
    this.producerId = readInt64(bytes, at + PRODUCER_ID_AT)
    this.numRecords = readInt32(bytes, at + NUM_RECORDS_AT)
    return true
  }

  get isControl(): boolean {
    return (this.attributes & CONTROL) !== 0
  }

  get isTransactional(): boolean {
    return (this.attributes & TRANSACTIONAL) !== 0
  }
}
