/**
 * Where everything of a list of aggregate calls lies: which state columns of the group table belong to which
 * call, and which calls need a value table. A value table has a row per (group, argument values) with a count
 * per FILTER; DISTINCT calls use it to see a value once, MIN and MAX over a retracting input to find the next
 * best value. Calls over the same arguments share one table, with a count for each different filter.
 *
 * Value columns of the group table: the number of rows and the last write (if asked for), the states of the calls in order, then
 * for each value table the head of the group's list of values (row id + 1; not part of snapshots). A COUNT(*) of all rows is the number of
 * rows and has no column of its own; in snapshots it has.
 */
import type { AggregateCall } from '../../planner/plan-graph/plan-graph.ts'
import { bigintType, doubleType, integerType, type LogicalType, timestampLtzType } from '../../types/index.ts'
import type { AggregateFunction, StateColumn } from './aggregate-function.ts'
import { aggregateFactory } from './registry.ts'

export interface CallLayout {
  readonly call: AggregateCall
  readonly function: AggregateFunction
  readonly argumentTypes: readonly LogicalType[]
  /** First state column among the group table's values. */
  readonly firstState: number
  /** The call is the number of rows that value column 0 holds already. */
  readonly isRowCount: boolean
  /** Set when the call sees each value once: the value table and the index of its count. */
  readonly values: { readonly table: number; readonly count: number } | null
  /** Set when the best value must be searched again after a retraction. */
  readonly research: 'min' | 'max' | null
}

export interface ValueTableLayout {
  readonly arguments: readonly number[]
  readonly argumentTypes: readonly LogicalType[]
  /** FILTER column of each count; null = all rows. */
  readonly filters: readonly (number | null)[]
  /** Column of the list head among the group table's values. */
  readonly head: number
}

export interface StoredColumn extends StateColumn {
  readonly column: number
}

export interface AggregateLayout {
  readonly calls: readonly CallLayout[]
  readonly valueTables: readonly ValueTableLayout[]
  /** Whether value column 0 counts the group's rows. */
  readonly countsRows: boolean
  /** Value column with the processing time of the last write, for a time to live. */
  readonly stamp: number | null
  /** All value columns but the heads. */
  readonly state: readonly StateColumn[]
  /** Columns of snapshots and the value column that each is. */
  readonly stored: readonly StoredColumn[]
  /** All value columns of the group table. */
  readonly valueTypes: readonly LogicalType[]
  readonly resultTypes: readonly LogicalType[]
}

/** Value columns of a value table: a count per filter, then the links of the group's list (0 = end). */
export const valueTableTypes = (numFilters: number): readonly LogicalType[] => [
  ...Array.from({ length: numFilters }, () => doubleType(false)),
  integerType(false),
  integerType(false),
]

interface DraftTable {
  readonly arguments: readonly number[]
  readonly filters: (number | null)[]
}

export function layOutAggregates(
  calls: readonly AggregateCall[],
  inputTypes: readonly LogicalType[],
  options: { readonly retracts: boolean; readonly countsRows: boolean; readonly stamped?: boolean },
): AggregateLayout {
  const state: StateColumn[] = options.countsRows ? [{ name: 'row_count', type: bigintType(false) }] : []
  const stamp =
    options.stamped === true ? state.push({ name: 'last_write', type: timestampLtzType(3, false) }) - 1 : null
  const stored = state.map((column, v): StoredColumn => ({ ...column, column: v }))
  const drafts: DraftTable[] = []
  const laidOut = calls.map((call, position): CallLayout => {
    const argumentTypes = call.arguments.map(argument => inputTypes[argument]!)
    const signature = { argumentTypes, type: call.type, retracts: options.retracts }
    const implementation = aggregateFactory(call.function)(signature)
    const isExtreme = call.function === 'MIN' || call.function === 'MAX'
    const research = isExtreme && options.retracts ? (call.function === 'MIN' ? 'min' : 'max') : null
    // MIN and MAX of distinct values are those of all values.
    const needsTable = research !== null || (call.distinct && !isExtreme && call.arguments.length > 0)
    const isRowCount = options.countsRows && isCountOfRows(call)
    const firstState = isRowCount ? 0 : state.length
    implementation.state.forEach(({ name, type }, s) => {
      const column = { name: `agg${position}_${name}`, type }
      if (!isRowCount) state.push(column)
      stored.push({ ...column, column: firstState + s })
    })
    const values = needsTable ? placeInTable(drafts, call) : null
    return { call, function: implementation, argumentTypes, firstState, isRowCount, values, research }
  })
  const valueTables = drafts.map(
    (draft, t): ValueTableLayout => ({
      arguments: draft.arguments,
      argumentTypes: draft.arguments.map(argument => inputTypes[argument]!),
      filters: draft.filters,
      head: state.length + t,
    }),
  )
  return {
    calls: laidOut,
    valueTables,
    countsRows: options.countsRows,
    stamp,
    state,
    stored,
    valueTypes: [...state.map(column => column.type), ...valueTables.map(() => integerType(false))],
    resultTypes: calls.map(call => call.type),
  }
}

const isCountOfRows = ({ function: name, arguments: args, filter, distinct }: AggregateCall): boolean =>
  name === 'COUNT' && args.length === 0 && filter === null && !distinct

function placeInTable(drafts: DraftTable[], call: AggregateCall): { table: number; count: number } {
  let table = drafts.findIndex(draft => draft.arguments.join() === call.arguments.join())
  if (table < 0) table = drafts.push({ arguments: call.arguments, filters: [] }) - 1
  const { filters } = drafts[table]!
  let count = filters.indexOf(call.filter)
  if (count < 0) count = filters.push(call.filter) - 1
  return { table, count }
}
