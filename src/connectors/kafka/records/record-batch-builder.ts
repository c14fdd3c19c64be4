/**
 * Writes records straight into a record batch. The value encoder appends to this object (it is a ByteSink), so a
 * value is written once: the bytes before it are left free by the widths the record before needed, and moved
 * only when the widths differ.
 *
 *     begin(timestamp, key…)  →  encoder.encode(batch, row, builder)  →  end()
 */
import type { ByteSink } from '../../../formats/format.ts'
import {
  ATTRIBUTES_AT,
  BASE_SEQUENCE_AT,
  BASE_TIMESTAMP_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  BATCH_OVERHEAD,
  CRC_AT,
  LAST_OFFSET_DELTA_AT,
  LEADER_EPOCH_AT,
  MAGIC_AT,
  MAX_TIMESTAMP_AT,
  NUM_RECORDS_AT,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
  TRANSACTIONAL,
  writeInt32,
  writeInt64,
} from './batch-header.ts'
import { type CompressionType, compress, compressionTypes } from './compression.ts'
import { crc32c } from './crc32c.ts'

const NO_HEADERS = Uint8Array.of(0)

export interface SealOptions {
  /** -1 = no idempotence. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly transactional: boolean
  readonly compression: CompressionType
}

const sizeOfVarint = (value: number): number => {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5
}

/** Writes a zigzag varint of |value| < 2^31 and returns the position after it. */
function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  while (zigzag >= 0x80) {
    bytes[at++] = (zigzag & 0x7f) | 0x80
    zigzag >>>= 7
  }
  bytes[at++] = zigzag
  return at
}

function putVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value >= -0x40000000 && value < 0x40000000) return putVarint(bytes, at, value)
  let zigzag = value < 0 ? -value * 2 - 1 : value * 2
  while (zigzag >= 128) {
    bytes[at++] = (zigzag % 128) | 0x80
    zigzag = Math.floor(zigzag / 128)
  }
  bytes[at++] = zigzag
  return at
}

export class RecordBatchBuilder implements ByteSink {
  bytes: Uint8Array
  length = BATCH_HEADER_BYTES
  numRecords = 0
  #baseTimestamp = 0
  #maxTimestamp = 0
  #recordStart = 0
  /** Where key-side fields begin (after the room for the record length) and where the value begins. */
  #bodyStart = 0
  #valueStart = 0
  #lengthWidth = 1
  #valueWidth = 1
  /** End of the fields before the value's length. */
  #keyEnd = 0
  /** Facts of the record ended last, for `moveLastTo`. */
  #lastTimestamp = 0
  #lastKeyLength = -1
  #lastValueLength = -1
  #headersStart = 0
  #maxTimestampBefore = 0

  constructor(capacity = 16 * 1024) {
    this.bytes = new Uint8Array(capacity)
  }

  get isEmpty(): boolean {
    return this.numRecords === 0
  }

