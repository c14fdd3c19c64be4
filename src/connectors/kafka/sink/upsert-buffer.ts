/** `sink.buffer-flush.*` of upsert-kafka: keeps only the last row of each key until it is drained. */
interface Upsert {
  readonly topic: string
  readonly key: Uint8Array
  readonly timestamp: number
  readonly value: Uint8Array | null
  readonly headers: Uint8Array | undefined
}

export type UpsertReceiver = (
  topic: string,
  key: Uint8Array,
  timestamp: number,
  value: Uint8Array | null,
  headers: Uint8Array | undefined,
) => void

export class UpsertBuffer {
  readonly #rows = new Map<string, Upsert>()
  readonly #maxRows: number
  readonly #full: () => void
  readonly #timer: NodeJS.Timeout

  /** `full` is called when `maxRows` keys are held and every `intervalMs`. */
  constructor(maxRows: number, intervalMs: number, full: () => void) {
    this.#maxRows = maxRows
    this.#full = full
    this.#timer = setInterval(full, intervalMs)
    this.#timer.unref()
  }

  put(
    topic: string,
    key: Uint8Array,
    timestamp: number,
    value: Uint8Array | null,
    headers: Uint8Array | undefined,
  ): void {
    const id = `${topic}/${Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')}`
    // Deleted first, so that keys are sent in the order of their last change.
    this.#rows.delete(id)
    this.#rows.set(id, { topic, key, timestamp, value, headers })
    if (this.#rows.size >= this.#maxRows) this.#full()
  }

  drain(receive: UpsertReceiver): void {
    for (const { topic, key, timestamp, value, headers } of this.#rows.values())
      receive(topic, key, timestamp, value, headers)
    this.#rows.clear()
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
