/**
 * Rows on their way from a running query to a `for await` loop or a printer. Bounded: when the reader is behind,
 * `ready()` holds the query back. Copies rows into JavaScript values at once, because batches are borrowed.
 */

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
  #queue: Change[] = []
  #head = 0
  #ended = false
  #error: unknown = null
  #onRows: (() => void) | null = null
  #onRoom: (() => void) | null = null

  constructor(fields: readonly OutputField[]) {
    this.#fields = fields
  }

  collect(batch: Batch): void {
    for (let row = 0; row < batch.length; row++) {
      this.#queue.push({
        kind: rowKindNames[batch.kinds?.[row] ?? 0]!,
        row: rowToJs(batch, row, this.#fields),
      })
    }
    this.#wakeReader()
  }

  ready(): Promise<void> | null {
    if (this.#queue.length - this.#head < MAX_QUEUED) return null
    return new Promise(resolve => {
      this.#onRoom = resolve
    })
  }

  /** No more rows will come; with an error, the reader gets it after the rows it has. */
  end(error: unknown = null): void {
    this.#ended = true
    this.#error = error
    this.#wakeReader()
  }

  #wakeReader(): void {
    const wake = this.#onRows
    this.#onRows = null
    wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change> {
    for (;;) {
      while (this.#head < this.#queue.length) yield this.#take()
      if (this.#ended) break
      await new Promise<void>(resolve => {
        this.#onRows = resolve
      })
    }
    if (this.#error !== null) throw this.#error
  }

  #take(): Change {
    const change = this.#queue[this.#head]!
    this.#head++
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    }
    if (this.#onRoom !== null && this.#queue.length - this.#head < MAX_QUEUED / 2) {
      this.#onRoom()
      this.#onRoom = null
    }
    return change
  }
}