  reserve(extra: number): void {
    if (this.length + extra <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.length + extra, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** Starts a record. `keyStart` < 0 = null key. `timestamp` is epoch milliseconds. */
  begin(timestamp: number, key: Uint8Array, keyStart: number, keyEnd: number): void {
    const keyLength = keyStart < 0 ? -1 : keyEnd - keyStart
    this.reserve(48 + Math.max(keyLength, 0))
    this.#lastTimestamp = timestamp
    this.#lastKeyLength = keyLength
    this.#maxTimestampBefore = this.#maxTimestamp
    if (this.numRecords === 0) {
      this.#baseTimestamp = timestamp
      this.#maxTimestamp = timestamp
    } else if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    const { bytes } = this
    this.#recordStart = this.length
    let at = this.length + this.#lengthWidth
    this.#bodyStart = at
    bytes[at++] = 0
    at = putVarlong(bytes, at, timestamp - this.#baseTimestamp)
    at = putVarint(bytes, at, this.numRecords)
    at = putVarint(bytes, at, keyLength)
    if (keyLength > 0) {
      if (keyLength < 32) for (let i = 0; i < keyLength; i++) bytes[at + i] = key[keyStart + i]!
      else bytes.set(key.subarray(keyStart, keyEnd), at)
      at += keyLength
    }
    this.#keyEnd = at
    at += this.#valueWidth
    this.#valueStart = at
    this.length = at
  }

  /** Ends a record whose value was appended since `begin`. */
  end(headers: Uint8Array = NO_HEADERS): void {
    this.#finish(this.length - this.#valueStart, headers)
  }

  /** Ends a record with a null value (a tombstone). */
  endNull(headers: Uint8Array = NO_HEADERS): void {
    this.length = this.#valueStart
    this.#finish(-1, headers)
  }

  #finish(valueLength: number, headers: Uint8Array): void {
    const valueWidth = sizeOfVarint(valueLength)
    const valueBytes = Math.max(valueLength, 0)
    const keySide = this.#keyEnd - this.#bodyStart
    const recordLength = keySide + valueWidth + valueBytes + headers.length
    const lengthWidth = sizeOfVarint(recordLength)
    this.reserve(headers.length + 10)
    const { bytes } = this
    let keyEnd = this.#keyEnd
    if (lengthWidth !== this.#lengthWidth || valueWidth !== this.#valueWidth) {
      const bodyStart = this.#recordStart + lengthWidth
      keyEnd = bodyStart + keySide
      const valueStart = keyEnd + valueWidth
      if (valueStart > this.#valueStart) {
        bytes.copyWithin(valueStart, this.#valueStart, this.#valueStart + valueBytes)
        bytes.copyWithin(bodyStart, this.#bodyStart, this.#keyEnd)
      } else {
        bytes.copyWithin(bodyStart, this.#bodyStart, this.#keyEnd)
        bytes.copyWithin(valueStart, this.#valueStart, this.#valueStart + valueBytes)
      }
      this.#lengthWidth = lengthWidth
      this.#valueWidth = valueWidth
    }
    putVarint(bytes, this.#recordStart, recordLength)
    const at = putVarint(bytes, keyEnd, valueLength) + valueBytes
    this.#keyEnd = keyEnd
    this.#lastValueLength = valueLength
    this.#headersStart = at
    if (headers.length === 1) bytes[at] = headers[0]!
    else bytes.set(headers, at)
    this.length = at + headers.length
    this.numRecords++
  }

  /** What timestamps of this batch are relative to, if its next record has this one. */
  baseTimestampOf(timestamp: number): number {
    return this.numRecords === 0 ? timestamp : this.#baseTimestamp
  }

  /** Adds records that were framed to follow the last one, all with one timestamp. */
  appendFramed(records: Uint8Array, numRecords: number, timestamp: number): void {
    if (this.numRecords === 0) {
      this.#baseTimestamp = timestamp
      this.#maxTimestamp = timestamp
    } else if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.reserve(records.length)
    this.bytes.set(records, this.length)
    this.length += records.length
    this.numRecords += numRecords
  }

  /**
   * Moves the record ended last into `other`, for a batch that has grown beyond its limit by it. Only when this
   * batch holds more than one record.
   */
  moveLastTo(other: RecordBatchBuilder): void {
    const { bytes } = this
    const keyLength = this.#lastKeyLength
    const keyEnd = this.#keyEnd
    other.begin(this.#lastTimestamp, bytes, keyLength < 0 ? -1 : keyEnd - keyLength, keyEnd)
    const headers = bytes.slice(this.#headersStart, this.length)
    if (this.#lastValueLength < 0) other.endNull(headers)
    else {
      const value = bytes.subarray(this.#headersStart - this.#lastValueLength, this.#headersStart)
      other.reserve(value.length)
      other.bytes.set(value, other.length)
      other.length += value.length
      other.end(headers)
    }
    this.length = this.#recordStart
    this.numRecords--
    this.#maxTimestamp = this.#maxTimestampBefore
  }

  /**
   * Completes the batch. The bytes are this builder's own unless compressed: they must not change until the
   * batch is acknowledged, so that a retry sends exactly them; then `reset` makes the builder ready again.
   */
  seal(options: SealOptions): Uint8Array {
    const { compression, transactional } = options
    let bytes = this.bytes
    let length = this.length
    if (compression !== 'none') {
      const packed = compress(compression, bytes.subarray(BATCH_HEADER_BYTES, length))
      length = BATCH_HEADER_BYTES + packed.length
      bytes = new Uint8Array(length)
      bytes.set(packed, BATCH_HEADER_BYTES)
    }
    writeInt64(bytes, 0, 0)
    writeInt32(bytes, BATCH_LENGTH_AT, length - BATCH_OVERHEAD)
    writeInt32(bytes, LEADER_EPOCH_AT, -1)
    bytes[MAGIC_AT] = 2
    bytes[ATTRIBUTES_AT] = 0
    bytes[ATTRIBUTES_AT + 1] = compressionTypes.indexOf(compression) | (transactional ? TRANSACTIONAL : 0)
    writeInt32(bytes, LAST_OFFSET_DELTA_AT, this.numRecords - 1)
    writeInt64(bytes, BASE_TIMESTAMP_AT, this.#baseTimestamp)
    writeInt64(bytes, MAX_TIMESTAMP_AT, this.#maxTimestamp)
    writeInt64(bytes, PRODUCER_ID_AT, options.producerId)
    bytes[PRODUCER_EPOCH_AT] = options.producerEpoch >>> 8
    bytes[PRODUCER_EPOCH_AT + 1] = options.producerEpoch
    writeInt32(bytes, BASE_SEQUENCE_AT, options.baseSequence)
    writeInt32(bytes, NUM_RECORDS_AT, this.numRecords)
    writeInt32(bytes, CRC_AT, crc32c(bytes.subarray(ATTRIBUTES_AT, length)))
    return bytes.subarray(0, length)
  }

  /** Empties the builder, keeping its buffer. */
  reset(): void {
    this.length = BATCH_HEADER_BYTES
    this.numRecords = 0
  }
}
