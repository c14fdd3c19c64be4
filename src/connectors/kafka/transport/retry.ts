/** Waits between tries: 20 ms doubling to 1 s, with jitter so that many clients do not knock in step. */
export const FIRST_BACKOFF_MS = 20
export const LAST_BACKOFF_MS = 1_000

export class Backoff {
  #tries = 0

  get tries(): number {
    return this.#tries
  }

  reset(): void {
    this.#tries = 0
  }

  /** Waits longer each time. `signal` ends the wait early, without an error. */
  async wait(signal?: AbortSignal): Promise<void> {
    const full = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#tries, 10))
    this.#tries++
    await sleep(full * (0.75 + Math.random() * 0.5), signal)
  }
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
