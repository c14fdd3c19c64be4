import type { SourcePosition } from '../../errors/index.ts'
import { bigintType } from '../../types/index.ts'
import type { OutputField, SortKey } from '../plan-graph/plan-graph.ts'
import { field } from './field.ts'
import type { LogicalPlan } from './logical-plan.ts'

/**
 * ROW_NUMBER() OVER (…) as written, its number appended as the last column. It has no physical form: a rule must
 * find the Top-N pattern around it, else the query is refused.
 */
export interface RowNumber {
  readonly kind: 'RowNumber'
  readonly input: LogicalPlan
  readonly partitionKeys: readonly number[]
  readonly sortKeys: readonly SortKey[]
  readonly output: readonly OutputField[]
  readonly position: SourcePosition
}

export function rowNumber(
  input: LogicalPlan,
  partitionKeys: readonly number[],
  sortKeys: readonly SortKey[],
  position: SourcePosition,
): RowNumber {
  const output = [...input.output, field('rownum', bigintType(false))]
  return { kind: 'RowNumber', input, partitionKeys, sortKeys, output, position }
}
