/**
 * The longest turn of the event loop: the time between two visits of setImmediate, which comes once a turn. And the most
 * that this thread computed in one: on a machine with other work the first is longer.
 */
export class TurnMonitor {
  longestMs = 0
  longestCpuMs = 0
  #last = performance.now()
  #lastCpu = threadCpuMs()
  #isStopped = false

  constructor() {
    this.#visit()
  }

  reset(): void {
    this.longestMs = 0
    this.longestCpuMs = 0
    this.#last = performance.now()
    this.#lastCpu = threadCpuMs()
  }

  stop(): void {
    this.#isStopped = true
  }

  #visit(): void {
    const now = performance.now()
    const cpu = threadCpuMs()
    this.longestMs = Math.max(this.longestMs, now - this.#last)
    this.longestCpuMs = Math.max(this.longestCpuMs, cpu - this.#lastCpu)
    this.#last = now
    this.#lastCpu = cpu
    if (!this.#isStopped) setImmediate(() => this.#visit())
  }
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
