/**
 * Distinct times, the earliest first: window ends that wait for the watermark. Most come in ascending order and are a
 * list; the others wait in a binary heap. Either way a time costs little, however many there are.
 */
export class TimerQueue {
  /** In ascending order, from `#next` on. */
  #ascending: number[] = []
  #next = 0
  /** No time is in both. */
  readonly #heap: number[] = []
  readonly #inHeap = new Set<number>()

  get size(): number {
    return this.#ascending.length - this.#next + this.#heap.length
  }

  /** The earliest time, Infinity when empty. */
  get first(): number {
    return Math.min(
      this.#ascending[this.#next] ?? Number.POSITIVE_INFINITY,
      this.#heap[0] ?? Number.POSITIVE_INFINITY,
    )
  }

  add(time: number): void {
    if (this.#inHeap.size > 0 && this.#inHeap.has(time)) return
    const ascending = this.#ascending
    if (this.#next === ascending.length || ascending[ascending.length - 1]! < time) ascending.push(time)
    else if (!this.#isInList(time)) this.#addToHeap(time)
  }

  /** Takes out the earliest time. */
  shift(): number | undefined {
    if (this.size === 0) return undefined
    const { first } = this
    if (this.#heap[0] === first) this.#removeTop()
    else if (++this.#next === this.#ascending.length) this.#forget()
    else if (this.#next >= 1024 && this.#next * 2 > this.#ascending.length) this.#forget()
    return first
  }

  /** Those in (low, high], in ascending order. What came out of order is put into the list for it. */
  between(low: number, high: number): readonly number[] {
    if (this.#heap.length > 0) this.#unite()
    return this.#ascending.slice(this.#firstAbove(low), this.#firstAbove(high))
  }

  /** In ascending order. */
  [Symbol.iterator](): Iterator<number> {
    const times = [...this.#ascending.slice(this.#next), ...this.#heap]
    return times.sort((a, b) => a - b)[Symbol.iterator]()
  }

  /** Forgets the part of the list that was taken out. */
  #forget(): void {
    this.#ascending = this.#ascending.slice(this.#next)
    this.#next = 0
  }

  #isInList(time: number): boolean {
    const above = this.#firstAbove(time)
    return above > this.#next && this.#ascending[above - 1] === time
  }

  /** Position of the first time in the list that is later. */
  #firstAbove(time: number): number {
    let low = this.#next
    let high = this.#ascending.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#ascending[middle]! <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Moves the heap into the list, of which no more is touched than what is later than the heap's first. */
  #unite(): void {
    const late = this.#heap.sort((a, b) => a - b)
    const list = this.#ascending
    let from = list.length - 1
    for (const time of late) list.push(time)
    for (let at = list.length - 1, l = late.length - 1; l >= 0; at--) {
      const isFromList = from >= this.#next && list[from]! > late[l]!
      list[at] = isFromList ? list[from--]! : late[l--]!
    }
    late.length = 0
    this.#inHeap.clear()
  }

  #addToHeap(time: number): void {
    this.#inHeap.add(time)
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

  #removeTop(): void {
    const heap = this.#heap
    this.#inHeap.delete(heap[0]!)
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
