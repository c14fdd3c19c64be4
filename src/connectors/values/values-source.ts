/** Reads the splits of a ValuesTable. Split i belongs to subtask i mod parallelism; positions are element counts. */
import { runtimeFailure } from '../../errors/index.ts'
import { BatchBuilder } from '../../types/index.ts'
import type {
  Source,
  SourceBatch,
  SourceReader,
  SourceReaderContext,
  SourceRequest,
  SplitState,
  SplitStatus,
} from '../contract/index.ts'
import { physicalFields, wantedPositions } from '../shared/columns.ts'
import { RowsToBatch } from '../shared/rows-to-batch.ts'
import { WakeSignal } from '../shared/wake-signal.ts'
import type { ValuesOptions } from './values-options.ts'
import { type ValuesTable, valuesTable } from './values-table.ts'

const splitName = (index: number): string => `split-${index}`

interface OpenSplit {
  readonly index: number
  next: number
}

class ValuesReader implements SourceReader {
  readonly #table: ValuesTable
  readonly #options: ValuesOptions
  readonly #rows: RowsToBatch
  readonly #builder: BatchBuilder
  readonly #splits: readonly OpenSplit[]
  readonly #signal = new WakeSignal()
  readonly #stopListening: () => void
  #turn = 0

  constructor(request: SourceRequest, options: ValuesOptions, splits: readonly OpenSplit[]) {
    this.#table = valuesTable(options.dataId)
    this.#options = options
    this.#rows = new RowsToBatch(request.table.name, physicalFields(request.table), wantedPositions(request))
    this.#builder = new BatchBuilder(
      request.columns.map(column => column.type),
      options.rowsPerBatch,
    )
    this.#splits = splits
    this.#stopListening = this.#table.onChange(() => this.#signal.wake())
  }

  poll(): SourceBatch | null {
    for (let i = 0; i < this.#splits.length; i++) {
      const split = this.#splits[this.#turn]!
      this.#turn = (this.#turn + 1) % this.#splits.length
      if (split.next < this.#elements(split).length) return this.#read(split)
    }
    return null
  }

  /** Rows up to the batch's size, or up to and with the next watermark. */
  #read(split: OpenSplit): SourceBatch {
    const elements = this.#elements(split)
    this.#builder.reset()
    let watermark: number | undefined
    while (split.next < elements.length && this.#builder.length < this.#options.rowsPerBatch) {
      const element = elements[split.next]!
      if ('row' in element) this.#rows.append(this.#builder, element.row, element.kind ?? '+I')
      else watermark = element.watermark
      split.next++
      if (watermark !== undefined) break
    }
    const batch = { split: splitName(split.index), batch: this.#builder }
    return watermark === undefined ? batch : { ...batch, watermark }
  }

  #elements(split: OpenSplit) {
    return this.#table.splits[split.index]!
  }

  get #mayGrow(): boolean {
    return !this.#options.bounded && !this.#table.ended
  }

  ready(): Promise<void> {
    const hasRows = this.#splits.some(split => split.next < this.#elements(split).length)
    return hasRows || !this.#mayGrow ? Promise.resolve() : this.#signal.wait()
  }

  get finished(): boolean {
    return this.splits().every(split => split.finished)
  }

  splits(): readonly SplitStatus[] {
    return this.#splits.map(split => {
      const lag = this.#elements(split).length - split.next
      return {
        split: splitName(split.index),
        caughtUp: lag === 0,
        neverHeldRecords: this.#elements(split).length === 0,
        finished: lag === 0 && !this.#mayGrow,
        lag,
      }
    })
  }

  snapshot(): readonly SplitState[] {
    return this.#splits.map(split => ({ split: splitName(split.index), position: { next: split.next } }))
  }

  async close(): Promise<void> {
    this.#stopListening()
    this.#signal.wake()
  }
}

export class ValuesSource implements Source {
  readonly #request: SourceRequest
  readonly #options: ValuesOptions

  constructor(request: SourceRequest, options: ValuesOptions) {
    this.#request = request
    this.#options = options
  }

  async initialSplits(): Promise<readonly SplitState[]> {
    return valuesTable(this.#options.dataId).splits.map((_, index) => ({
      split: splitName(index),
      position: { next: 0 },
    }))
  }

  async createReader(context: SourceReaderContext): Promise<SourceReader> {
    const states = context.restored ?? (await this.initialSplits())
    const numSplits = valuesTable(this.#options.dataId).splits.length
    const own: OpenSplit[] = []
    for (const { split, position } of states) {
      const index = Number(split.slice('split-'.length))
      if (!(index < numSplits)) {
        throw runtimeFailure(
          'MR_VALUES_SPLIT_GONE',
          `table '${this.#request.table.name}': the checkpoint knows '${split}', but the registered rows do not`,
        )
      }
      if (index % context.parallelism !== context.subtask) continue
      own.push({ index, next: (position as { readonly next: number }).next })
    }
    return new ValuesReader(this.#request, this.#options, own)
  }

  async close(): Promise<void> {}
}
