const initialSize = 512
/** Byte strings at least this long are passed through as their own chunk instead of being copied. */
const passThroughSize = 4096

/**
 * Writes the primitive types of the Kafka protocol into a list of chunks. Large byte fields (fetched batches)
 * are not copied: they must not change until the chunks are on the socket.
 */
export class Writer {
  version = 0
  flexible = false
  #buffer = Buffer.allocUnsafe(initialSize)
  #start = 0
  #end = 0
  #chunks: Buffer[] = []
  #chunkBytes = 0

  get size(): number {
    return this.#chunkBytes + this.#end - this.#start
  }

  /** May replace the buffer, so callers read `#buffer` only after it. */
  #reserve(size: number): number {
    if (this.#end + size > this.#buffer.length) {
      const open = this.#buffer.subarray(this.#start, this.#end)
      const grown = Buffer.allocUnsafe(Math.max(initialSize, (open.length + size) * 2))
      open.copy(grown)
      this.#buffer = grown
      this.#start = 0
      this.#end = open.length
    }
    const at = this.#end
    this.#end += size
    return at
  }

  int8(value: number): void {
    const at = this.#reserve(1)
    this.#buffer.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.#reserve(2)
    this.#buffer.writeInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.#reserve(4)
    this.#buffer.writeInt32BE(value, at)
  }

  int64(value: number): void {
    const at = this.#reserve(8)
    this.#buffer.writeBigInt64BE(BigInt(value), at)
  }

  unsignedVarint(value: number): void {
    while (value > 0x7f) {
      this.#byte((value & 0x7f) | 0x80)
      value = Math.floor(value / 128)
    }
    this.#byte(value)
  }

  #byte(value: number): void {
    const at = this.#reserve(1)
    this.#buffer[at] = value
  }

  text(value: string, size: number): void {
    const at = this.#reserve(size)
    this.#buffer.write(value, at, size, 'utf8')
  }

  raw(bytes: Buffer): void {
    if (bytes.length < passThroughSize) {
      const at = this.#reserve(bytes.length)
      bytes.copy(this.#buffer, at)
      return
    }
    this.#closeChunk()
    this.#chunks.push(bytes)
    this.#chunkBytes += bytes.length
  }

  #closeChunk(): void {
    if (this.#end === this.#start) return
    this.#chunks.push(this.#buffer.subarray(this.#start, this.#end))
    this.#chunkBytes += this.#end - this.#start
    this.#start = this.#end
  }

  /** The frame: a 4-byte length and everything written so far. */
  frame(): Buffer[] {
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(this.size)
    this.#closeChunk()
    return [length, ...this.#chunks]
  }

  /** Everything written so far as one buffer (for tests). */
  toBuffer(): Buffer {
    this.#closeChunk()
    return Buffer.concat(this.#chunks)
  }
}
