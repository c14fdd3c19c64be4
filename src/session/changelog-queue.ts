/**
 * Rows on their way from a running query to a `for await` loop or a printer. Bounded: when the reader is behind,
 * `ready()` holds the query back. Copies rows into JavaScript values at once, because batches are borrowed.
 */
import { WakeSignal } from '../connectors/shared/wake-signal.ts'
import type { OutputField } from '../planner/plan-graph/plan-graph.ts'
import type { RowCollector } from '../runtime/operators/collect.ts'
import { type Batch, type RowKind, rowKindNames } from '../types/index.ts'
import { type JsRow, rowToJs } from '../types/js-value.ts'

export interface Change {
  readonly kind: RowKind
  readonly row: JsRow
}

const MAX_QUEUED = 10_000

export class ChangelogQueue implements RowCollector, AsyncIterable<Change> {
  readonly #fields: readonly OutputField[]
  #arriving: Change[] = []
  /** What the reader is going through; replaced by `#arriving` at its end, so that rows which were read are freed. */
  #reading: Change[] = []
  #next = 0
  #ended = false
  #error: unknown = null
  readonly #onRows = new WakeSignal()
  readonly #onRoom = new WakeSignal()

  constructor(fields: readonly OutputField[]) {
    this.#fields = fields
  }

  collect(batch: Batch): void {
    for (let row = 0; row < batch.length; row++) {
      this.#arriving.push({
        kind: rowKindNames[batch.kinds?.[row] ?? 0]!,
        row: rowToJs(batch, row, this.#fields),
      })
    }
    this.#onRows.wake()
  }

  get length(): number {
    return this.#arriving.length + this.#reading.length - this.#next
  }

  ready(): Promise<void> | null {
    return this.length < MAX_QUEUED ? null : this.#onRoom.wait()
  }

  /** No more rows will come; with an error, the reader gets it after the rows it has. */
  end(error: unknown = null): void {
    this.#ended = true
    this.#error = error
    this.#onRows.wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change> {
    for (;;) {
      while (this.length > 0) yield this.#take()
      if (this.#ended) break
      await this.#onRows.wait()
    }
    if (this.#error !== null) throw this.#error
  }

  #take(): Change {
    if (this.#next === this.#reading.length) {
      this.#reading = this.#arriving
      this.#arriving = []
      this.#next = 0
    }
    const change = this.#reading[this.#next]!
    this.#next++
    if (this.length < MAX_QUEUED / 2) this.#onRoom.wake()
    return change
  }
}
