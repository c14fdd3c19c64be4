/**
 * Kafka's primitive types, written and read by hand so that the requests we need are not bound to kafkajs's
 * versions. 64-bit integers are numbers: exact up to 2^53, which no offset, timestamp or producer id reaches.
 */
import { connectorError } from '../../../errors/index.ts'

const TWO_32 = 4294967296

/** Byte strings of this size are worth a piece of their own. */
const LENT_BYTES = 16 * 1024

/**
 * Appends to one growing buffer. Large byte strings are not copied but stand between its pieces, as they are: they must
 * not change until the frame is written and answered. A writer that `copies` takes them at once.
 */
export class WireWriter {
  readonly #copies: boolean
  readonly #pieces: Uint8Array[] = []
  #buffer: Buffer
  #offset = 0
  /** Where the piece begins that is being written. */
  #start = 0

  constructor(capacity = 256, copies = false) {
    this.#buffer = Buffer.allocUnsafe(capacity)
    this.#copies = copies
  }

  /** All that was written, to be sent in this order. Nothing may be written after it. */
  pieces(): readonly Uint8Array[] {
    this.#cut()
    return this.#pieces
  }

  #cut(): void {
    if (this.#offset > this.#start) this.#pieces.push(this.#buffer.subarray(this.#start, this.#offset))
    this.#start = this.#offset
  }

  #reserve(extra: number): void {
    if (this.#offset + extra <= this.#buffer.length) return
    const numBytes = this.#offset - this.#start
    const grown = Buffer.allocUnsafe(Math.max(numBytes + extra, this.#buffer.length * 2))
    this.#buffer.copy(grown, 0, this.#start, this.#offset)
    this.#buffer = grown
    this.#start = 0
    this.#offset = numBytes
  }

  int8(value: number): this {
    this.#reserve(1)
    this.#offset = this.#buffer.writeInt8(value, this.#offset)
    return this
  }

  int16(value: number): this {
    this.#reserve(2)
    this.#offset = this.#buffer.writeInt16BE(value, this.#offset)
    return this
  }

  int32(value: number): this {
    this.#reserve(4)
    this.#offset = this.#buffer.writeInt32BE(value, this.#offset)
    return this
  }

  int64(value: number): this {
    this.#reserve(8)
    this.#offset = this.#buffer.writeInt32BE(Math.floor(value / TWO_32), this.#offset)
    this.#offset = this.#buffer.writeUInt32BE(value >>> 0, this.#offset)
    return this
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  uvarint(value: number): this {
    this.#reserve(5)
    while (value >= 0x80) {
      this.#buffer[this.#offset++] = (value & 0x7f) | 0x80
      value >>>= 7
    }
    this.#buffer[this.#offset++] = value
    return this
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const length = Buffer.byteLength(value)
    this.int16(length).#reserve(length)
    this.#buffer.write(value, this.#offset)
    this.#offset += length
    return this
  }

  compactString(value: string | null): this {
    if (value === null) return this.uvarint(0)
    const length = Buffer.byteLength(value)
    this.uvarint(length + 1).#reserve(length)
    this.#buffer.write(value, this.#offset)
    this.#offset += length
    return this
  }

  bytes(value: Uint8Array): this {
    this.int32(value.length)
    if (this.#copies || value.length < LENT_BYTES) return this.raw(value)
    this.#cut()
    this.#pieces.push(value)
    return this
  }

  raw(value: Uint8Array): this {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#offset)
    this.#offset += value.length
    return this
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }

  compactArray<T>(items: readonly T[], write: (item: T) => void): this {
    this.uvarint(items.length + 1)
    for (const item of items) write(item)
    return this
  }

  /** The empty tagged-field section of flexible versions. */
  noTags(): this {
    return this.uvarint(0)
  }
}

/** Reads forward through one response. Running past its end is a coded error, never `undefined`. */
export class WireReader {
  readonly buf: Buffer
  offset = 0

  constructor(buf: Buffer) {
    this.buf = buf
  }

  #take(length: number): number {
    const at = this.offset
    if (length < 0 || at + length > this.buf.length) {
      throw connectorError('MR_KAFKA_BAD_RESPONSE', 'A Kafka response ends too early.', { retriable: true })
    }
    this.offset = at + length
    return at
  }

  int8(): number {
    return this.buf.readInt8(this.#take(1))
  }

  int16(): number {
    return this.buf.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.buf.readInt32BE(this.#take(4))
  }

  int64(): number {
    const at = this.#take(8)
    return this.buf.readInt32BE(at) * TWO_32 + this.buf.readUInt32BE(at + 4)
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buf[this.#take(1)]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }

  nullableString(): string | null {
    const length = this.int16()
    if (length < 0) return null
    const at = this.#take(length)
    return this.buf.toString('utf8', at, at + length)
  }

  string(): string {
    return this.nullableString() ?? ''
  }

  nullableCompactString(): string | null {
    const length = this.uvarint() - 1
    if (length < 0) return null
    const at = this.#take(length)
    return this.buf.toString('utf8', at, at + length)
  }

  compactString(): string {
    return this.nullableCompactString() ?? ''
  }

  hex(length: number): string {
    const at = this.#take(length)
    return this.buf.toString('hex', at, at + length)
  }

  skip(length: number): void {
    this.#take(length)
  }

  array<T>(read: () => T): T[] {
    const length = this.int32()
    const items: T[] = []
    for (let i = 0; i < length; i++) items.push(read())
    return items
  }

  compactArray<T>(read: () => T): T[] {
    const length = this.uvarint() - 1
    const items: T[] = []
    for (let i = 0; i < length; i++) items.push(read())
    return items
  }

  skipTags(): void {
    const count = this.uvarint()
    for (let i = 0; i < count; i++) {
      this.uvarint()
      this.skip(this.uvarint())
    }
  }
}
