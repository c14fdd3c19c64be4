/**
 * Aggregate over a window table function, grouped by both window bounds → WindowAggregate. Where nothing between
 * the two reads the bounds, the aggregate assigns windows itself and rows are never copied per window; otherwise
 * the bounds stay columns of the rows ("attached").
 */
import { validationError } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { inputRef } from '../expression-rewrite.ts'
import {
  type Aggregate,
  type LogicalPlan,
  project,
  type WindowAggregate,
  type WindowTableFunction,
  windowAggregate,
} from '../logical/index.ts'
import type { AggregateCall, WindowAssignment, WindowProperty } from '../plan-graph/plan-graph.ts'
import { groupsByWindow, type WindowColumns, windowColumns } from '../traits/window-columns.ts'
import { nodeRule, type RuleContext } from './rule.ts'

export const recognizeWindowAggregate = nodeRule('recognize-window-aggregate', (node, context) => {
  if (node.kind !== 'Aggregate') return node
  const window = windowColumns(node.input)
  if (window === undefined || !groupsByWindow(node.keys, window)) return node
  return assignBelow(node, window, context) ?? attachTo(node, window, context)
})

const propertyOf = (column: number, window: WindowColumns): WindowProperty | undefined =>
  window.start.has(column)
    ? 'start'
    : window.end.has(column)
      ? 'end'
      : window.time.has(column)
        ? 'time'
        : undefined

interface Parts {
  readonly input: LogicalPlan
  readonly time: WindowAssignment
  readonly timeName: string
  /** Where a column of the old aggregate's input is in `input`. */
  readonly place: (old: number) => number
}

function attachTo(node: Aggregate, window: WindowColumns, context: RuleContext): LogicalPlan {
  if (window.attribute === 'proctime') {
    throw validationError(
      'MR_PLAN_UNSUPPORTED',
      'an aggregate over processing-time windows that are already columns of the rows is not supported yet',
      {
        position: node.position,
        hint: 'group directly on the window function, or use windows over a column that has a WATERMARK',
      },
    )
  }
  const time: WindowAssignment = {
    kind: 'attached',
    startColumn: node.keys.find(k => window.start.has(k))!,
    endColumn: node.keys.find(k => window.end.has(k))!,
    localTimeZone: window.localTimeZone,
  }
  return build(
    node,
    window,
    { input: node.input, time, timeName: window.timeName, place: old => old },
    context,
  )
}

/** Project(Window(x)) or Window(x) below, with bounds used as keys only; else undefined. */
function assignBelow(node: Aggregate, window: WindowColumns, context: RuleContext): LogicalPlan | undefined {
  const projection = node.input.kind === 'Project' ? node.input : undefined
  const tvf = projection === undefined ? node.input : projection.input
  if (tvf.kind !== 'WindowTableFunction') return undefined
  const isWindow = (column: number) => propertyOf(column, window) !== undefined
  if (node.aggregates.some(call => columnsOf(call).some(isWindow))) return undefined
  const expressions = projection?.projections ?? tvf.output.map((f, i) => inputRef(i, f.type))
  const names = (projection ?? tvf).output.map(f => f.name)
  if (expressions.some((e, i) => !isWindow(i) && readsWindow(e, tvf))) return undefined
  const kept = expressions.map((_, i) => i).filter(i => !isWindow(i))
  const below: BoundExpression[] = kept.map(i => expressions[i]!)
  const belowNames = kept.map(i => names[i]!)
  const { timeColumn } = tvf.time
  let time = timeColumn
  if (timeColumn >= 0) {
    time = below.findIndex(e => e.kind === 'InputRef' && e.index === timeColumn)
    if (time < 0) {
      const column = tvf.input.output[timeColumn]!
      time = below.push(inputRef(timeColumn, column.type)) - 1
      belowNames.push(column.name)
    }
  }
  const places = new Map(kept.map((old, i) => [old, i]))
  const parts: Parts = {
    input: project(tvf.input, below, belowNames),
    time: { kind: 'assign', ...tvf.time, timeColumn: time },
    timeName: tvf.timeName,
    place: old => places.get(old)!,
  }
  return build(node, window, parts, context)
}

function readsWindow(e: BoundExpression, tvf: WindowTableFunction): boolean {
  const numColumns = tvf.input.output.length
  switch (e.kind) {
    case 'InputRef':
      return e.index >= numColumns
    case 'Literal':
      return false
    case 'Call':
      return e.arguments.some(a => readsWindow(a, tvf))
    case 'Cast':
      return readsWindow(e.operand, tvf)
    case 'Case':
      return (
        readsWindow(e.otherwise, tvf) ||
        e.branches.some(b => readsWindow(b.when, tvf) || readsWindow(b.then, tvf))
      )
  }
}

const columnsOf = (call: AggregateCall): readonly number[] =>
  call.filter === null ? call.arguments : [...call.arguments, call.filter]

/** The window aggregate, under a projection that brings back the old output order. */
function build(node: Aggregate, window: WindowColumns, parts: Parts, context: RuleContext): LogicalPlan {
  const keys = node.keys.filter(k => propertyOf(k, window) === undefined)
  const properties = (['start', 'end', 'time'] as const).filter(p =>
    node.keys.some(k => propertyOf(k, window) === p),
  )
  const inner = node.input.output
  const bound = (p: WindowProperty) => inner[node.keys.find(k => propertyOf(k, window) === p)!]!
  const aggregated: WindowAggregate = windowAggregate({
    input: parts.input,
    time: parts.time,
    timeName: parts.timeName,
    legacy: window.legacy,
    keys: keys.map(parts.place),
    aggregates: node.aggregates.map(call => ({
      ...call,
      arguments: call.arguments.map(parts.place),
      filter: call.filter === null ? null : parts.place(call.filter),
    })),
    properties,
    emit: context.emit,
    output: [
      ...keys.map(k => node.output[node.keys.indexOf(k)]!),
      ...node.output.slice(node.keys.length),
      ...properties.map(p => bound(p)),
    ],
    position: node.position,
  })
  const firstProperty = keys.length + node.aggregates.length
  const order = node.output.map((_, i): number => {
    if (i >= node.keys.length) return keys.length + (i - node.keys.length)
    const key = node.keys[i]!
    const property = propertyOf(key, window)
    return property === undefined ? keys.indexOf(key) : firstProperty + properties.indexOf(property)
  })
  return project(
    aggregated,
    order.map(i => inputRef(i, aggregated.output[i]!.type)),
    node.output.map(f => f.name),
  )
}
