/**
 * Shares the event loop between all subtasks of the process and the host. A turn ends after YIELD_MS, whichever
 * subtasks used it; then timers and sockets are served before the next subtask goes on. One subtask is resumed
 * per turn of the loop, in the order they asked, so many subtasks hold the host up no longer than one does.
 */
const YIELD_MS = 5

class EventLoopTurns {
  #startedAt = performance.now()
  #isScheduled = false
  readonly #waiting: (() => void)[] = []

  /** Whether the engine has had its share of this turn. */
  isOver(): boolean {
    return performance.now() - this.#startedAt >= YIELD_MS
  }

  /** Resolves in a later turn of the event loop, when it is the caller's. */
  next(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#startedAt = performance.now()
      const resume = this.#waiting.shift()
      if (this.#waiting.length > 0) this.#schedule()
      resume?.()
    })
  }
}

/** One per process: there is one event loop, however many jobs. */
export const eventLoopTurns = new EventLoopTurns()
