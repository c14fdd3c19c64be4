/**
 * A run of records as typed arrays: no object per record. Starts and ends point into `bytes`, which is a fetch
 * response or a decompressed batch; a start of -1 is a null key or value. Reused; valid until the next decode.
 */
import type { PayloadRun } from '../../../formats/format.ts'

export class RecordRun {
  bytes: Uint8Array = new Uint8Array(0)
  length = 0
  readonly capacity: number
  readonly offsets: Float64Array
  readonly timestamps: Float64Array
  readonly keyStarts: Int32Array
  readonly keyEnds: Int32Array
  readonly valueStarts: Int32Array
  readonly valueEnds: Int32Array
  /** Where the header count stands; the headers are read only when asked for. */
  readonly headerStarts: Int32Array
  readonly headerEnds: Int32Array

  constructor(capacity: number) {
    this.capacity = capacity
    this.offsets = new Float64Array(capacity)
    this.timestamps = new Float64Array(capacity)
    this.keyStarts = new Int32Array(capacity)
    this.keyEnds = new Int32Array(capacity)
    this.valueStarts = new Int32Array(capacity)
    this.valueEnds = new Int32Array(capacity)
    this.headerStarts = new Int32Array(capacity)
    this.headerEnds = new Int32Array(capacity)
  }

  get values(): PayloadRun {
    return { bytes: this.bytes, starts: this.valueStarts, ends: this.valueEnds, length: this.length }
  }

  get keys(): PayloadRun {
    return { bytes: this.bytes, starts: this.keyStarts, ends: this.keyEnds, length: this.length }
  }
}
