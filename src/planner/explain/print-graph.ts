/** The plan graph as an indented tree: what runs, with exchanges, parallelism and, on request, change kinds. */
import { internalError } from '../../errors/index.ts'
import type {
  ChangeKinds,
  Exchange,
  PlanGraph,
  PlanInput,
  PlanNode,
  SinkColumn,
} from '../plan-graph/plan-graph.ts'
import { aggregateText, emitText, sortText } from './print-aggregate.ts'
import { printBound } from './print-expression.ts'
import { assignmentText } from './print-logical.ts'
import { durationText, windowText } from './print-window.ts'
import { attributes, printTrees, selectText, type TreeNode } from './tree.ts'

export interface GraphPrintOptions {
  readonly changelogMode: boolean
}

/** A node of the print: a plan node, or the exchange in front of one. */
type Printed = PlanNode | ExchangePrint
interface ExchangePrint {
  readonly kind: 'Exchange'
  readonly exchange: Exchange
  readonly input: PlanNode
}

export function printGraph(graph: PlanGraph, options: GraphPrintOptions): string {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const used = new Set(graph.nodes.flatMap(node => node.inputs.map(input => input.node)))
  const find = (input: PlanInput): PlanNode => {
    const node = nodes.get(input.node)
    if (node === undefined) throw internalError(`the plan graph has no node '${input.node}'`)
    return node
  }
  const exchanges = new Map<PlanInput, ExchangePrint>()
  const below = (input: PlanInput): Printed => {
    if (input.exchange.kind === 'forward') return find(input)
    const known = exchanges.get(input)
    if (known !== undefined) return known
    const made: ExchangePrint = { kind: 'Exchange', exchange: input.exchange, input: find(input) }
    exchanges.set(input, made)
    return made
  }
  return printTrees(
    graph.nodes.filter(node => !used.has(node.id)) as readonly Printed[],
    (printed): TreeNode<Printed> => {
      if (printed.kind === 'Exchange') {
        return { text: exchangeText(printed), inputs: [printed.input] }
      }
      const inputs = printed.inputs.map(find)
      return { text: nodeText(printed, inputs, graph, options), inputs: printed.inputs.map(below) }
    },
  )
}

function exchangeText({ exchange, input }: ExchangePrint): string {
  const names = input.output.map(f => f.name)
  const keys = exchange.kind === 'hash' ? `[${exchange.keys.map(k => names[k]).join(', ')}]` : ''
  return attributes('Exchange', { distribution: `${exchange.kind}${keys}` })
}

function nodeText(
  node: PlanNode,
  inputs: readonly PlanNode[],
  graph: PlanGraph,
  options: GraphPrintOptions,
): string {
  const names = inputs[0]?.output.map(f => f.name) ?? []
  return attributes(node.kind, {
    ...ownAttributes(node, names),
    parallelism: node.parallelism === graph.parallelism ? null : String(node.parallelism),
    changelogMode: options.changelogMode && node.kind !== 'Sink' ? kindsText(node.changes) : null,
  })
}

/** Flink's letters: I,UB,UA,D. */
export const kindsText = (changes: ChangeKinds): string =>
  ['I', changes.updateBefore && 'UB', changes.updateAfter && 'UA', changes.delete && 'D']
    .filter(Boolean)
    .join(',')

const list = (columns: readonly number[], names: readonly string[]): string =>
  columns.map(i => names[i]).join(', ')

const sinkColumnName = (column: SinkColumn): string =>
  column.kind === 'physical' ? column.name : `METADATA '${column.key}'`

function ownAttributes(node: PlanNode, names: readonly string[]): Readonly<Record<string, string | null>> {
  switch (node.kind) {
    case 'Scan': {
      const columns = node.columns.map(c => (c.kind === 'physical' ? c.name : `METADATA '${c.key}'`))
      const idle = node.watermark?.idleTimeoutMs ?? 0
      return {
        table: node.table.path.join('.'),
        columns: columns.join(', '),
        watermark: node.watermark && printBound(node.watermark.expression, columns),
        idleTimeout: idle > 0 ? durationText(idle) : null,
        emitWatermark: node.watermark?.emit === 'on-event' ? 'on-event' : null,
        where: node.condition && printBound(node.condition, columns),
        select: selectText(node.projections, node.output, columns),
        bounded: node.bounded ? 'true' : null,
      }
    }
    case 'Values':
      return { rows: node.rows.map(row => `(${row.map(e => printBound(e, [])).join(', ')})`).join(', ') }
    case 'Calc':
      return {
        select: selectText(node.projections, node.output, names),
        where: node.condition && printBound(node.condition, names),
      }
    case 'Union':
    case 'Collect':
      return { columns: node.output.map(f => f.name).join(', ') }
    case 'WindowTableFunction':
      return {
        window: `${windowText(node.time.window)} on ${node.time.timeColumn < 0 ? 'processing time' : names[node.time.timeColumn]}`,
      }
    case 'WindowAggregate':
      return {
        groupBy: list(node.keys, names),
        window: assignmentText(node.time, names, undefined),
        select: [...node.aggregates.map(call => aggregateText(call, names)), ...node.properties].join(', '),
        emit: emitText(node.emit),
        phases: node.localPhase ? 'local, global' : null,
      }
    case 'GroupAggregate':
      return {
        groupBy: list(node.keys, names),
        select: node.aggregates.map(call => aggregateText(call, names)).join(', '),
        stateTtl: node.stateTtlMs > 0 ? durationText(node.stateTtlMs) : null,
      }
    case 'WindowTopN':
      return {
        window: `${names[node.startColumn]}, ${names[node.endColumn]}`,
        partitionBy: list(node.partitionKeys, names),
        orderBy: sortText(node.sortKeys, names),
        rank: `${node.from}..${node.to}`,
        output: node.outputRowNumber ? 'with row number' : null,
      }
    case 'ChangelogNormalize':
      return {
        key: list(node.keys, names),
        stateTtl: node.stateTtlMs > 0 ? durationText(node.stateTtlMs) : null,
      }
    case 'Sink':
      return {
        table: node.table.path.join('.'),
        columns: node.columns.map(sinkColumnName).join(', '),
        primaryKey: node.primaryKey && list(node.primaryKey, node.columns.map(sinkColumnName)),
      }
  }
}
