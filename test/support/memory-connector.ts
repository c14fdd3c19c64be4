/**
 * A connector for runtime tests: scripted splits in, rows and protocol calls out. Each split is a list of batches
 * of plain rows; positions are batch numbers. The sink records what was written, flushed and committed.
 */
import { randomUUID } from 'node:crypto'
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

/** What can go wrong, by the call it goes wrong in. */
export type Fault = 'poll' | 'write' | 'flush' | 'prepare' | 'commit' | 'createWriter'

export class MemoryWorld {
  readonly script: Script
  /** Whether sources end after their script. */
  readonly bounded: boolean
  /** What each sink wrote and committed, in order. */
  readonly committedBy = new Map<string, string[]>()
  readonly events: string[] = []
  /** Batches a reader may hand out; raised by tests that stop in the middle. */
  allowed = Number.POSITIVE_INFINITY
  /** While set, every writer is without room. */
  sinkRoom: Promise<void> | null = null
  /** While set, a flush waits for it. */
  flushing: Promise<void> | null = null
  /** While set, a commit waits for it, as for a broker that is away. */
  committing: Promise<void> | null = null
  /** While set, sources wait for it before they start. */
  starting: Promise<void> | null = null
  /** Splits that say they are read to their end although more may come. */
  caughtUp = false
  /** Readers and writers that are open. */
  numOpen = 0
  numRowsWritten = 0
  numCommitsBegun = 0
  readonly #wakes = new Set<() => void>()
  readonly #faults = new Map<Fault, number>()
  readonly #transactions = new Set<string>()

  constructor(script: Script, bounded = true) {
    this.script = script
    this.bounded = bounded
  }

  /** All that was committed, over all sinks. */
  get committed(): string[] {
    return [...this.committedBy.values()].flat()
  }

  commit(sink: string, rows: readonly string[]): void {
    const committed = this.committedBy.get(sink) ?? []
    this.committedBy.set(sink, committed)
    for (const row of rows) committed.push(row)
  }

  /** Commits once, however often it is asked to, as a broker does. */
  commitTransaction(id: string, rows: readonly (readonly [string, string])[]): void {
    if (this.#transactions.has(id)) return
    this.#transactions.add(id)
    for (const [sink, row] of rows) this.commit(sink, [row])
  }

  /** The next `times` calls of that kind fail. */
  failNext(fault: Fault, times = 1): void {
    this.#faults.set(fault, times)
  }

  heal(): void {
    this.#faults.clear()
  }

  checkFault(fault: Fault): void {
    const left = this.#faults.get(fault) ?? 0
    if (left <= 0) return
    this.#faults.set(fault, left - 1)
    throw new Error(`the ${fault} failed`)
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
        request.table.options['splits'] ?? '',
      ),
    createSink: (request, job) =>
      new MemorySink(
        this,
        request.table.name,
        request.columns.map(column => column.type),
        transactional ? job.shared('group', () => new MemoryCommitter(this)) : null,
      ),
  })
}

class MemorySource implements Source {
  readonly #world: MemoryWorld
  readonly #types: readonly LogicalType[]

  readonly #prefix: string
  readonly #closed = Promise.withResolvers<void>()

  constructor(world: MemoryWorld, types: readonly LogicalType[], prefix: string) {
    this.#world = world
    this.#types = types
    this.#prefix = prefix
  }

  async initialSplits(): Promise<readonly SplitState[]> {
    await Promise.race([this.#world.starting, this.#closed.promise])
    const own = Object.keys(this.#world.script).filter(split => split.startsWith(this.#prefix))
    return own.map(split => ({ split, position: 0 }))
  }

  createReader(context: {
    subtask: number
    parallelism: number
    restored: readonly SplitState[] | null
  }): Promise<SourceReader> {
    const own = (context.restored ?? []).filter((_, i) => i % context.parallelism === context.subtask)
    return Promise.resolve(new MemoryReader(this.#world, this.#types, own))
  }

  async close(): Promise<void> {
    this.#closed.resolve()
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
    world.numOpen++
  }

  poll() {
    this.#world.checkFault('poll')
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
        caughtUp: atEnd || this.#world.caughtUp,
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
    this.#world.numOpen--
    return Promise.resolve()
  }
}

class MemorySink implements Sink {
  readonly #world: MemoryWorld
  readonly #name: string
  readonly #types: readonly LogicalType[]
  readonly committer: MemoryCommitter | null

  constructor(
    world: MemoryWorld,
    name: string,
    types: readonly LogicalType[],
    committer: MemoryCommitter | null,
  ) {
    this.#world = world
    this.#name = name
    this.#types = types
    this.committer = committer
  }

  async createWriter(): Promise<SinkWriter> {
    const world = this.#world
    world.checkFault('createWriter')
    world.numOpen++
    let open: string[] = []
    return {
      write: (batch: Batch) => {
        world.checkFault('write')
        for (let row = 0; row < batch.length; row++) {
          const values = this.#types.map((type, c) => String(readPlain(batch.columns[c]!, row, type)))
          open.push(`${rowKindNames[batch.kinds?.[row] ?? 0]} ${values.join(' ')}`)
        }
        world.numRowsWritten += batch.length
      },
      ready: () => world.sinkRoom,
      flush: async checkpointId => {
        const rows = open
        open = []
        world.checkFault('flush')
        if (this.committer === null) world.commit(this.#name, rows)
        else this.committer.add(checkpointId, this.#name, rows)
        await world.flushing
      },
      finish: async () => {
        if (this.committer === null) world.commit(this.#name, open)
        open = []
      },
      close: async () => void world.numOpen--,
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

type Written = readonly (readonly [sink: string, row: string])[]

/**
 * Rows stand in `handle`, so a recovery in a later attempt can commit them as a broker would. A `prepare` that fails
 * keeps the rows: they come with the next, in a transaction of their own, as the contract says.
 */
class MemoryCommitter implements Committer {
  readonly id = 'memory'
  readonly #world: MemoryWorld
  readonly #open = new Map<number, Written>()

  constructor(world: MemoryWorld) {
    this.#world = world
  }

  add(checkpointId: number, sink: string, rows: readonly string[]): void {
    if (rows.length === 0) return
    const before = this.#open.get(checkpointId) ?? []
    this.#open.set(checkpointId, [...before, ...rows.map(row => [sink, row] as const)])
  }

  recover: Committer['recover'] = async request => {
    this.#world.events.push(`recover ${request.prepared.map(({ label }) => label).join(',')}`)
    for (const transaction of request.prepared) await this.commit(transaction)
    return { kind: 'recovered', numResumed: request.prepared.length, committedThrough: request.lastConfirmed }
  }

  checkpointTimeoutMs({ timeoutMs }: { readonly timeoutMs: number }): number {
    return timeoutMs
  }

  begin(): Promise<void> {
    return Promise.resolve()
  }

  async prepare(checkpointId: number): Promise<readonly PreparedTransaction[]> {
    this.#world.checkFault('prepare')
    const labels = [...this.#open.keys()].filter(label => label <= checkpointId).sort((a, b) => a - b)
    return labels.map(label => {
      const rows = JSON.stringify(this.#open.get(label))
      this.#open.delete(label)
      return { committer: this.id, label, handle: { id: randomUUID(), rows } }
    })
  }

  async commit(transaction: PreparedTransaction): Promise<void> {
    this.#world.numCommitsBegun++
    await this.#world.committing
    this.#world.checkFault('commit')
    const { id, rows } = transaction.handle
    this.#world.commitTransaction(String(id), JSON.parse(String(rows)) as Written)
  }

  async abort(): Promise<void> {
    this.#open.clear()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
