/** A sink with transactions in memory: what was not prepared and committed is never seen. Without checkpoints it writes at once. */
import type {
  Committer,
  PreparedTransaction,
  Sink,
  SinkRequest,
  SinkWriter,
} from '../../../src/connectors/contract/index.ts'
import { type Batch, rowKindNames, rowToJs } from '../../../src/types/index.ts'
import type { ScriptChange, ScriptWorld } from './script-world.ts'

export class ScriptCommitter implements Committer {
  readonly id = 'script'
  readonly #world: ScriptWorld
  readonly #jobName: string
  readonly #flushed = new Map<number, Map<string, ScriptChange[]>>()

  constructor(world: ScriptWorld, jobName: string) {
    this.#world = world
    this.#jobName = jobName
  }

  add(checkpointId: number, sink: string, changes: readonly ScriptChange[]): void {
    const sinks = this.#flushed.get(checkpointId) ?? new Map<string, ScriptChange[]>()
    this.#flushed.set(checkpointId, sinks)
    sinks.set(sink, [...(sinks.get(sink) ?? []), ...changes])
  }

  recover: Committer['recover'] = async request => {
    for (const transaction of request.prepared) await this.commit(transaction)
    // Whatever else was prepared has no manifest: fenced.
    for (const label of this.#world.prepared.keys())
      if (label.startsWith(`${this.#jobName}/`)) this.#world.prepared.delete(label)
    return { kind: 'recovered', numResumed: request.prepared.length, committedThrough: request.lastConfirmed }
  }

  /** Jobs of one world count their checkpoints each for itself. */
  #labelOf(checkpointId: number): string {
    return `${this.#jobName}/${checkpointId}`
  }

  checkpointTimeoutMs({ timeoutMs }: { readonly timeoutMs: number }): number {
    return timeoutMs
  }

  begin(): Promise<void> {
    return Promise.resolve()
  }

  async prepare(checkpointId: number): Promise<readonly PreparedTransaction[]> {
    this.#world.mayFail('prepare', 0.05)
    const sinks = this.#flushed.get(checkpointId)
    this.#flushed.delete(checkpointId)
    if (sinks === undefined) return []
    this.#world.prepared.set(this.#labelOf(checkpointId), sinks)
    return [{ committer: this.id, label: checkpointId, handle: {} }]
  }

  async commit({ label }: PreparedTransaction): Promise<void> {
    this.#world.mayFail('commit', 0.05)
    this.#world.commit(this.#labelOf(label))
    this.#world.mayFail('the answer to commit', 0.05)
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export class ScriptSink implements Sink {
  readonly committer: ScriptCommitter | null
  readonly #world: ScriptWorld
  readonly #request: SinkRequest

  constructor(world: ScriptWorld, request: SinkRequest, committer: ScriptCommitter | null) {
    this.#world = world
    this.#request = request
    this.committer = committer
  }

  createWriter(): Promise<SinkWriter> {
    let open: ScriptChange[] = []
    const sink = this.#request.table.options['script-table']!
    return Promise.resolve({
      write: (batch: Batch) => {
        this.#world.mayFail('write', 0.05)
        for (let row = 0; row < batch.length; row++) {
          const kind = rowKindNames[batch.kinds?.[row] ?? 0]!
          open.push({ kind, row: rowToJs(batch, row, this.#request.columns) })
        }
      },
      ready: () => null,
      flush: async (checkpointId: number) => {
        this.committer?.add(checkpointId, sink, open)
        open = []
        this.#world.mayFail('flush', 0.05)
      },
      finish: async () => {
        if (this.committer === null) this.#world.append(sink, open)
        else if (open.length > 0) throw new Error('rows were left behind by the last checkpoint')
      },
      close: () => Promise.resolve(),
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
