import type { SourcePosition } from '../../errors/index.ts'
import { bigintType } from '../../types/index.ts'
import type { OutputField, SortKey } from '../plan-graph/plan-graph.ts'
import { field } from './field.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** The rows with row number `from`..`to` of each window and partition; final rows only. */
export interface WindowTopN {
  readonly kind: 'WindowTopN'
  readonly input: LogicalPlan
  readonly startColumn: number
  readonly endColumn: number
  readonly localTimeZone: boolean
  /** Without the window columns. */
  readonly partitionKeys: readonly number[]
  readonly sortKeys: readonly SortKey[]
  readonly from: number
  readonly to: number
  readonly outputRowNumber: boolean
  readonly output: readonly OutputField[]
  readonly position: SourcePosition
}

export function windowTopN(node: Omit<WindowTopN, 'kind' | 'output'>): WindowTopN {
  const number = node.outputRowNumber ? [field('rownum', bigintType(false))] : []
  return { kind: 'WindowTopN', ...node, output: [...node.input.output, ...number] }
}
