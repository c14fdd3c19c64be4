/**
 * Physical nodes: plan graph nodes before they have ids and final change kinds. One object per node; a node with
 * several users (a shared scan) is one object in several inputs.
 */
import type { SourcePosition } from '../../errors/index.ts'
import type { Exchange, OutputField, PlanNode } from '../plan-graph/plan-graph.ts'
import type { Distribution } from '../traits/distribution.ts'
import type { UpsertKeys } from '../traits/upsert-key.ts'

type BaseKey = 'id' | 'label' | 'inputs' | 'output' | 'changes' | 'parallelism' | 'upsertKey'
type WithoutBase<T> = T extends PlanNode ? Omit<T, BaseKey> : never

/** A plan node's own fields: `kind` and what belongs to it. */
export type PhysicalBody = WithoutBase<PlanNode>

export interface PhysicalInput {
  readonly node: PhysicalNode
  readonly exchange: Exchange
}

/** The change kinds a node makes beside inserts, before −U is settled. */
export interface Modifies {
  readonly update: boolean
  readonly delete: boolean
  /** Set by sources whose format carries −U, asked or not. */
  readonly updateBefore?: boolean
}

export interface PhysicalNode {
  readonly body: PhysicalBody
  readonly label: string
  /** Part of the ids of the nodes below it and of its own; empty for nodes that outlive no edit (Calc). */
  readonly identity: string
  readonly inputs: readonly PhysicalInput[]
  readonly output: readonly OutputField[]
  readonly parallelism: number
  readonly modifies: Modifies
  readonly upsertKeys: UpsertKeys
  readonly distribution: Distribution
  /** Sinks: whether the table wants −U although it could overwrite by key. */
  readonly wantsUpdateBefore?: boolean
  /** Where in the text messages about this node point. */
  readonly position?: SourcePosition | undefined
}
