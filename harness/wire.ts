/**
 * The few Kafka requests a reader needs, on a plain socket: Metadata v4, ListOffsets v2, Fetch v4. Written apart
 * from src/connectors/kafka on purpose: what judges the engine shares no code with it.
 */
import { connect, type Socket } from 'node:net'

export class Writer {
  readonly #chunks: Buffer[] = []
  #add(size: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.alloc(size)
    write(buffer)
    this.#chunks.push(buffer)
    return this
  }
  int8 = (value: number) => this.#add(1, buffer => buffer.writeInt8(value))
  int16 = (value: number) => this.#add(2, buffer => buffer.writeInt16BE(value))
  int32 = (value: number) => this.#add(4, buffer => buffer.writeInt32BE(value))
  int64 = (value: number) => this.#add(8, buffer => buffer.writeBigInt64BE(BigInt(value)))
  string(value: string): this {
    const bytes = Buffer.from(value)
    this.int16(bytes.length)
    this.#chunks.push(bytes)
    return this
  }
  /** With its length in front. */
  block(bytes: Buffer): this {
    this.int32(bytes.length)
    this.#chunks.push(bytes)
    return this
  }
  bytes = (): Buffer => Buffer.concat(this.#chunks)
}

export class Reader {
  readonly buffer: Buffer
  position = 0
  constructor(buffer: Buffer) {
    this.buffer = buffer
  }
  #advance(size: number): number {
    this.position += size
    return this.position - size
  }
  int8 = () => this.buffer.readInt8(this.#advance(1))
  int16 = () => this.buffer.readInt16BE(this.#advance(2))
  int32 = () => this.buffer.readInt32BE(this.#advance(4))
  int64 = () => Number(this.buffer.readBigInt64BE(this.#advance(8)))
  string(): string | null {
    const length = this.int16()
    if (length < 0) return null
    const start = this.#advance(length)
    return this.buffer.toString('utf8', start, start + length)
  }
  /** A length-prefixed block; empty when null. */
  block(): Buffer {
    const length = this.int32()
    if (length < 0) return Buffer.alloc(0)
    const start = this.#advance(length)
    return this.buffer.subarray(start, start + length)
  }
  array<T>(read: () => T): T[] {
    const length = this.int32()
    return Array.from({ length: Math.max(0, length) }, read)
  }
  /** ZigZag variable-length integer; exact up to 2^53. */
  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.buffer[this.#advance(1)]!
      value += (byte & 127) * factor
      if (byte < 128) break
      factor *= 128
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}

const REQUEST_TIMEOUT_MS = 15_000

/** One connection with at most one request under way. */
export class Connection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #correlation = 0
  #pending: { resolve(answer: Reader): void; reject(error: Error): void } | null = null
  #failure: Error | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setTimeout(
      REQUEST_TIMEOUT_MS,
      () => this.#pending && this.#fail(new Error('the broker does not answer')),
    )
    socket.on('data', chunk => this.#receive(chunk))
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')))
  }

  static open(host: string, port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Connection(socket))
      })
    })
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#socket.destroy()
    this.#pending?.reject(error)
    this.#pending = null
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    if (this.#received.length < 4 || this.#received.length < 4 + this.#received.readInt32BE(0)) return
    const end = 4 + this.#received.readInt32BE(0)
    const answer = new Reader(this.#received.subarray(4, end))
    this.#received = this.#received.subarray(end)
    const correlation = answer.int32()
    if (correlation !== this.#correlation) {
      this.#fail(new Error(`answer ${correlation} was not asked for`))
      return
    }
    const pending = this.#pending
    this.#pending = null
    pending?.resolve(answer)
  }

  send(apiKey: number, version: number, body: Buffer): Promise<Reader> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (this.#pending !== null) return Promise.reject(new Error('a request is under way already'))
    const header = new Writer()
      .int16(apiKey)
      .int16(version)
      .int32(++this.#correlation)
      .string('millrace-judge')
      .bytes()
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      const size = Buffer.alloc(4)
      size.writeInt32BE(header.length + body.length)
      this.#socket.write(Buffer.concat([size, header, body]))
    })
  }

  close(): void {
    this.#failure ??= new Error('closed')
    this.#socket.destroy()
  }
}
