/**
 * The writing end of an exchange: spreads rows over one channel per reading subtask. Rows are copied into a
 * builder per target, which goes out when full, after `execution.buffer-timeout`, and always before a watermark,
 * a barrier, a status change or the end, which go to every target.
 */
import { appendSelected, type Batch, type BatchBuilder } from '../../types/index.ts'
import { copyByKernel } from '../../wasm/copy-selected.ts'
import type { ChannelWriter } from './channel.ts'
import type { RowGroups } from './row-groups.ts'
import type { StreamElement } from './stream-element.ts'

/** Fewer rows wait for others in a builder. */
const WHOLE_ROWS = 1024

export class ExchangeWriter {
  readonly channels: readonly ChannelWriter[]
  readonly #groups: RowGroups
  readonly #builders: (BatchBuilder | null)[]
  /** Whether a builder holds rows that have not gone out. */
  hasBuffered = false

  constructor(channels: readonly ChannelWriter[], groups: RowGroups) {
    this.channels = channels
    this.#groups = groups
    this.#builders = channels.map(() => null)
  }

  write(batch: Batch): void {
    if (batch.length === 0 || this.#copyWhole(batch)) return
    const groups = this.#groups
    groups.group(batch)
    for (let t = 0, start = 0; t < this.channels.length; t++) {
      const end = groups.ends[t]!
      if (end > start) this.#append(t, batch, groups.rows.subarray(start, end), end - start)
      start = end
    }
  }

  /** To the only reader as it is, where that costs no more than a builder. */
  #copyWhole(batch: Batch): boolean {
    if (this.channels.length !== 1 || batch.length < WHOLE_ROWS) return false
    const channel = this.channels[0]!
    if (channel.copy === undefined) return false
    this.flush()
    channel.copy(batch)
    return true
  }

  #append(target: number, batch: Batch, selection: Int32Array, count: number): void {
    let builder = this.#builders[target]
    if (builder === null || builder === undefined) {
      builder = this.channels[target]!.pool.acquire()
      this.#builders[target] = builder
    }
    const at = builder.length
    appendSelected(builder, batch, selection, count, copyByKernel)
    if (builder.keyHashes !== null && this.#groups.hashes !== null)
      copyByKernel(builder.keyHashes, at, this.#groups.hashes, selection, count)
    if (builder.length >= this.channels[target]!.pool.batchRows) this.#flushTarget(target)
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

  /** Gives buffered batches and its own memory back; nothing is written any more. */
  close(): void {
    for (let t = 0; t < this.channels.length; t++) {
      const builder = this.#builders[t]
      if (builder !== null && builder !== undefined) this.channels[t]!.pool.release(builder)
      this.#builders[t] = null
    }
    this.hasBuffered = false
    this.#groups.release()
  }
}
