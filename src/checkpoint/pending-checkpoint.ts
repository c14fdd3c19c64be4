/** Collects the acknowledgements of one checkpoint. */
import type { FrozenState } from '../state/state-io.ts'
import type { EncodedState } from './encode-state.ts'

/** A subtask's part of a checkpoint, as the runtime hands it over. */
export interface AcknowledgedSubtask {
  readonly subtask: number
  readonly nodes: readonly {
    readonly nodeId: string
    /** Encoded already when they come from another thread. */
    readonly states: readonly (FrozenState | EncodedState)[]
    readonly values: readonly { readonly name: string; readonly value: unknown }[]
  }[]
  readonly alignmentMs: number
}

export class PendingCheckpoint {
  readonly id: number
  readonly triggeredAt = performance.now()
  readonly acknowledgements: AcknowledgedSubtask[] = []
  /** Longest time from the trigger to a subtask's first barrier, ms. */
  startDelayMs = 0
  #missing: number
  readonly #done = Promise.withResolvers<void>()

  constructor(id: number, numSubtasks: number) {
    this.id = id
    this.#missing = numSubtasks
    this.#done.promise.catch(() => {})
    if (numSubtasks === 0) this.#done.resolve()
  }

  /** `flushed` settles when the subtask's sinks have every row acknowledged. */
  acknowledge(part: AcknowledgedSubtask, flushed: Promise<void>): void {
    this.acknowledgements.push(part)
    this.startDelayMs = Math.max(this.startDelayMs, performance.now() - this.triggeredAt - part.alignmentMs)
    flushed.then(
      () => {
        this.#missing--
        if (this.#missing === 0) this.#done.resolve()
      },
      error => this.#done.reject(error),
    )
  }

  /** Every subtask has acknowledged. Rejects when a sink could not flush. */
  get complete(): Promise<void> {
    return this.#done.promise
  }

  get numMissing(): number {
    return this.#missing
  }

  /** It can never complete. */
  abandon(error: unknown): void {
    this.#done.reject(error)
  }

  /** Frees copy-on-write pages once written or given up. */
  release(): void {
    for (const { nodes } of this.acknowledgements) {
      for (const { states } of nodes) for (const state of states) if ('release' in state) state.release()
    }
  }
}
