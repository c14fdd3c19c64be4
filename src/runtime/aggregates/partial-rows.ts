/**
 * Rows between the two phases of a window aggregation: a group of one slice each. Columns: the keys, the last millisecond
 * of the slice on the wall clock of the windows (so it falls into the same slice again), how many rows the group had, then
 * the states of the calls.
 */
import { internalError } from '../../errors/index.ts'
import type { WindowAggregateNode } from '../../planner/plan-graph/plan-graph.ts'
import { type Batch, type LogicalType, timestampType } from '../../types/index.ts'
import { type AggregateLayout, layOutAggregates } from './aggregate-layout.ts'

export interface PartialRows {
  /** The local phase's: its first state column is the number of rows. */
  readonly layout: AggregateLayout
  readonly types: readonly LogicalType[]
  /** Positions of the keys: the first columns. */
  readonly keys: readonly number[]
  readonly timeColumn: number
  readonly firstState: number
}

/** Those of a node with a local phase; `inputTypes` are the types of the rows before that. */
export function partialRows(node: WindowAggregateNode, inputTypes: readonly LogicalType[]): PartialRows {
  const layout = layOutAggregates(node.aggregates, inputTypes, { retracts: false, countsRows: true })
  const keyTypes = node.keys.map(key => inputTypes[key]!)
  return {
    layout,
    types: [...keyTypes, timestampType(3, false), ...layout.state.map(({ type }) => type)],
    keys: [...keyTypes.keys()],
    timeColumn: keyTypes.length,
    firstState: keyTypes.length + 1,
  }
}

/** How many rows of the input the groups in `rows[0, count)` stand for. */
export function numRowsIn(
  { columns }: Batch,
  { firstState }: PartialRows,
  rows: Int32Array,
  count: number,
): number {
  const column = columns[firstState]!
  if (column.storage !== 'i64') throw internalError(`a number of rows came as ${column.storage}`)
  let sum = 0
  for (let i = 0; i < count; i++) sum += Number(column.values[rows[i]!])
  return sum
}
