/** Frames runs of encoded rows as records of a batch, by WebAssembly, and hands them to the batch's builder. */
import type { EncodedRows } from '../../../formats/format.ts'
import * as layout from '../../../wasm/assembly/layout.ts'
import type { Kernels } from '../../../wasm/kernels.ts'
import { Scratch } from '../../../wasm/scratch.ts'
import type { RecordBatchBuilder } from '../records/record-batch-builder.ts'

const SCRATCH_BYTES = 256 * 1024

export interface RowRun {
  readonly values: EncodedRows
  /** null = null keys. */
  readonly keys: EncodedRows | null
  readonly timestamp: number
}

export class RecordFramer {
  readonly #kernels: Kernels
  readonly #scratch: Scratch
  readonly #rows: Scratch

  constructor(kernels: Kernels) {
    this.#kernels = kernels
    this.#scratch = new Scratch(kernels.arena)
    this.#rows = new Scratch(kernels.arena)
  }

  /**
   * Adds rows `rows[from, to)`, or `[from, to)` itself without `rows`, until the batch holds `batchBytes`. Returns the
   * first that is not added: `from` if that record does not fit in what is left of `maxBytes`, or not in the scratch.
   */
  append(
    builder: RecordBatchBuilder,
    run: RowRun,
    rows: Int32Array | null,
    from: number,
    to: number,
    batchBytes: number,
    maxBytes: number,
  ): number {
    const kernels = this.#kernels
    const scratch = this.#scratch.reserve(SCRATCH_BYTES)
    const rowsAt = rows === null ? 0 : this.#placeRows(rows, from, to)
    if (scratch < 0 || rowsAt < 0) return from
    const { words } = kernels
    const set = (at: number, value: number) => {
      words[at >> 2] = value
    }
    set(layout.FRAME_VALUES, run.values.bytes.byteOffset)
    set(layout.FRAME_VALUE_OFFSETS, run.values.offsets.byteOffset)
    set(layout.FRAME_KEYS, run.keys?.bytes.byteOffset ?? 0)
    set(layout.FRAME_KEY_OFFSETS, run.keys?.offsets.byteOffset ?? 0)
    set(layout.FRAME_ROWS, rowsAt)
    // An empty batch takes a record whatever its limit.
    set(layout.FRAME_BATCH_BYTES, builder.isEmpty ? Math.max(batchBytes, builder.length + 1) : batchBytes)
    let next = from
    for (;;) {
      const before = builder.length
      set(layout.FRAME_BASE, scratch - before)
      set(layout.FRAME_POSITION, before)
      set(layout.FRAME_LIMIT, Math.min(maxBytes, before + SCRATCH_BYTES))
      set(layout.FRAME_NUM_RECORDS, builder.numRecords)
      const delta = BigInt(run.timestamp - builder.baseTimestampOf(run.timestamp))
      kernels.longs[layout.FRAME_TIMESTAMP_DELTA >> 3] = delta
      const start = next
      next = kernels.frameRecords(next, to)
      if (next === start) return next
      const end = words[layout.FRAME_POSITION >> 2]!
      builder.appendFramed(
        kernels.bytes.subarray(scratch, scratch + end - before),
        words[layout.FRAME_NUM_RECORDS >> 2]! - builder.numRecords,
        run.timestamp,
      )
      if (next === to || builder.length >= batchBytes) return next
    }
  }

  /** Address that stands for row number 0 of `rows`. */
  #placeRows(rows: Int32Array, from: number, to: number): number {
    const address = this.#rows.reserve((to - from) * 4)
    if (address < 0) return address
    this.#kernels.words.set(rows.subarray(from, to), address >> 2)
    return address - from * 4
  }

  release(): void {
    this.#scratch.release()
    this.#rows.release()
  }
}
