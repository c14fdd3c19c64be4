/**
 * How many bytes may wait in a queue so that the last of them waits about DRAIN_MS: what was taken out in that time
 * lately, between a least and a most. A checkpoint's barrier stands behind these bytes, so it gets through in bounded
 * time however slow the reader is, and a slow reader costs little memory. (Flink: buffer debloating.)
 */
const DRAIN_MS = 1_000
/** The rate is measured over this much time with something in the queue. */
const MEASURE_MS = 100

export class DrainLimit {
  readonly #least: number
  readonly #most: number
  #bytesPerMs = 0
  /** Taken since the last measurement, and the time this took, without the time of an empty queue. */
  #numTaken = 0
  #busyMs = 0
  #busySince = 0
  bytes: number

  /** From `initial` the limit grows with what is taken, until the rate is known. */
  constructor(least: number, most: number, initial = least) {
    this.#least = Math.min(least, most)
    this.#most = most
    this.bytes = Math.min(initial, most)
  }

  /** The queue was empty and is no more. */
  begin(): void {
    this.#busySince = performance.now()
  }

  taken(bytes: number): void {
    const now = performance.now()
    this.#busyMs += now - this.#busySince
    this.#busySince = now
    this.#numTaken += bytes
    if (this.#busyMs >= MEASURE_MS) this.#measure()
    // In less time than a measurement takes: DRAIN_MS would do for more than twice as much.
    else if (this.#bytesPerMs === 0)
      this.bytes = Math.max(this.bytes, Math.min(this.#most, 2 * this.#numTaken))
  }

  #measure(): void {
    const bytesPerMs = this.#numTaken / this.#busyMs
    this.#bytesPerMs = this.#bytesPerMs === 0 ? bytesPerMs : (this.#bytesPerMs + bytesPerMs) / 2
    this.bytes = Math.min(this.#most, Math.max(this.#least, this.#bytesPerMs * DRAIN_MS))
    this.#numTaken = 0
    this.#busyMs = 0
  }
}
