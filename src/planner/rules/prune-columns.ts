/**
 * Column pruning: every node keeps only what its users read. Also drops unread aggregate results and window
 * properties, so that e.g. window_time costs nothing when nobody asks for it.
 */
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { inputRef, inputsRead, isIdentity, remap } from '../expression-rewrite.ts'
import {
  type Aggregate,
  type LogicalPlan,
  type LogicalVisitor,
  project,
  rowNumber,
  type Scan,
  union,
  visit,
  type WindowAggregate,
  windowTableFunction,
  windowTopN,
} from '../logical/index.ts'
import type { AggregateCall } from '../plan-graph/plan-graph.ts'
import type { Rule } from './rule.ts'

/** A plan that may have lost columns, and where each kept one is now. */
interface Pruned {
  readonly plan: LogicalPlan
  readonly place: (old: number) => number
}

export const pruneColumns: Rule = {
  name: 'prune-columns',
  rewrite: plan => prune(plan, allOf(plan)).plan,
}

const allOf = (plan: LogicalPlan): ReadonlySet<number> => new Set(plan.output.keys())

function prune(plan: LogicalPlan, required: ReadonlySet<number>): Pruned {
  return visit<Pruned>(plan, pruners(required))
}

const pruners = (required: ReadonlySet<number>): LogicalVisitor<Pruned> => ({
  Scan: node => pruneScan(node, required),
  Values: node => {
    const kept = keptOf(node.output.length, required)
    const rows = node.rows.map(row => kept.map(i => row[i]!))
    return { plan: { ...node, rows, output: kept.map(i => node.output[i]!) }, place: placeIn(kept) }
  },
  Filter: node => {
    const input = prune(node.input, new Set([...required, ...inputsRead(node.condition)]))
    const condition = remap(node.condition, input.place)
    return { plan: { ...node, input: input.plan, condition, output: input.plan.output }, place: input.place }
  },
  Project: node => {
    const kept = keptOf(node.projections.length, required)
    const expressions = kept.map(i => node.projections[i]!)
    const input = prune(node.input, new Set(expressions.flatMap(inputsRead)))
    const projections = expressions.map(e => remap(e, input.place))
    const output = kept.map(i => node.output[i]!)
    return { plan: { ...node, input: input.plan, projections, output }, place: placeIn(kept) }
  },
  WindowTableFunction: node => {
    const numColumns = node.input.output.length
    const below = new Set([...required].filter(i => i < numColumns))
    const { time } = node
    if (time.timeColumn >= 0) below.add(time.timeColumn)
    const input = prune(node.input, below)
    const moved = time.timeColumn < 0 ? time : { ...time, timeColumn: input.place(time.timeColumn) }
    const width = input.plan.output.length
    return {
      plan: windowTableFunction(input.plan, moved, node.timeName, node.output.at(-1)!.type, node.legacy),
      place: old => (old < numColumns ? input.place(old) : width + (old - numColumns)),
    }
  },
  Aggregate: node => pruneAggregate(node, required),
  WindowAggregate: node => pruneWindowAggregate(node, required),
  RowNumber: node => {
    const numColumns = node.input.output.length
    const read = [...required].filter(i => i < numColumns)
    const sorted = node.sortKeys.map(key => key.column)
    const input = prune(node.input, new Set([...read, ...node.partitionKeys, ...sorted]))
    const plan = rowNumber(
      input.plan,
      node.partitionKeys.map(input.place),
      node.sortKeys.map(key => ({ ...key, column: input.place(key.column) })),
      node.position,
    )
    return { plan, place: old => (old < numColumns ? input.place(old) : plan.output.length - 1) }
  },
  WindowTopN: node => {
    const numColumns = node.input.output.length
    const read = [...required].filter(i => i < numColumns)
    const fixed = [node.startColumn, node.endColumn, ...node.partitionKeys]
    const input = prune(node.input, new Set([...read, ...fixed, ...node.sortKeys.map(key => key.column)]))
    const plan = windowTopN({
      ...node,
      input: input.plan,
      startColumn: input.place(node.startColumn),
      endColumn: input.place(node.endColumn),
      partitionKeys: node.partitionKeys.map(input.place),
      sortKeys: node.sortKeys.map(key => ({ ...key, column: input.place(key.column) })),
      outputRowNumber: node.outputRowNumber && required.has(numColumns),
    })
    return { plan, place: old => (old < numColumns ? input.place(old) : plan.output.length - 1) }
  },
  Union: node => {
    const kept = keptOf(node.output.length, required)
    const inputs = node.inputs.map(input => exactly(prune(input, new Set(kept)), input, kept))
    return { plan: { ...union(inputs), output: kept.map(i => node.output[i]!) }, place: placeIn(kept) }
  },
  Sink: node => ({ plan: { ...node, input: whole(node.input) }, place: same }),
  Collect: node => ({ plan: { ...node, input: whole(node.input) }, place: same }),
})

