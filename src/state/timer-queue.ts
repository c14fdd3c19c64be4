/** Distinct times in ascending order: window ends that wait for the watermark, deadlines. */
export class TimerQueue {
  readonly #times: number[] = []

  get size(): number {
    return this.#times.length
  }

  /** The earliest time, Infinity when empty. */
  get first(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  has(time: number): boolean {
    return this.#times[this.#lowerBound(time)] === time
  }

  add(time: number): void {
    const times = this.#times
    if (times.length === 0 || times[times.length - 1]! < time) {
      times.push(time)
      return
    }
    const at = this.#lowerBound(time)
    if (times[at] !== time) times.splice(at, 0, time)
  }

  delete(time: number): void {
    const at = this.#lowerBound(time)
    if (this.#times[at] === time) this.#times.splice(at, 1)
  }

  /** Takes out the earliest time. */
  shift(): number | undefined {
    return this.#times.shift()
  }

  [Symbol.iterator](): Iterator<number> {
    return this.#times[Symbol.iterator]()
  }

  #lowerBound(time: number): number {
    let low = 0
    let high = this.#times.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#times[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }
}
