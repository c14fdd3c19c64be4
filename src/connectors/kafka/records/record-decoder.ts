/**
 * Decodes one record batch after another, in slices that fit a run: a batch of 130,000 records is as normal as
 * one of three. Corrupt bytes give an error that names topic, partition and offset.
 */
import { type MillraceError, runtimeFailure } from '../../../errors/index.ts'
import * as layout from '../../../wasm/assembly/layout.ts'
import { kernelsOrNull } from '../../../wasm/kernels.ts'
import { BATCH_HEADER_BYTES, BatchHeader, CODEC_MASK, LOG_APPEND_TIME } from './batch-header.ts'
import { decompress } from './compression.ts'
import { crc32c } from './crc32c.ts'
import type { RecordRun } from './record-run.ts'

export class RecordDecoder {
  readonly header = new BatchHeader()
  readonly #topic: string
  readonly #partition: number
  readonly #checkCrc: boolean
  /** The open batch's records. */
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0
  #index = 0
  #count = 0
  /** Offset delta of the record decoded last. */
  #lastDelta = -1
  #next = 0

  constructor(topic: string, partition: number, checkCrc: boolean) {
    this.#topic = topic
    this.#partition = partition
    this.#checkCrc = checkCrc
  }

  /** The bytes the open batch's records lie in. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** True when every record of the open batch has been decoded. */
  get exhausted(): boolean {
    return this.#index >= this.#count
  }

