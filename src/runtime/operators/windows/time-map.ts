/**
 * Times to things, however many: open addressing over plain arrays. A Map would make an object of every time it is asked
 * for, and compare through one.
 */
import { hashOfTime } from '../../aggregates/time-hash.ts'

const FIRST_SLOTS = 16

export class TimeMap<T> {
  #times = new Float64Array(FIRST_SLOTS)
  #things: (T | undefined)[] = new Array<T | undefined>(FIRST_SLOTS).fill(undefined)
  size = 0

  get(time: number): T | undefined {
    return this.#things[this.#find(time, hashOfTime(time))]
  }

  /** Things of the first `count` times, whose hashes are given. In a loop of its own, so that the processor has many of them under way. */
  getAll(times: Float64Array, hashes: Int32Array, count: number, into: (T | undefined)[]): void {
    for (let i = 0; i < count; i++) into[i] = this.#things[this.#find(times[i]!, hashes[i]!)]
  }

  set(time: number, thing: T): void {
    const at = this.#find(time, hashOfTime(time))
    if (this.#things[at] === undefined) this.size++
    this.#times[at] = time
    this.#things[at] = thing
    if (this.size * 2 > this.#things.length) this.#grow()
  }

  delete(time: number): void {
    let hole = this.#find(time, hashOfTime(time))
    if (this.#things[hole] === undefined) return
    this.size--
    const mask = this.#things.length - 1
    for (let at = (hole + 1) & mask; this.#things[at] !== undefined; at = (at + 1) & mask) {
      const home = hashOfTime(this.#times[at]!) & mask
      // Moves back only if its home is not cyclically inside (hole, at].
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      this.#times[hole] = this.#times[at]!
      this.#things[hole] = this.#things[at]
      hole = at
    }
    this.#things[hole] = undefined
  }

  /** Where the time is, or the free place where it would be. */
  #find(time: number, hash: number): number {
    const mask = this.#things.length - 1
    let at = hash & mask
    while (this.#things[at] !== undefined && this.#times[at] !== time) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const times = this.#times
    const things = this.#things
    this.#times = new Float64Array(times.length * 2)
    this.#things = new Array<T | undefined>(times.length * 2).fill(undefined)
    for (let i = 0; i < things.length; i++) {
      if (things[i] === undefined) continue
      const at = this.#find(times[i]!, hashOfTime(times[i]!))
      this.#times[at] = times[i]!
      this.#things[at] = things[i]
    }
  }
}
