/** The rows of a batch, sorted by the partition they go to, in batch order within each. */

export class RowsByPartition {
  #partitions = new Int32Array(0)
  #rows = new Int32Array(0)
  readonly #starts: number[] = []

  /**
   * Sorts rows `[0, length)`. `partitionOf` is asked once for each, in order. `rows(p)` is then what goes to
   * partition p; borrowed until the next call.
   */
  sort(length: number, numPartitions: number, partitionOf: (row: number) => number): void {
    if (this.#partitions.length < length) {
      this.#partitions = new Int32Array(length)
      this.#rows = new Int32Array(length)
    }
    const partitions = this.#partitions
    const starts = this.#starts
    starts.length = 0
    for (let p = 0; p <= numPartitions; p++) starts.push(0)
    for (let row = 0; row < length; row++) {
      const partition = partitionOf(row)
      partitions[row] = partition
      starts[partition]!++
    }
    for (let p = 1; p <= numPartitions; p++) starts[p]! += starts[p - 1]!
    // From behind, so that each start ends up where its partition begins.
    for (let row = length - 1; row >= 0; row--) this.#rows[--starts[partitions[row]!]!] = row
  }

  rows(partition: number): Int32Array {
    return this.#rows.subarray(this.#starts[partition]!, this.#starts[partition + 1]!)
  }
}
