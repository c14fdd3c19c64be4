/**
 * The writing end of an exchange: spreads rows over one channel per reading subtask. Rows are copied into a
 * builder per target, which goes out when full, after `execution.buffer-timeout`, and always before a watermark,
 * a barrier, a status change or the end, which go to every target.
 */
import { appendSelected, BATCH_ROWS, type Batch, type BatchBuilder } from '../../types/index.ts'
import type { ChannelWriter } from './channel.ts'
import type { StreamElement } from './stream-element.ts'

/** Fills `out[i]` with the target channel of row i. */
export type Partitioner = (batch: Batch, out: Int32Array) => void

export class ExchangeWriter {
  readonly channels: readonly ChannelWriter[]
  readonly #partition: Partitioner | null
  readonly #builders: (BatchBuilder | null)[]
  #targets = new Int32Array(BATCH_ROWS)
  /** Row numbers of the batch, those of the first target first. */
  #rows = new Int32Array(BATCH_ROWS)
  /** Where the rows of each target end in `#rows`. */
  readonly #ends: Int32Array
  /** Whether a builder holds rows that have not gone out. */
  hasBuffered = false

  /** `partition` null: everything goes to the first channel. */
  constructor(channels: readonly ChannelWriter[], partition: Partitioner | null) {
    this.channels = channels
    this.#partition = channels.length === 1 ? null : partition
    this.#builders = channels.map(() => null)
    this.#ends = new Int32Array(channels.length)
  }

  write(batch: Batch): void {
    if (batch.length === 0) return
    if (this.#partition === null) this.#writeAll(batch)
    else this.#writePartitioned(batch, this.#partition)
  }

  #writeAll(batch: Batch): void {
    this.#reserve(batch.length)
    for (let i = 0; i < batch.length; i++) this.#rows[i] = i
    this.#append(0, batch, this.#rows, batch.length)
  }

  #writePartitioned(batch: Batch, partition: Partitioner): void {
    this.#reserve(batch.length)
    partition(batch, this.#targets)
    const ends = this.#ends
    groupRows(this.#targets, batch.length, ends, this.#rows)
    for (let t = 0, start = 0; t < ends.length; t++) {
      const end = ends[t]!
      if (end > start) this.#append(t, batch, this.#rows.subarray(start, end), end - start)
      start = end
    }
  }

  #reserve(length: number): void {
    if (this.#targets.length >= length) return
    this.#targets = new Int32Array(length)
    this.#rows = new Int32Array(length)
  }

  #append(target: number, batch: Batch, selection: Int32Array, count: number): void {
    let builder = this.#builders[target]
    if (builder === null || builder === undefined) {
      builder = this.channels[target]!.pool.acquire()
      this.#builders[target] = builder
    }
    appendSelected(builder, batch, selection, count)
    if (builder.length >= BATCH_ROWS) this.#flushTarget(target)
    else this.hasBuffered = true
  }

  #flushTarget(target: number): void {
    const batch = this.#builders[target]
    if (batch === null || batch === undefined) return
    this.#builders[target] = null
    this.channels[target]!.put({ kind: 'batch', batch })
  }

  flush(): void {
    if (!this.hasBuffered) return
    this.hasBuffered = false
    for (let t = 0; t < this.channels.length; t++) this.#flushTarget(t)
  }

  broadcast(element: Exclude<StreamElement, { kind: 'batch' }>): void {
    this.flush()
    for (const channel of this.channels) channel.put(element)
  }

  /** null when every channel has credit, else a promise for the first that lacks it. */
  ready(): Promise<void> | null {
    for (const channel of this.channels) if (!channel.hasCredit()) return channel.credit()
    return null
  }

  /** Gives buffered batches back; the job is being cancelled. */
  discard(): void {
    for (let t = 0; t < this.channels.length; t++) {
      const builder = this.#builders[t]
      if (builder !== null && builder !== undefined) this.channels[t]!.pool.release(builder)
      this.#builders[t] = null
    }
    this.hasBuffered = false
  }
}

/** Row numbers `[0, length)` in the order of their targets, each target's in their own; `ends` gets their borders. */
function groupRows(targets: Int32Array, length: number, ends: Int32Array, rows: Int32Array): void {
  ends.fill(0)
  for (let i = 0; i < length; i++) {
    const target = targets[i]!
    ends[target] = ends[target]! + 1
  }
  for (let t = 0, start = 0; t < ends.length; t++) {
    const count = ends[t]!
    ends[t] = start
    start += count
  }
  for (let i = 0; i < length; i++) {
    const target = targets[i]!
    const at = ends[target]!
    rows[at] = i
    ends[target] = at + 1
  }
}
