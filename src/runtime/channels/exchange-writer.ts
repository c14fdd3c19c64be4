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
  #selections: Int32Array[] = []
  #counts: Int32Array
  /** Whether a builder holds rows that have not gone out. */
  hasBuffered = false

  /** `partition` null: everything goes to the first channel. */
  constructor(channels: readonly ChannelWriter[], partition: Partitioner | null) {
    this.channels = channels
    this.#partition = channels.length === 1 ? null : partition
    this.#builders = channels.map(() => null)
    this.#counts = new Int32Array(channels.length)
  }

  write(batch: Batch): void {
    if (batch.length === 0) return
    if (this.#partition === null) this.#writeAll(batch)
    else this.#writePartitioned(batch, this.#partition)
  }

  #writeAll(batch: Batch): void {
    const selection = this.#selection(0, batch.length)
    for (let i = 0; i < batch.length; i++) selection[i] = i
    this.#append(0, batch, selection, batch.length)
  }

  #writePartitioned(batch: Batch, partition: Partitioner): void {
    if (this.#targets.length < batch.length) this.#targets = new Int32Array(batch.length)
    const targets = this.#targets
    const counts = this.#counts.fill(0)
    partition(batch, targets)
    for (let t = 0; t < this.channels.length; t++) this.#selection(t, batch.length)
    const selections = this.#selections
    for (let i = 0; i < batch.length; i++) {
      const target = targets[i]!
      selections[target]![counts[target]!] = i
      counts[target]!++
    }
    for (let t = 0; t < this.channels.length; t++) {
      if (counts[t]! > 0) this.#append(t, batch, selections[t]!, counts[t]!)
    }
  }

  #selection(target: number, length: number): Int32Array {
    let selection = this.#selections[target]
    if (selection === undefined || selection.length < length) {
      selection = new Int32Array(Math.max(length, BATCH_ROWS))
      this.#selections[target] = selection
    }
    return selection
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
