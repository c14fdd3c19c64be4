/** Thrown on a request that does not follow its grammar; the connection is closed, as a real broker does. */
export class WireError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WireError'
  }
}

/**
 * Reads the primitive types of the Kafka protocol from one request frame. Byte fields are views into the frame.
 * `version` and `flexible` are those of the request being read; codecs ask them.
 */
export class Reader {
  readonly buffer: Buffer
  version = 0
  flexible = false
  position = 0

  constructor(buffer: Buffer) {
    this.buffer = buffer
  }

  get remaining(): number {
    return this.buffer.length - this.position
  }

  #take(size: number): number {
    const at = this.position
    if (size < 0 || at + size > this.buffer.length) {
      throw new WireError(
        `field of ${size} bytes at ${at} runs past the frame of ${this.buffer.length} bytes`,
      )
    }
    this.position = at + size
    return at
  }

  int8(): number {
    return this.buffer.readInt8(this.#take(1))
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#take(4))
  }

  /** Exact up to 2^53; offsets, producer ids and timestamps stay far below. */
  int64(): number {
    return Number(this.buffer.readBigInt64BE(this.#take(8)))
  }

  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1)]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new WireError(`unsigned varint longer than 5 bytes at ${this.position}`)
  }

  bytes(size: number): Buffer {
    const at = this.#take(size)
    return this.buffer.subarray(at, at + size)
  }

  text(size: number): string {
    const at = this.#take(size)
    return this.buffer.toString('utf8', at, at + size)
  }

  skipTags(): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint()
      this.#take(this.unsignedVarint())
    }
  }
}
