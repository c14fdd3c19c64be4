/** How a window speaks once: all groups as inserts, window properties filled in. */
import type { WindowProperty } from '../../../planner/plan-graph/plan-graph.ts'
import type { LogicalType } from '../../../types/index.ts'
import type { Aggregator, GroupRows } from '../../aggregates/aggregator.ts'
import type { OutputBuffer } from '../output-buffer.ts'
import type { WindowClock } from './window-clock.ts'
import { fillMillis, propertyMillis } from './window-properties.ts'

export class WindowResults {
  readonly #aggregator: Aggregator
  readonly #out: OutputBuffer
  readonly #properties: readonly WindowProperty[]
  readonly #types: readonly LogicalType[]
  readonly #clock: WindowClock

  /** `types` are those of the output columns. */
  constructor(
    aggregator: Aggregator,
    out: OutputBuffer,
    properties: readonly WindowProperty[],
    types: readonly LogicalType[],
    clock: WindowClock,
  ) {
    this.#aggregator = aggregator
    this.#out = out
    this.#properties = properties
    this.#types = types
    this.#clock = clock
  }

  /** Emits every group of the window in order of first appearance. */
  emit(rows: GroupRows, start: number, end: number): void {
    let next = 0
    while (next < rows.count) {
      const from = this.#out.length
      next = this.#aggregator.emit(rows, this.#out, next)
      this.fillProperties(from, this.#out.length, start, end)
      if (this.#out.length === this.#out.capacity) this.#out.flush()
    }
  }

  fillProperties(from: number, to: number, start: number, end: number): void {
    const first = this.#types.length - this.#properties.length
    for (let j = 0; j < this.#properties.length; j++) {
      const ms = propertyMillis(this.#properties[j]!, start, end, this.#types[first + j]!, this.#clock)
      fillMillis(this.#out.columns[first + j]!, from, to, ms)
    }
  }
}