const same = (old: number) => old
const keptOf = (width: number, required: ReadonlySet<number>) =>
  Array.from({ length: width }, (_, i) => i).filter(i => required.has(i))

function placeIn(kept: readonly number[]): (old: number) => number {
  const places = new Map(kept.map((old, i) => [old, i]))
  return old => places.get(old)!
}

/** All columns of `plan` in order, with unread ones pruned inside. */
function whole(plan: LogicalPlan): LogicalPlan {
  const all = [...plan.output.keys()]
  return exactly(prune(plan, new Set(all)), plan, all)
}

/** The pruned plan brought to exactly the columns `kept` of the old one, in that order. */
function exactly(pruned: Pruned, old: LogicalPlan, kept: readonly number[]): LogicalPlan {
  const projections: BoundExpression[] = kept.map(i => inputRef(pruned.place(i), old.output[i]!.type))
  if (isIdentity(projections, pruned.plan.output.length)) return pruned.plan
  return project(
    pruned.plan,
    projections,
    kept.map(i => old.output[i]!.name),
  )
}

/** An upsert source keeps its primary key: the normalization above it needs it. */
function pruneScan(node: Scan, required: ReadonlySet<number>): Pruned {
  const keys = node.source.changelogMode === 'upsert' ? (node.table.schema.primaryKey?.columns ?? []) : []
  const names = new Set(keys)
  const kept = node.output.map((_, i) => i).filter(i => required.has(i) || names.has(node.output[i]!.name))
  return {
    plan: {
      ...node,
      projections: kept.map(i => node.projections[i]!),
      output: kept.map(i => node.output[i]!),
    },
    place: placeIn(kept),
  }
}

const columnsOf = (call: AggregateCall): readonly number[] =>
  call.filter === null ? call.arguments : [...call.arguments, call.filter]

const moveCall = (call: AggregateCall, place: (old: number) => number): AggregateCall => ({
  ...call,
  arguments: call.arguments.map(place),
  filter: call.filter === null ? null : place(call.filter),
})

function pruneAggregate(node: Aggregate, required: ReadonlySet<number>): Pruned {
  const numKeys = node.keys.length
  // A global aggregate must keep a result, or its one row per update would be lost.
  const keepOne = numKeys === 0 && ![...required].some(i => i >= numKeys)
  const calls = node.aggregates
    .map((_, i) => i)
    .filter(i => required.has(numKeys + i) || (keepOne && i === 0))
  const kept = [...node.keys.keys(), ...calls.map(i => numKeys + i)]
  const aggregates = calls.map(i => node.aggregates[i]!)
  const input = prune(node.input, new Set([...node.keys, ...aggregates.flatMap(columnsOf)]))
  const plan: Aggregate = {
    ...node,
    input: input.plan,
    keys: node.keys.map(input.place),
    aggregates: aggregates.map(call => moveCall(call, input.place)),
    output: kept.map(i => node.output[i]!),
  }
  return { plan, place: placeIn(kept) }
}

function pruneWindowAggregate(node: WindowAggregate, required: ReadonlySet<number>): Pruned {
  const numKeys = node.keys.length
  const firstProperty = numKeys + node.aggregates.length
  const calls = node.aggregates.map((_, i) => i).filter(i => required.has(numKeys + i))
  const properties = node.properties.map((_, i) => i).filter(i => required.has(firstProperty + i))
  const aggregates = calls.map(i => node.aggregates[i]!)
  const { time } = node
  const timeColumns =
    time.kind === 'attached'
      ? [time.startColumn, time.endColumn]
      : time.timeColumn < 0
        ? []
        : [time.timeColumn]
  const input = prune(node.input, new Set([...node.keys, ...aggregates.flatMap(columnsOf), ...timeColumns]))
  const kept = [
    ...node.keys.keys(),
    ...calls.map(i => numKeys + i),
    ...properties.map(i => firstProperty + i),
  ]
  const plan: WindowAggregate = {
    ...node,
    input: input.plan,
    time:
      time.kind === 'attached'
        ? { ...time, startColumn: input.place(time.startColumn), endColumn: input.place(time.endColumn) }
        : time.timeColumn < 0
          ? time
          : { ...time, timeColumn: input.place(time.timeColumn) },
    keys: node.keys.map(input.place),
    aggregates: aggregates.map(call => moveCall(call, input.place)),
    properties: properties.map(i => node.properties[i]!),
    output: kept.map(i => node.output[i]!),
  }
  return { plan, place: placeIn(kept) }
}
