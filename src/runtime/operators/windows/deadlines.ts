/** Windows that wait for a moment to speak, by their ends. No question looks at more than it answers. */
import { TimerQueue } from '../../../state/timer-queue.ts'

export class Deadlines {
  readonly #byEnd = new Map<number, number>()
  /** Ends by deadline; those whose deadline is another by now, or none, are passed over. */
  readonly #ends = new Map<number, number[]>()
  readonly #times = new TimerQueue()

  has(end: number): boolean {
    return this.#byEnd.has(end)
  }

  /** Of a window that has none. */
  set(end: number, deadline: number): void {
    this.#byEnd.set(end, deadline)
    const ends = this.#ends.get(deadline)
    if (ends !== undefined) {
      ends.push(end)
      return
    }
    this.#ends.set(deadline, [end])
    this.#times.add(deadline)
  }

  delete(end: number): void {
    this.#byEnd.delete(end)
  }

  /** The earliest, Infinity when no window waits. */
  get next(): number {
    for (;;) {
      const { first } = this.#times
      const ends = this.#ends.get(first)
      if (ends === undefined) return first
      while (ends.length > 0 && this.#byEnd.get(ends.at(-1)!) !== first) ends.pop()
      if (ends.length > 0) return first
      this.#shift()
    }
  }

  /** Takes out the windows whose deadline has come, in the order of their ends. */
  takeDue(now: number): readonly number[] {
    const due: number[] = []
    while (this.next <= now) {
      const deadline = this.#times.first
      for (const end of this.#ends.get(deadline)!) {
        if (this.#byEnd.get(end) !== deadline) continue
        this.#byEnd.delete(end)
        due.push(end)
      }
      this.#shift()
    }
    return due.sort((a, b) => a - b)
  }

  #shift(): void {
    this.#ends.delete(this.#times.shift()!)
  }
}
