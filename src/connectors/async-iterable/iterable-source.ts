/** Reads one async iterator: subtask 0 pulls, the others have nothing to do. */
import { connectorError, MillraceError } from '../../errors/index.ts'
import { BatchBuilder } from '../../types/index.ts'
import {
  nothingToRead,
  type Source,
  type SourceBatch,
  type SourceReader,
  type SourceReaderContext,
  type SourceRequest,
  type SplitState,
  type SplitStatus,
} from '../contract/index.ts'
import { physicalFields, wantedPositions } from '../shared/columns.ts'
import { type JsRowInput, RowsToBatch } from '../shared/rows-to-batch.ts'
import { WakeSignal } from '../shared/wake-signal.ts'
import { type IterableElement, isChange, isWatermark } from './iterable-element.ts'

const SPLIT = 'iterable'
const MAX_BUFFERED = 1024

class IterableReader implements SourceReader {
  readonly #iterator: AsyncIterator<IterableElement>
  readonly #rows: RowsToBatch
  readonly #builder: BatchBuilder
  readonly #signal = new WakeSignal()
  /** Pulled but not handed out; at most MAX_BUFFERED. */
  #buffer: IterableElement[] = []
  #offset: number
  #ended = false
  #failure: MillraceError | null = null
  #pumping = false
  #wanted = false

  constructor(request: SourceRequest, iterator: AsyncIterator<IterableElement>, offset: number) {
    this.#iterator = iterator
    this.#offset = offset
    this.#rows = new RowsToBatch(request.table.name, physicalFields(request.table), wantedPositions(request))
    this.#builder = new BatchBuilder(request.columns.map(column => column.type))
  }

  poll(): SourceBatch | null {
    this.#wanted = false
    if (this.#buffer.length === 0) {
      if (this.#failure !== null) throw this.#failure
      return null
    }
    this.#builder.reset()
    let numTaken = 0
    let watermark: number | undefined
    for (const element of this.#buffer) {
      numTaken++
      if (isWatermark(element)) {
        watermark = element.watermark
        break
      }
      if (isChange(element)) this.#rows.append(this.#builder, element.row, element.kind)
      else this.#rows.append(this.#builder, element as JsRowInput, '+I')
    }
    this.#buffer.splice(0, numTaken)
    this.#offset += numTaken
    const batch = { split: SPLIT, batch: this.#builder }
    return watermark === undefined ? batch : { ...batch, watermark }
  }

  ready(): Promise<void> {
    if (this.#buffer.length > 0 || this.#ended) return Promise.resolve()
    this.#wanted = true
    const waiting = this.#signal.wait()
    if (!this.#pumping) void this.#pump()
    return waiting
  }

  /**
   * Pulls while the runtime waits and there is room. The reader wakes a turn of the event loop after the first
   * element, so that elements which are there at once make one batch. Never rejects.
   */
  async #pump(): Promise<void> {
    this.#pumping = true
    try {
      while (this.#wanted && !this.#ended && this.#buffer.length < MAX_BUFFERED) {
        const next = await this.#iterator.next()
        if (next.done === true) this.#ended = true
        else this.#buffer.push(next.value)
        if (this.#buffer.length === 1) setImmediate(() => this.#signal.wake())
      }
    } catch (error) {
      this.#ended = true
      this.#failure =
        error instanceof MillraceError
          ? error
          : connectorError('MR_ITERABLE_FAILED', `the async iterable failed: ${String(error)}`, {
              cause: error,
            })
    } finally {
      this.#pumping = false
      this.#signal.wake()
    }
  }

  get finished(): boolean {
    return this.#ended && this.#failure === null && this.#buffer.length === 0
  }

  splits(): readonly SplitStatus[] {
    const isEmpty = this.#buffer.length === 0
    return [
      {
        split: SPLIT,
        caughtUp: isEmpty,
        neverHeldRecords: this.#offset === 0 && isEmpty,
        finished: this.finished,
        lag: null,
      },
    ]
  }

  snapshot(): readonly SplitState[] {
    return [{ split: SPLIT, position: { offset: this.#offset } }]
  }

  async close(): Promise<void> {
    this.#wanted = false
    this.#signal.wake()
    // An iterator that is waiting for its next element may never settle `return`: it is told, not awaited.
    this.#iterator.return?.().catch(() => {})
  }
}

export class IterableSource implements Source {
  readonly #request: SourceRequest
  readonly #open: (offset: number) => AsyncIterator<IterableElement>

  constructor(request: SourceRequest, open: (offset: number) => AsyncIterator<IterableElement>) {
    this.#request = request
    this.#open = open
  }

  async initialSplits(): Promise<readonly SplitState[]> {
    return [{ split: SPLIT, position: { offset: 0 } }]
  }

  async createReader(context: SourceReaderContext): Promise<SourceReader> {
    if (context.subtask !== 0) return nothingToRead
    const state = context.restored?.find(({ split }) => split === SPLIT)
    const { offset } = (state?.position ?? { offset: 0 }) as { readonly offset: number }
    return new IterableReader(this.#request, this.#open(offset), offset)
  }

  async close(): Promise<void> {}
}
