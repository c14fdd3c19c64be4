/** Where a kernel finds a run of payloads: in place when it stands in the arena, else as a copy. */
import type { Kernels } from '../../wasm/kernels.ts'
import { Scratch } from '../../wasm/scratch.ts'
import type { PayloadRun } from '../format.ts'

export class KernelInput {
  readonly #kernels: Kernels
  readonly #payloads: Scratch
  readonly #positions: Scratch
  #records: Int32Array | null = null
  /** Address that stands for position 0 of the run's bytes; may lie outside of what was copied. */
  base = 0
  starts = 0
  ends = 0
  records = 0

  constructor(kernels: Kernels) {
    this.#kernels = kernels
    this.#payloads = new Scratch(kernels.arena)
    this.#positions = new Scratch(kernels.arena)
  }

  /** Makes records `[from, to)` and room for their indexes reachable; false when the arena is full. */
  place(run: PayloadRun, from: number, to: number, records: Int32Array): boolean {
    const { arena } = this.#kernels
    this.base = arena.contains(run.bytes) ? run.bytes.byteOffset : this.#copyPayloads(run, from, to)
    if (this.base === UNREACHABLE) return false
    this.starts = run.starts.byteOffset
    this.ends = run.ends.byteOffset
    this.records = records.byteOffset
    this.#records = null
    if (arena.contains(run.starts) && arena.contains(run.ends) && arena.contains(records)) return true
    const count = to - from
    const address = this.#positions.reserve((count * 2 + records.length) * 4)
    if (address < 0) return false
    const word = address >> 2
    this.#kernels.words.set(run.starts.subarray(from, to), word)
    this.#kernels.words.set(run.ends.subarray(from, to), word + count)
    this.starts = address - from * 4
    this.ends = address + (count - from) * 4
    this.records = address + count * 8
    this.#records = records
    return true
  }

  /** Hands the indexes of rows `[row, rows)` to the caller's array. */
  takeRecords(row: number, rows: number): void {
    if (this.#records === null) return
    const word = this.records >> 2
    this.#records.set(this.#kernels.words.subarray(word + row, word + rows), row)
  }

  #copyPayloads({ bytes, starts, ends }: PayloadRun, from: number, to: number): number {
    let first = Number.POSITIVE_INFINITY
    let last = 0
    for (let i = from; i < to; i++) {
      const start = starts[i]!
      if (start < 0) continue
      if (start < first) first = start
      if (ends[i]! > last) last = ends[i]!
    }
    if (last <= first) first = last
    const address = this.#payloads.reserve(last - first)
    if (address < 0) return UNREACHABLE
    this.#kernels.bytes.set(bytes.subarray(first, last), address)
    return address - first
  }

  release(): void {
    this.#payloads.release()
    this.#positions.release()
  }
}

const UNREACHABLE = Number.NEGATIVE_INFINITY
