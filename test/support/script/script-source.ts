/** Reads a ScriptTable. A batch ends at its size, at a watermark, at a clock, and where the split changes. */
import type {
  Source,
  SourceBatch,
  SourceReader,
  SourceReaderContext,
  SourceRequest,
  SplitState,
} from '../../../src/connectors/contract/index.ts'
import { fromJsValue } from '../../../src/types/from-js-value.ts'
import { BatchBuilder, rowKindNames } from '../../../src/types/index.ts'
import { writePlain } from '../../../src/types/plain-value.ts'
import type { PlacedElement, ScriptTable, ScriptWorld } from './script-world.ts'

interface OpenSplit {
  readonly name: string
  readonly elements: readonly PlacedElement[]
  next: number
}

/** A pause ends with the next checkpoint, or when none comes. */
const LONGEST_PAUSE_MS = 40

class ScriptReader implements SourceReader {
  readonly #world: ScriptWorld
  readonly #request: SourceRequest
  readonly #positions: readonly number[]
  readonly #builder: BatchBuilder
  readonly #splits: readonly OpenSplit[]
  #pause: PromiseWithResolvers<void> | null = null
  #readSinceSnapshot = false

  constructor(world: ScriptWorld, request: SourceRequest, splits: readonly OpenSplit[]) {
    this.#world = world
    this.#request = request
    const given = request.table.schema.columns.filter(column => column.kind !== 'computed')
    this.#positions = request.columns.map(wanted =>
      given.findIndex(column => (column.kind === 'metadata' ? column.key : column.name) === wanted.name),
    )
    this.#builder = new BatchBuilder(request.columns.map(column => column.type))
    this.#splits = splits
  }

  #limit(split: OpenSplit): number {
    return this.#world.unbounded
      ? Math.min(this.#world.allowed, split.elements.length)
      : split.elements.length
  }

  #nextSplit(): OpenSplit | null {
    const ready = this.#splits.filter(split => split.next < this.#limit(split))
    return ready.reduce<OpenSplit | null>(
      (first, split) =>
        first === null || split.elements[split.next]!.at < first.elements[first.next]!.at ? split : first,
      null,
    )
  }

  poll(): SourceBatch | null {
    if (this.#pause !== null) return null
    const split = this.#nextSplit()
    if (split === null) return null
    if (this.#readSinceSnapshot && this.#world.mayPause()) {
      this.#pause = Promise.withResolvers()
      setTimeout(() => this.#endPause(), LONGEST_PAUSE_MS)
      return null
    }
    this.#world.mayFail('poll', 0.05)
    this.#readSinceSnapshot = true
    return this.#read(split)
  }

  #read(split: OpenSplit): SourceBatch {
    this.#builder.reset()
    let at = split.elements[split.next]!.at
    let watermark: number | undefined
    while (split.next < this.#limit(split) && this.#builder.length < this.#world.rowsPerBatch) {
      const placed = split.elements[split.next]!
      const { element } = placed
      // Another split's element lies between.
      if (placed.at > at) break
      if ('clock' in element && this.#builder.length > 0) break
      split.next++
      at = placed.at + 1
      if ('values' in element) this.#append(element.kind, element.values)
      else if ('clock' in element) this.#world.clockMs = element.clock
      else watermark = element.watermark
      if (watermark !== undefined) break
    }
    const batch = { split: split.name, batch: this.#builder }
    return watermark === undefined ? batch : { ...batch, watermark }
  }

  #append(kind: (typeof rowKindNames)[number], values: readonly unknown[]): void {
    const row = this.#builder.addRow(rowKindNames.indexOf(kind))
    this.#request.columns.forEach((column, c) => {
      const value = fromJsValue(values[this.#positions[c]!], column.type, column.name)
      writePlain(this.#builder.columns[c]!, row, value)
    })
  }

  #endPause(): void {
    this.#pause?.resolve()
    this.#pause = null
  }

  ready(): Promise<void> {
    if (this.#pause !== null) return this.#pause.promise
    return this.#nextSplit() === null && this.#world.unbounded ? this.#world.whenAllowed() : Promise.resolve()
  }

  get finished(): boolean {
    return this.splits().every(split => split.finished)
  }

  /** A split whose turn is later is silent until then. */
  splits() {
    const turn = this.#nextSplit()
    return this.#splits
      .map(split => ({ split, caughtUp: split !== turn }))
      .map(({ split: { name, elements, next }, caughtUp }) => ({
        split: name,
        caughtUp,
        neverHeldRecords: elements.length === 0,
        finished: !this.#world.unbounded && next >= elements.length,
        lag: elements.length - next,
      }))
  }

  snapshot(): readonly SplitState[] {
    this.#endPause()
    this.#readSinceSnapshot = false
    return this.#splits.map(({ name, next }) => ({ split: name, position: next }))
  }

  close(): Promise<void> {
    this.#endPause()
    return Promise.resolve()
  }
}

export class ScriptSource implements Source {
  readonly #world: ScriptWorld
  readonly #request: SourceRequest
  readonly #table: ScriptTable

  constructor(world: ScriptWorld, request: SourceRequest) {
    this.#world = world
    this.#request = request
    this.#table = world.tables.get(request.table.options['script-table']!) ?? { splits: [[]] }
  }

  initialSplits(): Promise<readonly SplitState[]> {
    return Promise.resolve(this.#table.splits.map((_, i) => ({ split: `split-${i}`, position: 0 })))
  }

  createReader(context: SourceReaderContext): Promise<SourceReader> {
    const own = (context.restored ?? [])
      .map(({ split, position }) => ({
        index: Number(split.slice('split-'.length)),
        next: position as number,
      }))
      .filter(({ index }) => index % context.parallelism === context.subtask)
      .map(({ index, next }) => ({ name: `split-${index}`, elements: this.#table.splits[index]!, next }))
    return Promise.resolve(new ScriptReader(this.#world, this.#request, own))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
