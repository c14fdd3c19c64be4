/** The longest turn of the event loop: the time between two visits of setImmediate, which comes once a turn. */
export class TurnMonitor {
  longestMs = 0
  #last = performance.now()
  #isStopped = false

  constructor() {
    this.#visit()
  }

  reset(): void {
    this.longestMs = 0
    this.#last = performance.now()
  }

  stop(): void {
    this.#isStopped = true
  }

  #visit(): void {
    const now = performance.now()
    this.longestMs = Math.max(this.longestMs, now - this.#last)
    this.#last = now
    if (!this.#isStopped) setImmediate(() => this.#visit())
  }
}
