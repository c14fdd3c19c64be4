import type { BoundExpression } from '../../../src/expressions/index.ts'
import { partsOf } from '../../../src/planner/expression-rewrite.ts'
import type { PlanGraph, PlanNode } from '../../../src/planner/index.ts'
import { type LogicalType, sameType, storageOf, typeToString } from '../../../src/types/index.ts'

/** What every plan graph promises the runtime; gives one line per breach. */
export function checkGraph(graph: PlanGraph): readonly string[] {
  const seen = new Map<string, PlanNode>()
  const breaches: string[] = []
  for (const node of graph.nodes) {
    const say = (what: string) => breaches.push(`${node.id}: ${what}`)
    if (seen.has(node.id)) say('id is not unique')
    const inputs = node.inputs.map(input => seen.get(input.node))
    if (inputs.includes(undefined)) say('an input comes later')
    node.inputs.forEach((input, i) => {
      const from = inputs[i]
      const { exchange } = input
      if (exchange.kind === 'forward' && from?.parallelism !== node.parallelism)
        say('forward between parallelisms')
      if (exchange.kind === 'singleton' && node.parallelism !== 1) say('singleton to several subtasks')
      if (exchange.kind === 'hash') checkColumns('hash keys', exchange.keys, from?.output.length ?? 0, say)
    })
    checkNode(node, inputs as readonly PlanNode[], say)
    seen.set(node.id, node)
  }
  return breaches
}

type Say = (what: string) => void

function checkNode(node: PlanNode, inputs: readonly PlanNode[], say: Say): void {
  const rows = inputs[0]?.output.map(f => f.type) ?? []
  if (node.upsertKey !== undefined) checkColumns('upsert key', node.upsertKey, node.output.length, say)
  switch (node.kind) {
    case 'Scan': {
      const types = node.columns.map(c => c.type)
      checkAll([...node.projections, node.condition, node.watermark?.expression ?? null], types, say)
      checkOutput(
        node,
        node.projections.map(e => e.type),
        say,
      )
      return
    }
    case 'Calc':
      checkAll([...node.projections, node.condition], rows, say)
      checkOutput(
        node,
        node.projections.map(e => e.type),
        say,
      )
      return
    case 'Values':
      for (const row of node.rows) {
        checkAll(row, [], say)
        checkOutput(
          node,
          row.map(e => e.type),
          say,
        )
      }
      return
    case 'Union':
      for (const input of inputs)
        checkOutput(
          node,
          input.output.map(f => f.type),
          say,
        )
      return
    case 'WindowTableFunction':
      checkColumns('time', node.time.timeColumn < 0 ? [] : [node.time.timeColumn], rows.length, say)
      checkWidth(node, rows.length + 3, say)
      return
    case 'WindowAggregate':
    case 'GroupAggregate': {
      checkColumns('keys', node.keys, rows.length, say)
      for (const call of node.aggregates) checkColumns('arguments', call.arguments, rows.length, say)
      const properties = node.kind === 'WindowAggregate' ? node.properties.length : 0
      checkWidth(node, node.keys.length + node.aggregates.length + properties, say)
      checkOutput(node, [...node.keys.map(k => rows[k]!), ...node.aggregates.map(call => call.type)], say)
      return
    }
    case 'WindowTopN':
      checkColumns('columns', [node.startColumn, node.endColumn, ...node.partitionKeys], rows.length, say)
      checkWidth(node, rows.length + (node.outputRowNumber ? 1 : 0), say)
      return
    case 'ChangelogNormalize':
      checkColumns('keys', node.keys, rows.length, say)
      checkOutput(node, rows, say)
      return
    case 'Sink':
      if (node.columns.length !== rows.length) say(`writes ${node.columns.length} of ${rows.length} columns`)
      node.columns.forEach((column, i) => {
        if (!sameType(column.type, rows[i]!))
          say(`column ${i} is ${typeToString(rows[i]!)}, not ${typeToString(column.type)}`)
      })
      checkColumns('primary key', node.primaryKey ?? [], rows.length, say)
      return
    case 'Collect':
      checkOutput(node, rows, say)
      return
  }
}

function checkWidth(node: PlanNode, width: number, say: Say): void {
  if (node.output.length !== width) say(`has ${node.output.length} output fields for ${width} columns`)
}

/** The first output fields have these types, but for nullability that only widens. */
function checkOutput(node: PlanNode, types: readonly LogicalType[], say: Say): void {
  types.forEach((type, i) => {
    const field = node.output[i]
    if (field === undefined) say(`has no output field ${i}`)
    else if (!sameType(field.type, type))
      say(`field ${i} says ${typeToString(field.type)}, is ${typeToString(type)}`)
    else if (type.nullable && !field.type.nullable) say(`field ${i} says NOT NULL, but may be NULL`)
  })
}

function checkColumns(what: string, columns: readonly number[], width: number, say: Say): void {
  if (columns.some(c => !Number.isInteger(c) || c < 0 || c >= width))
    say(`${what} [${columns}] out of ${width} columns`)
}

function checkAll(list: readonly (BoundExpression | null)[], types: readonly LogicalType[], say: Say): void {
  for (const e of list) if (e !== null) checkExpression(e, types, say)
}

function checkExpression(e: BoundExpression, types: readonly LogicalType[], say: Say): void {
  if (e.kind === 'InputRef') {
    const type = types[e.index]
    if (type === undefined) say(`reads column ${e.index} of ${types.length}`)
    else if (storageOf(type) !== storageOf(e.type))
      say(`reads column ${e.index} as ${typeToString(e.type)}, is ${typeToString(type)}`)
    else if (type.nullable && !e.type.nullable) say(`reads nullable column ${e.index} as NOT NULL`)
  }
  for (const part of partsOf(e)) checkExpression(part, types, say)
}
