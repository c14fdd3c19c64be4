/**
 * What the `script` connector of tests reads and writes: tables of scripted elements, sinks that commit exactly once
 * in memory, a clock moved by the script, and chaos: failures and pauses at seeded points.
 */
import type { JsRow, RowKind } from '../../../src/types/index.ts'
import { Random } from '../random.ts'

export type ScriptElement =
  /** Values of all physical and metadata columns, in the order they are declared. */
  | { readonly kind: RowKind; readonly values: readonly unknown[] }
  /** The watermark after the rows before it, epoch ms. */
  | { readonly watermark: number }
  /** Moves the clock when it is read, epoch ms. */
  | { readonly clock: number }

/** Elements are read in the order of `at` by each subtask, whatever split they are in. */
export interface PlacedElement {
  readonly at: number
  readonly element: ScriptElement
}

export interface ScriptTable {
  readonly splits: readonly (readonly PlacedElement[])[]
}

export interface ScriptChange {
  readonly kind: RowKind
  readonly row: JsRow
}

export interface WorldOptions {
  readonly rowsPerBatch?: number
  /** Absent = nothing fails. */
  readonly chaosSeed?: number
  /** Tables with more to come: they do not end, and hand out elements only as far as `allow` says. */
  readonly unbounded?: boolean
}

const MAX_FAILURES = 4

export class ScriptWorld {
  readonly tables = new Map<string, ScriptTable>()
  /** Committed changes by sink table. */
  readonly committed = new Map<string, ScriptChange[]>()
  /** What `commit` may still be asked for, by transaction label: outlives every attempt, as a broker would. */
  readonly prepared = new Map<string, ReadonlyMap<string, readonly ScriptChange[]>>()
  readonly rowsPerBatch: number
  /** Set to false between two runs, to let the next one end. */
  unbounded: boolean
  clockMs = 0
  /** Elements a split hands out, of unbounded tables. */
  allowed = 0
  numFailures = 0
  readonly #random: Random | null
  readonly #wakes = new Set<() => void>()

  constructor(options: WorldOptions = {}) {
    this.rowsPerBatch = options.rowsPerBatch ?? 1024
    this.unbounded = options.unbounded ?? false
    this.#random = options.chaosSeed === undefined ? null : new Random(options.chaosSeed)
  }

  /** Lets every split hand out its first `elements` elements. */
  allow(elements: number): void {
    this.allowed = elements
    for (const wake of this.#wakes) wake()
    this.#wakes.clear()
  }

  whenAllowed(): Promise<void> {
    return new Promise(resolve => this.#wakes.add(resolve))
  }

  get hasChaos(): boolean {
    return this.#random !== null
  }

  /** Throws now and then. */
  mayFail(where: string, probability: number): void {
    if (this.#random === null || this.numFailures >= MAX_FAILURES || !this.#random.chance(probability)) return
    this.numFailures++
    throw new Error(`injected failure ${this.numFailures} in ${where}`)
  }

  mayPause(): boolean {
    return this.#random?.chance(0.3) ?? false
  }

  commit(label: string): void {
    const sinks = this.prepared.get(label)
    if (sinks === undefined) return
    this.prepared.delete(label)
    for (const [sink, changes] of sinks) this.append(sink, changes)
  }

  append(sink: string, changes: readonly ScriptChange[]): void {
    this.committed.set(sink, [...(this.committed.get(sink) ?? []), ...changes])
  }
}
