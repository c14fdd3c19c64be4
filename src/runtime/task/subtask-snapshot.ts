/** What one subtask adds to a checkpoint: frozen states and small values, by node id. */
import { internalError } from '../../errors/index.ts'
import type { FrozenState, StateWriter } from '../../state/state-io.ts'

export interface NodeSnapshot {
  readonly nodeId: string
  readonly states: readonly FrozenState[]
  readonly values: readonly { readonly name: string; readonly value: unknown }[]
}

export class NodeSnapshotWriter implements StateWriter {
  readonly #nodeId: string
  readonly #states: FrozenState[] = []
  readonly #values: { name: string; value: unknown }[] = []

  constructor(nodeId: string) {
    this.#nodeId = nodeId
  }

  write(state: FrozenState): void {
    if (this.#states.some(other => other.schema.name === state.schema.name)) {
      throw internalError(`state '${state.schema.name}' of ${this.#nodeId} was written twice in one snapshot`)
    }
    this.#states.push(state)
  }

  writeValue(name: string, value: unknown): void {
    this.#values.push({ name, value })
  }

  finish(): NodeSnapshot {
    return { nodeId: this.#nodeId, states: this.#states, values: this.#values }
  }
}

export interface SubtaskAcknowledgement {
  readonly task: string
  readonly subtask: number
  readonly checkpointId: number
  readonly nodes: readonly NodeSnapshot[]
  /** How long the barrier waited for the other channels, ms. */
  readonly alignmentMs: number
}
