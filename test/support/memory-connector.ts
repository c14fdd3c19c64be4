/**
 * A connector for runtime tests: scripted splits in, rows and protocol calls out. Each split is a list of batches
 * of plain rows; positions are batch numbers. The sink records what was written, flushed and committed.
 */
import type {
  Committer,
  Connector,
  PreparedTransaction,
  Sink,
  SinkWriter,
  Source,
  SourceReader,
  SplitState,
} from '../../src/connectors/contract/index.ts'
import { type Batch, BatchBuilder, type LogicalType, rowKindNames } from '../../src/types/index.ts'
import { type PlainValue, readPlain, writePlain } from '../../src/types/plain-value.ts'

export type Row = readonly PlainValue[]
/** Batches of rows per split. */
export type Script = Readonly<Record<string, readonly (readonly Row[])[]>>

export function toBatch(types: readonly LogicalType[], rows: readonly Row[]): BatchBuilder {
  const builder = new BatchBuilder(types)
  for (const row of rows) {
    const at = builder.addRow()
    row.forEach((value, c) => {
      writePlain(builder.columns[c]!, at, value)
    })
  }
  return builder
}

export class MemoryWorld {
  readonly script: Script
  /** Whether sources end after their script. */
  readonly bounded: boolean
  /** Rows by transaction label, committed in order; `open` has no label yet. */
  readonly committed: string[] = []
  readonly events: string[] = []
  /** Batches a reader may hand out; raised by tests that stop in the middle. */
  allowed = Number.POSITIVE_INFINITY
  #wakes = new Set<() => void>()
  failWrites = 0
  /** True = every poll of a reader fails. */
  failPolls = 0

  constructor(script: Script, bounded = true) {
    this.script = script
    this.bounded = bounded
  }

  allow(batches: number): void {
    this.allowed = batches
    for (const wake of this.#wakes) wake()
    this.#wakes.clear()
  }

  onAllowed(wake: () => void): void {
    this.#wakes.add(wake)
  }

  readonly connector = (transactional: boolean): Connector => ({
    name: 'memory',
    options: [],
    capabilities: () => ({}),
    createSource: request =>
      new MemorySource(
        this,
        request.columns.map(column => column.type),
      ),
    createSink: (request, job) =>
      new MemorySink(
        this,
        request.columns.map(column => column.type),
        transactional ? job.shared('group', () => new MemoryCommitter(this)) : null,
      ),
  })
}

class MemorySource implements Source {
  readonly #world: MemoryWorld
  readonly #types: readonly LogicalType[]

  constructor(world: MemoryWorld, types: readonly LogicalType[]) {
    this.#world = world
    this.#types = types
  }

  initialSplits(): Promise<readonly SplitState[]> {
    return Promise.resolve(Object.keys(this.#world.script).map(split => ({ split, position: 0 })))
  }

  createReader(context: {
    subtask: number
    parallelism: number
    restored: readonly SplitState[] | null
  }): Promise<SourceReader> {
    const own = (context.restored ?? []).filter((_, i) => i % context.parallelism === context.subtask)
    return Promise.resolve(new MemoryReader(this.#world, this.#types, own))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class MemoryReader implements SourceReader {
  readonly #world: MemoryWorld
  readonly #types: readonly LogicalType[]
  readonly #positions: Map<string, number>

  constructor(world: MemoryWorld, types: readonly LogicalType[], splits: readonly SplitState[]) {
    this.#world = world
    this.#types = types
    this.#positions = new Map(splits.map(({ split, position }) => [split, position as number]))
  }

  poll() {
    if (this.#world.failPolls > 0) {
      this.#world.failPolls--
      throw new Error('the source failed')
    }
    for (const [split, position] of this.#positions) {
      const rows = this.#world.script[split]![position]
      if (rows === undefined || position >= this.#world.allowed) continue
      this.#positions.set(split, position + 1)
      return { split, batch: toBatch(this.#types, rows) }
    }
    return null
  }

  ready(): Promise<void> {
    return new Promise(resolve => this.#world.onAllowed(resolve))
  }

  get finished(): boolean {
    return this.#world.bounded && this.splits().every(status => status.finished)
  }

  splits() {
    return [...this.#positions].map(([split, position]) => {
      const atEnd = position >= this.#world.script[split]!.length
      return {
        split,
        caughtUp: atEnd,
        neverHeldRecords: false,
        finished: this.#world.bounded && atEnd,
        lag: null,
      }
    })
  }

  snapshot(): readonly SplitState[] {
    return [...this.#positions].map(([split, position]) => ({ split, position }))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class MemorySink implements Sink {
  readonly #world: MemoryWorld
  readonly #types: readonly LogicalType[]
  readonly committer: MemoryCommitter | null

  constructor(world: MemoryWorld, types: readonly LogicalType[], committer: MemoryCommitter | null) {
    this.#world = world
    this.#types = types
    this.committer = committer
  }

  createWriter(): Promise<SinkWriter> {
    const world = this.#world
    let open: string[] = []
    return Promise.resolve({
      write: (batch: Batch) => {
        if (world.failWrites > 0) {
          world.failWrites--
          throw new Error('the sink failed')
        }
        for (let row = 0; row < batch.length; row++) {
          const values = this.#types.map((type, c) => String(readPlain(batch.columns[c]!, row, type)))
          open.push(`${rowKindNames[batch.kinds?.[row] ?? 0]} ${values.join(' ')}`)
        }
      },
      ready: () => null,
      flush: checkpointId => {
        const rows = open
        open = []
        if (this.committer === null) world.committed.push(...rows)
        else this.committer.add(checkpointId, rows)
        return Promise.resolve()
      },
      finish: () => {
        if (this.committer === null) world.committed.push(...open)
        open = []
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Rows stand in `handle`, so a recovery in a later attempt can commit them as a broker would. */
class MemoryCommitter implements Committer {
  readonly id = 'memory'
  readonly #world: MemoryWorld
  readonly #open = new Map<number, string[]>()

  constructor(world: MemoryWorld) {
    this.#world = world
  }

  add(checkpointId: number, rows: readonly string[]): void {
    this.#open.set(checkpointId, [...(this.#open.get(checkpointId) ?? []), ...rows])
  }

  recover: Committer['recover'] = async request => {
    this.#world.events.push(`recover ${request.prepared.map(({ label }) => label).join(',')}`)
    for (const transaction of request.prepared) await this.commit(transaction)
    return { kind: 'recovered', numResumed: request.prepared.length }
  }

  checkpointTimeoutMs({ timeoutMs }: { readonly timeoutMs: number }): number {
    return timeoutMs
  }

  begin(): Promise<void> {
    return Promise.resolve()
  }

  prepare(checkpointId: number): Promise<readonly PreparedTransaction[]> {
    const rows = this.#open.get(checkpointId) ?? []
    this.#open.delete(checkpointId)
    if (rows.length === 0) return Promise.resolve([])
    return Promise.resolve([
      { committer: this.id, label: checkpointId, handle: { rows: JSON.stringify(rows) } },
    ])
  }

  commit(transaction: PreparedTransaction): Promise<void> {
    this.#world.committed.push(...(JSON.parse(String(transaction.handle['rows'])) as string[]))
    return Promise.resolve()
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
