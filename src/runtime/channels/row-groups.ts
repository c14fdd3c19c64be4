/**
 * The rows of a batch in the order of the channels they go to, each channel's in their own order. A hash exchange finds
 * the channel by the row's key group, as state does: by a kernel where the arena has room, else by the loop here, which
 * is the reference.
 */
import { keyGroupOf, subtaskOf } from '../../state/key-groups.ts'
import { BATCH_ROWS, type Batch, Int32Column, int32sOf } from '../../types/index.ts'
import { columnMemory } from '../../wasm/arena-memory.ts'
import { kernelsOrNull } from '../../wasm/kernels.ts'

/** Writes the key hash of each row of a batch to `out`. */
export type HashRows = (batch: Batch, out: Int32Array) => void

const none = new Int32Array(0)

export class RowGroups {
  /** Row numbers, those of the first target first. Longer than the batch. */
  rows: Int32Array = none
  /** Where the rows of each target end in `rows`. */
  ends: Int32Array = none
  /** Of each row of the batch; null where rows go in turn. */
  hashes: Int32Column | null = null
  readonly #memory = columnMemory()
  readonly #hash: HashRows | null
  readonly #numTargets: number
  readonly #maxParallelism: number
  /** The target of each key group. */
  #owners: Int32Array = none
  /** Of each row. */
  #targets: Int32Array = none
  /** Of the next row, where rows go to the targets in turn. */
  #next = 0

  /** `hash` null: rows go to the targets in turn. */
  constructor(hash: HashRows | null, numTargets: number, maxParallelism: number) {
    this.#hash = hash
    this.#numTargets = numTargets
    this.#maxParallelism = maxParallelism
  }

  group(batch: Batch): void {
    const { length } = batch
    this.#reserve(length)
    if (this.#numTargets === 1) this.ends[0] = length
    else if (this.#hash === null || this.hashes === null) {
      this.#dealOut(length)
      this.#groupRows(length)
    } else {
      const hashes = this.hashes.values
      this.#hash(batch, hashes)
      if (this.#groupByKernel(hashes, length)) return
      this.#findOwners(hashes, length)
      this.#groupRows(length)
    }
  }

  #reserve(length: number): void {
    if (this.rows.length >= length) return
    this.release()
    const room = Math.max(length, BATCH_ROWS)
    this.rows = int32sOf(this.#memory, room)
    this.ends = int32sOf(this.#memory, this.#numTargets)
    if (this.#numTargets === 1) {
      for (let row = 0; row < room; row++) this.rows[row] = row
      return
    }
    this.#targets = int32sOf(this.#memory, room)
    if (this.#hash !== null) this.hashes = new Int32Column(room, this.#memory)
    this.#owners = int32sOf(this.#memory, this.#maxParallelism)
    for (let group = 0; group < this.#maxParallelism; group++)
      this.#owners[group] = subtaskOf(group, this.#numTargets, this.#maxParallelism)
  }

  #dealOut(length: number): void {
    for (let row = 0; row < length; row++) {
      this.#targets[row] = this.#next
      this.#next = (this.#next + 1) % this.#numTargets
    }
  }

  #groupByKernel(hashes: Int32Array, length: number): boolean {
    const kernels = kernelsOrNull()
    if (kernels === null) return false
    for (const array of [hashes, this.#targets, this.#owners, this.ends, this.rows])
      if (!kernels.arena.contains(array)) return false
    kernels.groupRows(
      hashes.byteOffset,
      length,
      this.#targets.byteOffset,
      this.#owners.byteOffset,
      this.#maxParallelism,
      this.ends.byteOffset,
      this.#numTargets,
      this.rows.byteOffset,
    )
    return true
  }

  #groupRows(length: number): void {
    const { ends, rows } = this
    const targets = this.#targets
    ends.fill(0)
    for (let row = 0; row < length; row++) ends[targets[row]!]!++
    // Where each target's rows start, until they are placed.
    for (let t = 0, start = 0; t < ends.length; t++) {
      const count = ends[t]!
      ends[t] = start
      start += count
    }
    for (let row = 0; row < length; row++) rows[ends[targets[row]!]!++] = row
  }

  #findOwners(hashes: Int32Array, length: number): void {
    for (let row = 0; row < length; row++)
      this.#targets[row] = this.#owners[keyGroupOf(hashes[row]!, this.#maxParallelism)]!
  }

  release(): void {
    for (const array of [this.rows, this.ends, this.#targets, this.#owners])
      if (array !== none) this.#memory.release(array)
    this.hashes?.release()
    this.hashes = null
    this.rows = none
    this.ends = none
    this.#targets = none
    this.#owners = none
  }
}
