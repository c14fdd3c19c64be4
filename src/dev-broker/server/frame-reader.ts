/**
 * Cuts a byte stream into Kafka frames (int32 length, then that many bytes). Every frame has a buffer of its own, so a produced batch can
 * stay in the log as a view of it.
 */
export class FrameReader {
  readonly #maxFrameBytes: number
  readonly #onFrame: (frame: Buffer) => void
  readonly #length = Buffer.alloc(4)
  #lengthBytes = 0
  #frame: Buffer | undefined
  #filled = 0

  constructor(maxFrameBytes: number, onFrame: (frame: Buffer) => void) {
    this.#maxFrameBytes = maxFrameBytes
    this.#onFrame = onFrame
  }

  /** False when the stream is not Kafka's: a frame length out of bounds. */
  push(chunk: Buffer): boolean {
    let at = 0
    while (at < chunk.length) {
      if (this.#frame === undefined) {
        this.#length[this.#lengthBytes++] = chunk[at++]!
        if (this.#lengthBytes < 4) continue
        const size = this.#length.readInt32BE()
        if (size < 4 || size > this.#maxFrameBytes) return false
        this.#frame = Buffer.allocUnsafeSlow(size)
        this.#filled = 0
        this.#lengthBytes = 0
        continue
      }
      const taken = Math.min(chunk.length - at, this.#frame.length - this.#filled)
      chunk.copy(this.#frame, this.#filled, at, at + taken)
      at += taken
      this.#filled += taken
      if (this.#filled === this.#frame.length) {
        const frame = this.#frame
        this.#frame = undefined
        this.#onFrame(frame)
      }
    }
    return true
  }
}
