/** Cuts the bytes of a socket into responses. */
import { connectorError } from '../../../errors/index.ts'
import type { ResponsePool } from './response-pool.ts'

/** Far beyond what fetch.max.bytes of any broker lets out; the first bytes of TLS or HTTP announce more. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024

export class FrameReader {
  readonly #address: string
  readonly #deliver: (correlationId: number, payload: Buffer, size: number) => void
  readonly #head = Buffer.alloc(4)
  readonly #pool: ResponsePool | null
  #headFill = 0
  #payload: Buffer | null = null
  #fill = 0

  /** `address` names the sender in errors. Without a pool every response is a buffer of its own. */
  constructor(
    address: string,
    deliver: (correlationId: number, payload: Buffer, size: number) => void,
    pool: ResponsePool | null = null,
  ) {
    this.#address = address
    this.#deliver = deliver
    this.#pool = pool
  }

  /**
   * Takes the chunk's bytes at once; the chunk may be reused by the caller. Throws when they are no Kafka response:
   * then the connection is of no more use.
   */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#payload === null) {
        while (this.#headFill < 4 && at < chunk.length) this.#head[this.#headFill++] = chunk[at++]!
        if (this.#headFill < 4) return
        this.#headFill = 0
        this.#fill = 0
        this.#payload = this.#allocate(this.#head.readInt32BE(0))
      }
      const payload = this.#payload
      const count = Math.min(payload.length - this.#fill, chunk.length - at)
      payload.set(count === chunk.length ? chunk : chunk.subarray(at, at + count), this.#fill)
      this.#fill += count
      at += count
      if (this.#fill < payload.length) return
      this.#payload = null
      this.#deliver(payload.readInt32BE(0), payload.subarray(4), payload.length)
    }
  }

  #allocate(size: number): Buffer {
    if (size < 4 || size > MAX_FRAME_BYTES) {
      throw connectorError(
        'MR_KAFKA_NO_FRAME',
        `What ${this.#address} answers is no Kafka response: it announces ${size} bytes.`,
        {
          hint: "The listener may want TLS, or not be a Kafka broker: check 'properties.security.protocol' and the port.",
          retriable: true,
        },
      )
    }
    return this.#pool?.allocate(size) ?? Buffer.allocUnsafe(size)
  }
}
