/**
 * How long a broker may hold a fetch that has nothing to bring. It answers with the first byte, so waiting longer makes
 * nothing late; but every answer costs both sides some work, and a process may have a thousand idle readers. So after an
 * empty answer the next request waits long, and after long silence the reader needs no request of its own.
 */
import type { FetchSettings } from './source-config.ts'

/** The wait of a request that should be answered soon. */
const SHORT_WAIT_MS = 20

export class FetchWait {
  readonly #settings: FetchSettings
  #isIdle = false
  #newsAt = performance.now()

  constructor(settings: FetchSettings) {
    this.#settings = settings
  }

  /** `isShort`: what the request leaves out is soon to be asked for again. */
  ms(isShort: boolean): number {
    const { maxWaitMs, idleWaitMs } = this.#settings
    if (isShort) return Math.min(SHORT_WAIT_MS, maxWaitMs)
    return this.#isIdle ? Math.max(maxWaitMs, idleWaitMs) : maxWaitMs
  }

  answered(isEmpty: boolean): void {
    this.#isIdle = isEmpty
    if (!isEmpty) this.#newsAt = performance.now()
  }

  /** Nothing has come for long. */
  get isSilent(): boolean {
    return this.#isIdle && performance.now() - this.#newsAt >= this.#settings.silentMs
  }
}
