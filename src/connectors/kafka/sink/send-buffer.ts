/** Bytes written but not acknowledged, over everything that shares a producer: `buffer.memory`. */
export class SendBuffer {
  readonly #limit: number
  #used = 0
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  take(bytes: number): void {
    this.#used += bytes
  }

  give(bytes: number): void {
    this.#used -= bytes
    if (this.#used < this.#limit) this.release()
  }

  /** Lets every waiter go on: there is room, or they must learn of an error. */
  release(): void {
    this.#waiting?.resolve()
    this.#waiting = null
  }

  /** null when there is room. */
  room(): Promise<void> | null {
    if (this.#used < this.#limit) return null
    if (this.#waiting === null) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting = { promise, resolve }
    }
    return this.#waiting.promise
  }
}
