/** Logical plans as an indented tree, in the manner of Flink's EXPLAIN. */
import { inputsOf, type LogicalPlan, type LogicalVisitor, visit } from '../logical/index.ts'
import type { OutputField, WindowAssignment } from '../plan-graph/plan-graph.ts'
import { aggregateText, emitText, sortText } from './print-aggregate.ts'
import { printBound } from './print-expression.ts'
import { windowText } from './print-window.ts'
import { attributes, printTrees, selectText, type TreeNode } from './tree.ts'

export const printLogical = (plans: readonly LogicalPlan[]): string =>
  printTrees(
    plans,
    (plan): TreeNode<LogicalPlan> => ({
      text: visit(plan, describe),
      inputs: inputsOf(plan),
    }),
  )

const namesOf = (fields: readonly OutputField[]): readonly string[] => fields.map(f => f.name)
const inputNames = (plan: LogicalPlan): readonly string[] => namesOf(inputsOf(plan)[0]!.output)
const columnList = (columns: readonly number[], names: readonly string[]): string =>
  columns.map(i => names[i]).join(', ')

const describe: LogicalVisitor<string> = {
  Scan: node => {
    const names = node.columns.map(c => (c.kind === 'physical' ? c.name : `METADATA '${c.key}'`))
    return attributes('Scan', {
      table: node.table.path.join('.'),
      columns: names.join(', '),
      watermark: node.watermark && printBound(node.watermark.expression, names),
      where: node.condition && printBound(node.condition, names),
      select: selectText(node.projections, node.output, names),
    })
  },
  Values: node =>
    attributes('Values', {
      rows: node.rows.map(row => `(${row.map(e => printBound(e, [])).join(', ')})`).join(', '),
    }),
  Filter: node => attributes('Filter', { condition: printBound(node.condition, inputNames(node)) }),
  Project: node =>
    attributes('Project', { select: selectText(node.projections, node.output, inputNames(node)) }),
  WindowTableFunction: node =>
    attributes('WindowTableFunction', { window: windowText(node.time.window), time: node.timeName }),
  Aggregate: node => {
    const names = inputNames(node)
    return attributes('Aggregate', {
      groupBy: columnList(node.keys, names),
      select: node.aggregates.map(call => aggregateText(call, names)).join(', '),
    })
  },
  WindowAggregate: node => {
    const names = inputNames(node)
    return attributes('WindowAggregate', {
      groupBy: columnList(node.keys, names),
      window: assignmentText(node.time, names, node.timeName),
      select: [...node.aggregates.map(call => aggregateText(call, names)), ...node.properties].join(', '),
      emit: emitText(node.emit),
    })
  },
  RowNumber: node => {
    const names = inputNames(node)
    return attributes('RowNumber', {
      partitionBy: columnList(node.partitionKeys, names),
      orderBy: sortText(node.sortKeys, names),
    })
  },
  WindowTopN: node => {
    const names = inputNames(node)
    return attributes('WindowTopN', {
      window: `${names[node.startColumn]}, ${names[node.endColumn]}`,
      partitionBy: columnList(node.partitionKeys, names),
      orderBy: sortText(node.sortKeys, names),
      rank: `${node.from}..${node.to}`,
      output: node.outputRowNumber ? 'with row number' : null,
    })
  },
  Union: node => attributes('Union', { all: 'true', columns: namesOf(node.output).join(', ') }),
  Sink: node =>
    attributes('Sink', {
      table: node.table.path.join('.'),
      columns: namesOf(node.input.output).join(', '),
      primaryKey: node.primaryKey && columnList(node.primaryKey, namesOf(node.input.output)),
    }),
  Collect: node => attributes('Collect', { columns: namesOf(node.output).join(', ') }),
}

/** The window an aggregate works on: assigned from a time column, or bounds its rows already carry. */
export function assignmentText(
  time: WindowAssignment,
  names: readonly string[],
  timeName: string | undefined,
): string {
  if (time.kind === 'attached') return `attached, bounds ${names[time.startColumn]}, ${names[time.endColumn]}`
  const column = timeName ?? (time.timeColumn < 0 ? 'processing time' : names[time.timeColumn])
  return `${windowText(time.window)} on ${column}`
}