  /** Reads the header at `at`. False: only part of a batch is there. Throws on a batch that cannot be right. */
  openHeader(bytes: Uint8Array, at: number, limit: number): boolean {
    const header = this.header
    if (!header.read(bytes, at, limit)) {
      if (header.end < at + (header.magic === 2 ? BATCH_HEADER_BYTES : 17))
        throw this.corrupt('its length is impossible')
      return false
    }
    if (header.magic < 2) {
      throw runtimeFailure(
        'MR_KAFKA_OLD_MESSAGE_FORMAT',
        `Topic '${this.#topic}' partition ${this.#partition} holds records of message format ${header.magic} at offset ${header.baseOffset}; Millrace reads format 2 (Kafka 0.11 and later).`,
      )
    }
    if (header.magic > 2 || header.end < at + BATCH_HEADER_BYTES) throw this.corrupt('its header is broken')
    if (this.#checkCrc && crc32c(bytes.subarray(at + 21, header.end)) !== header.crc)
      throw this.corrupt('its CRC-32C does not match')
    // The CRC does not cover the offset.
    const { baseOffset, lastOffset, numRecords } = header
    if (!(baseOffset >= 0 && baseOffset <= lastOffset && lastOffset < 2 ** 53 && numRecords >= 0))
      throw this.corrupt('its header is broken')
    this.#count = 0
    this.#index = 0
    return true
  }

  /** Makes the records of the batch whose header was opened ready for `decode`. */
  openRecords(bytes: Uint8Array): void {
    const { header } = this
    const codec = header.attributes & CODEC_MASK
    if (codec === 0 || header.numRecords === 0) {
      this.#bytes = bytes
      this.#at = header.start + BATCH_HEADER_BYTES
      this.#end = header.end
    } else {
      try {
        this.#bytes = decompress(codec, bytes.subarray(header.start + BATCH_HEADER_BYTES, header.end))
      } catch (error) {
        throw this.corrupt(`decompression failed: ${error instanceof Error ? error.message : String(error)}`)
      }
      this.#at = 0
      this.#end = this.#bytes.length
    }
    this.#index = 0
    this.#lastDelta = -1
    this.#count = header.numRecords
  }

  /** The key of a control batch's record: 0 = abort, 1 = commit. */
  controlType(bytes: Uint8Array): number {
    const { start, end } = this.header
    let p = start + BATCH_HEADER_BYTES
    for (let i = 0; i < 5; i++) {
      if (i !== 1) while (p < end && bytes[p]! >= 0x80) p++
      p++
    }
    if (p + 4 > end) throw this.corrupt('its control record is broken')
    return (bytes[p + 2]! << 8) | bytes[p + 3]!
  }

  /**
   * Appends records of the open batch with `fromOffset` ≤ offset < `toOffset` to the run until it holds `limit`
   * records or the batch ends. The run's bytes must be this batch's.
   */
  decode(run: RecordRun, fromOffset: number, toOffset: number, limit = run.capacity): void {
    if (this.#decodeByKernel(run, fromOffset, toOffset, limit)) return
    const { header } = this
    const bytes = this.#bytes
    const end = this.#end
    const { offsets, timestamps, keyStarts, keyEnds, valueStarts, valueEnds, headerStarts, headerEnds } = run
    const { baseOffset, lastOffset } = header
    const appendTime = (header.attributes & LOG_APPEND_TIME) !== 0
    const baseTimestamp = appendTime ? header.maxTimestamp : header.baseTimestamp
    const capacity = Math.min(limit, run.capacity)
    let n = run.length
    let index = this.#index
    let p = this.#at
    let lastDelta = this.#lastDelta
    for (; index < this.#count && n < capacity; index++) {
      let b = bytes[p]!
      let length: number
      if (b < 0x80) {
        length = (b >>> 1) ^ -(b & 1)
        p++
      } else {
        length = this.#varint(bytes, p)
        p = this.#next
      }
      const recordEnd = p + length
      if (length < 6 || recordEnd > end) throw this.#corruptRecord(index)
      p++
      b = bytes[p]!
      let timestampDelta: number
      if (b < 0x80) {
        timestampDelta = (b >>> 1) ^ -(b & 1)
        p++
      } else {
        timestampDelta = this.#varint(bytes, p)
        p = this.#next
      }
      b = bytes[p]!
      let offsetDelta: number
      if (b < 0x80) {
        offsetDelta = (b >>> 1) ^ -(b & 1)
        p++
      } else {
        offsetDelta = this.#varint(bytes, p)
        p = this.#next
      }
      b = bytes[p]!
      let keyLength: number
      if (b < 0x80) {
        keyLength = (b >>> 1) ^ -(b & 1)
        p++
      } else {
        keyLength = this.#varint(bytes, p)
        p = this.#next
      }
      const keyStart = keyLength < 0 ? -1 : p
      if (keyLength > 0) p += keyLength
      if (p >= recordEnd) throw this.#corruptRecord(index)
      const keyEnd = p
      b = bytes[p]!
      let valueLength: number
      if (b < 0x80) {
        valueLength = (b >>> 1) ^ -(b & 1)
        p++
      } else {
        valueLength = this.#varint(bytes, p)
        p = this.#next
      }
      const valueStart = valueLength < 0 ? -1 : p
      if (valueLength > 0) p += valueLength
      if (p >= recordEnd) throw this.#corruptRecord(index)
      const offset = baseOffset + offsetDelta
      if (offsetDelta <= lastDelta || offset > lastOffset) throw this.#corruptRecord(index)
      lastDelta = offsetDelta
      if (offset >= fromOffset && offset < toOffset) {
        offsets[n] = offset
        timestamps[n] = appendTime ? baseTimestamp : baseTimestamp + timestampDelta
        keyStarts[n] = keyStart
        keyEnds[n] = keyEnd
        valueStarts[n] = valueStart
        valueEnds[n] = p
        headerStarts[n] = p
        headerEnds[n] = recordEnd
        n++
      }
      p = recordEnd
    }
    if (index === this.#count && p !== end) throw this.corrupt('there is more behind its last record')
    this.#index = index
    this.#at = p
    this.#lastDelta = lastDelta
    run.length = n
  }

  /** The same by WebAssembly, where it reaches batch and run. */
  #decodeByKernel(run: RecordRun, fromOffset: number, toOffset: number, limit: number): boolean {
    const kernels = kernelsOrNull()
    if (kernels === null || !kernels.arena.contains(this.#bytes) || !run.isInArena) return false
    const { header } = this
    const isAppendTime = (header.attributes & LOG_APPEND_TIME) !== 0
    const { words, doubles } = kernels
    const base = this.#bytes.byteOffset
    doubles[layout.RECORDS_BASE_OFFSET >> 3] = header.baseOffset
    doubles[layout.RECORDS_BASE_TIMESTAMP >> 3] = isAppendTime ? header.maxTimestamp : header.baseTimestamp
    doubles[layout.RECORDS_FROM_OFFSET >> 3] = fromOffset
    doubles[layout.RECORDS_TO_OFFSET >> 3] = toOffset
    words[layout.RECORDS_POSITION >> 2] = base + this.#at
    words[layout.RECORDS_BASE >> 2] = base
    words[layout.RECORDS_END >> 2] = base + this.#end
    words[layout.RECORDS_INDEX >> 2] = this.#index
    words[layout.RECORDS_COUNT >> 2] = this.#count
    words[layout.RECORDS_LENGTH >> 2] = run.length
    words[layout.RECORDS_CAPACITY >> 2] = Math.min(limit, run.capacity)
    words[layout.RECORDS_APPEND_TIME >> 2] = isAppendTime ? 1 : 0
    words[layout.RECORDS_ALL_PARTS >> 2] = run.valuesOnly ? 0 : 1
    doubles[layout.RECORDS_LAST_DELTA >> 3] = this.#lastDelta
    doubles[layout.RECORDS_LAST_OFFSET >> 3] = header.lastOffset
    words.set(run.addresses, layout.RECORDS_ARRAYS >> 2)
    const isGood = kernels.decodeRecords() === 1
    this.#at = words[layout.RECORDS_POSITION >> 2]! - base
    this.#index = words[layout.RECORDS_INDEX >> 2]!
    run.length = words[layout.RECORDS_LENGTH >> 2]!
    this.#lastDelta = doubles[layout.RECORDS_LAST_DELTA >> 3]!
    if (!isGood) throw this.#corruptRecord(this.#index)
    if (this.exhausted && this.#at !== this.#end) throw this.corrupt('there is more behind its last record')
    return true
  }

  /** A zigzag varint of any width as a number, exact to 2^53; leaves the position after it in `#next`. */
  #varint(bytes: Uint8Array, at: number): number {
    let b = bytes[at++]!
    let low = b & 0x7f
    for (let shift = 7; b >= 0x80 && shift < 28; shift += 7) {
      b = bytes[at++]!
      low |= (b & 0x7f) << shift
    }
    if (!(b >= 0x80)) {
      this.#next = at
      return (low >>> 1) ^ -(low & 1)
    }
    let value = low
    for (let scale = 2 ** 28; b >= 0x80; scale *= 128) {
      b = bytes[at++]!
      value += (b & 0x7f) * scale
      // More than ten bytes are no number: whatever follows lies beyond every end.
      if (scale > 2 ** 63) at = Number.POSITIVE_INFINITY
    }
    this.#next = at
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #corruptRecord(index: number): MillraceError {
    return this.corrupt(`record ${index} of it is broken`)
  }

  /** The error of the batch whose header was read last. */
  corrupt(what: string): MillraceError {
    const { header } = this
    return runtimeFailure(
      'MR_KAFKA_CORRUPT_BATCH',
      `Corrupt record batch in topic '${this.#topic}' partition ${this.#partition} at offset ${header.baseOffset}: ${what}.`,
      {
        hint: 'Check the log on the brokers with kafka-dump-log.sh; a network fault would be repaired by a new fetch.',
        retriable: true,
      },
    )
  }
}
