/**
 * A run of records as typed arrays: no object per record. Starts and ends point into `bytes`, which is a fetch
 * response or a decompressed batch; a start of -1 is a null key or value. Reused; valid until the next decode.
 */

import type { PayloadRun } from '../../../formats/format.ts'
import { type ColumnMemory, float64sOf, heapMemory, int32sOf } from '../../../types/index.ts'
import { kernelsOrNull } from '../../../wasm/kernels.ts'

export class RecordRun {
  bytes: Uint8Array = new Uint8Array(0)
  length = 0
  readonly capacity: number
  /** Timestamps, keys and headers are of no interest and may be left unwritten. */
  readonly valuesOnly: boolean
  readonly #memory: ColumnMemory
  readonly offsets: Float64Array
  readonly timestamps: Float64Array
  readonly keyStarts: Int32Array
  readonly keyEnds: Int32Array
  readonly valueStarts: Int32Array
  readonly valueEnds: Int32Array
  /** Where the header count stands; the headers are read only when asked for. */
  readonly headerStarts: Int32Array
  readonly headerEnds: Int32Array

  /** Addresses of the arrays for the kernel, when all of them stand in the arena. */
  readonly addresses: Int32Array
  readonly isInArena: boolean

  constructor(capacity: number, memory: ColumnMemory = heapMemory, valuesOnly = false) {
    this.capacity = capacity
    this.valuesOnly = valuesOnly
    this.#memory = memory
    this.offsets = float64sOf(memory, capacity)
    this.timestamps = float64sOf(memory, capacity)
    this.keyStarts = int32sOf(memory, capacity)
    this.keyEnds = int32sOf(memory, capacity)
    this.valueStarts = int32sOf(memory, capacity)
    this.valueEnds = int32sOf(memory, capacity)
    this.headerStarts = int32sOf(memory, capacity)
    this.headerEnds = int32sOf(memory, capacity)
    const arrays = this.#arrays()
    this.addresses = Int32Array.from(arrays, array => array.byteOffset)
    const arena = kernelsOrNull()?.arena
    this.isInArena = arena !== undefined && arrays.every(array => arena.contains(array))
  }

  #arrays(): readonly (Float64Array | Int32Array)[] {
    const { offsets, timestamps, keyStarts, keyEnds, valueStarts, valueEnds, headerStarts, headerEnds } = this
    return [offsets, timestamps, keyStarts, keyEnds, valueStarts, valueEnds, headerStarts, headerEnds]
  }

  /** Gives the arrays back to their memory. */
  release(): void {
    for (const array of this.#arrays()) this.#memory.release(array)
  }

  get values(): PayloadRun {
    return { bytes: this.bytes, starts: this.valueStarts, ends: this.valueEnds, length: this.length }
  }

  get keys(): PayloadRun {
    return { bytes: this.bytes, starts: this.keyStarts, ends: this.keyEnds, length: this.length }
  }
}
