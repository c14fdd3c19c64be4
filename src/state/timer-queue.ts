/**
 * Distinct times, the earliest first: window ends that wait for the watermark, deadlines. A binary heap, so that times
 * may come in any order and however many; `delete` leaves its entry in the heap until that comes up.
 */
export class TimerQueue {
  readonly #heap: number[] = []
  readonly #times = new Set<number>()

  get size(): number {
    return this.#times.size
  }

  /** The earliest time, Infinity when empty. */
  get first(): number {
    return this.#heap[0] ?? Number.POSITIVE_INFINITY
  }

  has(time: number): boolean {
    return this.#times.has(time)
  }

  add(time: number): void {
    if (this.#times.has(time)) return
    this.#times.add(time)
    const heap = this.#heap
    let at = heap.push(time) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]! <= time) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = time
  }

  delete(time: number): void {
    this.#times.delete(time)
    this.#dropDeleted()
  }

  /** Takes out the earliest time. */
  shift(): number | undefined {
    const first = this.#heap[0]
    if (first === undefined) return undefined
    this.delete(first)
    return first
  }

  /** In ascending order. */
  [Symbol.iterator](): Iterator<number> {
    return [...this.#times].sort((a, b) => a - b)[Symbol.iterator]()
  }

  /** Afterwards the top of the heap is a time that is there. */
  #dropDeleted(): void {
    while (this.#heap.length > 0 && !this.#times.has(this.#heap[0]!)) this.#removeTop()
  }

  #removeTop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    const { length } = heap
    if (length === 0) return
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= length) break
      if (child + 1 < length && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= last) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}
