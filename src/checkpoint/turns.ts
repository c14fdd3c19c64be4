/** Cuts long work into turns, so that sockets, timers and the subtasks of the job are served in between. */
import { setImmediate } from 'node:timers/promises'

const TURN_MS = 5

export class Turns {
  #startedAt = performance.now()

  isOver(): boolean {
    return performance.now() - this.#startedAt >= TURN_MS
  }

  async next(): Promise<void> {
    await setImmediate()
    this.restart()
  }

  /** Others had their turn while this one waited for something. */
  restart(): void {
    this.#startedAt = performance.now()
  }
}
