/** The least of many numbers of which one at a time changes: a tree, of which a change touches one path. */
export class LeastOf {
  /** Node i is the least of 2i and 2i + 1; the numbers are the last `#first` nodes. */
  readonly #nodes: Float64Array
  readonly #first: number

  constructor(count: number, value: number) {
    this.#first = 2 ** Math.ceil(Math.log2(Math.max(2, count)))
    this.#nodes = new Float64Array(this.#first * 2).fill(Number.POSITIVE_INFINITY)
    for (let i = 0; i < count; i++) this.set(i, value)
  }

  get least(): number {
    return this.#nodes[1]!
  }

  set(index: number, value: number): void {
    const nodes = this.#nodes
    let at = this.#first + index
    nodes[at] = value
    for (at >>>= 1; at >= 1; at >>>= 1) {
      const least = Math.min(nodes[at * 2]!, nodes[at * 2 + 1]!)
      if (nodes[at] === least) return
      nodes[at] = least
    }
  }
}
