/**
 * Generates rows at a steady rate. Row numbers are dealt out over splits: split `i/k` holds rows i, i + k, i + 2k …,
 * so a checkpoint needs one count per split, replay gives the same rows, and another parallelism takes the
 * splits over as they are. Seed and start time are in the checkpoint.
 */
import { BATCH_ROWS, BatchBuilder } from '../../types/index.ts'
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
import type { DatagenOptions } from './datagen-options.ts'
import { createGenerator, type Generator } from './generators.ts'
import { RandomStream } from './random-stream.ts'

/** Time as the reader sees it; tests give their own. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number
  /** Resolves after `ms`, or as soon as the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      const stop = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal.addEventListener('abort', stop, { once: true })
    }),
}

interface Basis {
  readonly seed: number
  readonly startMs: number
}

interface SplitPosition extends Basis {
  readonly offset: number
  readonly stride: number
  /** Rows of this split that were handed out. */
  readonly numRows: number
}

interface OpenSplit {
  readonly name: string
  readonly position: SplitPosition
  numRows: number
  /** Rows handed out since this reader opened: what the rate is measured on. */
  numSinceOpen: number
}

/** The split a first start finds: its reader deals the rows out. */
const UNDEALT = 'rows'
/** A reader that is early waits at least this long, so that fast tables come in batches. */
const MIN_WAIT_MS = 5

interface ReaderParts {
  readonly request: SourceRequest
  readonly options: DatagenOptions
  readonly generators: readonly Generator[]
  readonly numRows: number
  readonly clock: Clock
}

class DatagenReader implements SourceReader {
  readonly #parts: ReaderParts
  readonly #splits: OpenSplit[]
  readonly #fieldPositions: readonly number[]
  readonly #builder: BatchBuilder
  readonly #random = new RandomStream()
  readonly #openedAt: number
  readonly #closing = new AbortController()
  #turn = 0

  constructor(parts: ReaderParts, positions: readonly SplitPosition[]) {
    this.#parts = parts
    this.#fieldPositions = wantedPositions(parts.request)
    this.#builder = new BatchBuilder(parts.request.columns.map(column => column.type))
    this.#openedAt = parts.clock.now()
    this.#splits = positions.map(position => ({
      name: `${position.offset}/${position.stride}`,
      position,
      numRows: position.numRows,
      numSinceOpen: 0,
    }))
  }

  poll(): SourceBatch | null {
    for (let i = 0; i < this.#splits.length; i++) {
      const split = this.#splits[this.#turn]!
      this.#turn = (this.#turn + 1) % this.#splits.length
      const count = Math.min(this.#numDue(split), this.#numLeft(split), BATCH_ROWS)
      if (count > 0) return this.#generate(split, count)
    }
    return null
  }

  #generate(split: OpenSplit, count: number): SourceBatch {
    const builder = this.#builder
    const { position } = split
    const context = { ...position, rowsPerSecond: this.#parts.options.rowsPerSecond }
    builder.reset()
    for (let i = 0; i < count; i++) {
      const n = position.offset + (split.numRows + i) * position.stride
      const row = builder.addRow()
      for (let c = 0; c < this.#fieldPositions.length; c++) {
        const field = this.#fieldPositions[c]!
        this.#random.reset(position.seed, field, n)
        this.#parts.generators[field]!.write(builder.columns[c]!, row, this.#random, n, context)
      }
    }
    split.numRows += count
    split.numSinceOpen += count
    return { split: split.name, batch: builder }
  }

  /** Rows the rate allows by now; the first at once. */
  #numDue(split: OpenSplit): number {
    const perMs = this.#parts.options.rowsPerSecond / split.position.stride / 1000
    const elapsed = this.#parts.clock.now() - this.#openedAt
    return Math.floor(elapsed * perMs) + 1 - split.numSinceOpen
  }

  #numLeft(split: OpenSplit): number {
    const { offset, stride } = split.position
    return Math.max(0, Math.ceil((this.#parts.numRows - offset) / stride) - split.numRows)
  }

  /** Resolves when the next row is due; at once when all are out. */
  async ready(): Promise<void> {
    const open = this.#splits.filter(split => this.#numLeft(split) > 0)
    if (open.length === 0 || this.#closing.signal.aborted) return
    const waits = open.map(split => {
      const perMs = this.#parts.options.rowsPerSecond / split.position.stride / 1000
      return this.#openedAt + split.numSinceOpen / perMs - this.#parts.clock.now()
    })
    const wait = Math.min(...waits)
    if (wait > 0) await this.#parts.clock.sleep(Math.max(MIN_WAIT_MS, Math.ceil(wait)), this.#closing.signal)
  }

  get finished(): boolean {
    return this.#splits.every(split => this.#numLeft(split) === 0)
  }

  splits(): readonly SplitStatus[] {
    return this.#splits.map(split => {
      const left = this.#numLeft(split)
      return {
        split: split.name,
        caughtUp: left === 0 || this.#numDue(split) <= 0,
        neverHeldRecords: split.numRows === 0 && left === 0,
        finished: left === 0,
        lag: Number.isFinite(left) ? left : null,
      }
    })
  }

  snapshot(): readonly SplitState[] {
    return this.#splits.map(split => ({
      split: split.name,
      position: { ...split.position, numRows: split.numRows },
    }))
  }

  async close(): Promise<void> {
    this.#closing.abort()
  }
}

export class DatagenSource implements Source {
  readonly #parts: ReaderParts

  constructor(request: SourceRequest, options: DatagenOptions, clock: Clock = systemClock) {
    const generators = physicalFields(request.table).map(({ name, type }) =>
      createGenerator(name, type, options),
    )
    this.#parts = { request, options, generators, numRows: totalRows(options, generators), clock }
  }

  async initialSplits(): Promise<readonly SplitState[]> {
    const { options } = this.#parts
    const position: Basis = {
      seed: options.seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER),
      startMs: options.startMs ?? Date.now(),
    }
    return [{ split: UNDEALT, position }]
  }

  async createReader(context: SourceReaderContext): Promise<SourceReader> {
    const states = context.restored ?? (await this.initialSplits())
    const positions = states.flatMap(({ split, position }): SplitPosition[] => {
      if (split === UNDEALT) {
        const basis = position as Basis
        return [{ ...basis, offset: context.subtask, stride: context.parallelism, numRows: 0 }]
      }
      const dealt = position as SplitPosition
      return dealt.offset % context.parallelism === context.subtask ? [dealt] : []
    })
    return new DatagenReader(this.#parts, positions)
  }

  async close(): Promise<void> {}
}

/** Rows of the table: the least of `number-of-rows` and its sequences; Infinity = unbounded. */
export function totalRows(options: DatagenOptions, generators: readonly Generator[]): number {
  const lengths = generators.flatMap(generator =>
    generator.numRows === undefined ? [] : [generator.numRows],
  )
  return Math.min(options.numberOfRows ?? Number.POSITIVE_INFINITY, ...lengths)
}
