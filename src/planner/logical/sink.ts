import type { SourcePosition } from '../../errors/index.ts'
import type { OutputField, SinkColumn, TableRef } from '../plan-graph/plan-graph.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** Writes a table; input column i is columns[i], casts were done below. */
export interface Sink {
  readonly kind: 'Sink'
  readonly input: LogicalPlan
  readonly table: TableRef
  readonly columns: readonly SinkColumn[]
  /** Input positions of the table's primary key, or null. */
  readonly primaryKey: readonly number[] | null
  readonly changelogMode: 'insert' | 'upsert' | 'retract'
  readonly output: readonly OutputField[]
  /** Of the target's name in INSERT INTO. */
  readonly position: SourcePosition
}

export const sink = (node: Omit<Sink, 'kind' | 'output'>): Sink => ({ kind: 'Sink', ...node, output: [] })
