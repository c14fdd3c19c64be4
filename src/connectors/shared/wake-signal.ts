/** Lets a reader's `ready()` wait for something that happens outside: data, room, an error. */
export class WakeSignal {
  #waiting: Promise<void> | null = null
  #resolve: (() => void) | null = null

  /** Resolves at the next `wake`. */
  wait(): Promise<void> {
    this.#waiting ??= new Promise(resolve => {
      this.#resolve = resolve
    })
    return this.#waiting
  }

  wake(): void {
    const resolve = this.#resolve
    this.#waiting = null
    this.#resolve = null
    resolve?.()
  }
}
