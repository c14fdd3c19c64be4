/** The broker's time in epoch milliseconds: real time plus what tests have advanced it by. */
export class Clock {
  #offsetMs = 0
  readonly #source: () => number

  constructor(source: () => number = Date.now) {
    this.#source = source
  }

  now(): number {
    return this.#source() + this.#offsetMs
  }

  advance(ms: number): void {
    this.#offsetMs += ms
  }
}
