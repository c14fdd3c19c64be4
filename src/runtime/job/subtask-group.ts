/**
 * The subtasks of an attempt that share a thread, and what the attempt asks of them all: here those of this thread,
 * in threads/remote-subtasks.ts those of another.
 */
import type { Logger } from '../../logger/logger.ts'
import { type BuiltSubtask, closablesOf } from './subtask-builder.ts'
import { reportOf, type SubtaskReport } from './subtask-report.ts'
import type { Wiring } from './wiring.ts'

export interface SubtaskGroup {
  readonly size: number
  /** Something happened since the last barrier. */
  readonly isDirty: boolean
  /** Starts every subtask's loop. What one throws goes to the attempt's `fail`. */
  run(): void
  /** Lets every source emit its barrier. */
  trigger(checkpointId: number): void
  /** Sources stop after the next barrier. */
  pauseAfterBarrier(): void
  resume(): void
  /** Metrics; those of another thread may be some hundred ms old while it runs, and are exact when it has stopped. */
  reports(): readonly SubtaskReport[]
  /** Everything that sinks were given must be out: the job ends, or has no checkpoints. */
  finish(): Promise<void>
  /** Resolves when every loop has ended; nothing is processed afterwards. */
  stop(): Promise<void>
  /** After every group has stopped: gives back what is held, and logs what cannot be closed. */
  close(): Promise<void>
}

export class LocalSubtasks implements SubtaskGroup {
  readonly subtasks: readonly BuiltSubtask[]
  readonly #wiring: Wiring
  readonly #logger: Logger
  readonly #fail: (error: unknown) => void
  #loops: readonly Promise<void>[] = []

  constructor(options: {
    readonly subtasks: readonly BuiltSubtask[]
    readonly wiring: Wiring
    readonly logger: Logger
    fail(error: unknown): void
  }) {
    this.subtasks = options.subtasks
    this.#wiring = options.wiring
    this.#logger = options.logger
    this.#fail = options.fail
  }

  get size(): number {
    return this.subtasks.length
  }

  get isDirty(): boolean {
    return this.subtasks.some(({ subtask }) => subtask.dirty)
  }

  run(): void {
    this.#loops = this.subtasks.map(({ subtask }) => subtask.run().catch(this.#fail))
  }

  trigger(checkpointId: number): void {
    for (const { subtask } of this.subtasks)
      if (subtask.parts.head.kind === 'source') subtask.triggerCheckpoint(checkpointId)
  }

  pauseAfterBarrier(): void {
    for (const { subtask } of this.subtasks) subtask.pauseAfterBarrier()
  }

  resume(): void {
    for (const { subtask } of this.subtasks) subtask.resume()
  }

  reports(): readonly SubtaskReport[] {
    return this.subtasks.map(reportOf)
  }

  async finish(): Promise<void> {
    for (const { writers } of this.subtasks) for (const writer of writers) await writer.finish()
  }

  async stop(): Promise<void> {
    for (const { subtask } of this.subtasks) subtask.stop()
    await Promise.all(this.#loops)
  }

  async close(): Promise<void> {
    for (const { subtask } of this.subtasks) this.#giveBack(subtask)
    for (const pool of this.#wiring.pools) pool.close()
    this.#checkBatches()
    const closables = this.subtasks.flatMap(closablesOf)
    for (const result of await Promise.allSettled(closables.map(async closable => closable.close()))) {
      if (result.status === 'rejected') this.#warn('closing failed', result.reason)
    }
  }

  /** Every batch that is on its way. */
  #giveBack({ parts: { head, operators, exchanges } }: BuiltSubtask['subtask']): void {
    for (const { operator } of operators) {
      try {
        operator.close?.()
      } catch (error) {
        this.#warn('closing failed', error)
      }
    }
    for (const exchange of exchanges) exchange.close()
    if (head.kind === 'gate') head.gate.clear()
  }

  #checkBatches(): void {
    const numOutstanding = this.#wiring.pools.reduce((sum, pool) => sum + pool.numOutstanding, 0)
    if (numOutstanding === 0) return
    this.#logger.error('batches were not given back to their pools: a bug of Millrace', { numOutstanding })
  }

  #warn(message: string, error: unknown): void {
    this.#logger.warn(message, { reason: String(error) })
  }
}
