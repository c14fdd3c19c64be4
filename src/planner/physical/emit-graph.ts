import type { Exchange, PlanGraph, PlanInput, PlanNode } from '../plan-graph/plan-graph.ts'
import { PLAN_VERSION } from '../plan-graph/plan-graph.ts'
import { changeKinds } from '../traits/changelog-mode.ts'
import { assignIds } from './operator-ids.ts'
import type { PhysicalNode } from './physical-node.ts'

export interface GraphHeader {
  readonly name: string
  readonly parallelism: number
  readonly timeZone: string
}

/** Physical nodes → the plan graph, in topological order, each shared node once. */
export function emitGraph(roots: readonly PhysicalNode[], header: GraphHeader): PlanGraph {
  const ids = assignIds(roots)
  const kinds = changeKinds(roots)
  const nodes: PlanNode[] = []
  const emitted = new Set<PhysicalNode>()
  const emit = (node: PhysicalNode): void => {
    if (emitted.has(node)) return
    emitted.add(node)
    for (const input of node.inputs) emit(input.node)
    const key = node.upsertKeys[0]
    nodes.push({
      id: ids.get(node)!,
      label: node.label,
      ...node.body,
      inputs: node.inputs.map(
        (input): PlanInput => ({ node: ids.get(input.node)!, exchange: plain(input.exchange) }),
      ),
      output: node.output,
      changes: kinds.get(node)!,
      parallelism: node.parallelism,
      ...(key === undefined ? {} : { upsertKey: key }),
    } as PlanNode)
  }
  for (const root of roots) emit(root)
  return { version: PLAN_VERSION, ...header, nodes }
}

const plain = (exchange: Exchange): Exchange =>
  exchange.kind === 'hash' ? { kind: 'hash', keys: [...exchange.keys] } : exchange
