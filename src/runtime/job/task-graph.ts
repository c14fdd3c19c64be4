/**
 * Cuts a plan graph into tasks: maximal trees of nodes that can run in one subtask. A node is chained to its
 * only input when rows need not move between subtasks (`forward`, or any exchange when both run once).
 */
import { internalError } from '../../errors/index.ts'
import type { Exchange, PlanGraph, PlanNode } from '../../planner/plan-graph/plan-graph.ts'

export interface TaskInput {
  /** Node whose output is read, and the task it runs in. */
  readonly fromNode: string
  readonly fromTask: string
  readonly exchange: Exchange
  /** Input number of the head node. */
  readonly input: number
}

export interface Task {
  /** Id of the head node. */
  readonly id: string
  readonly head: PlanNode
  /** Head first, inputs before users. */
  readonly nodes: readonly PlanNode[]
  readonly parallelism: number
  readonly inputs: readonly TaskInput[]
}

export interface TaskGraph {
  readonly tasks: readonly Task[]
  /** Users of a node that run in the same task. */
  readonly chained: ReadonlyMap<string, readonly PlanNode[]>
}

function isChained(
  node: PlanNode,
  byId: ReadonlyMap<string, PlanNode>,
  hostNodes: ReadonlySet<string>,
): boolean {
  const only = node.inputs[0]
  if (only === undefined || node.inputs.length !== 1 || node.kind === 'Union') return false
  const input = byId.get(only.node)!
  if (input.parallelism !== node.parallelism) return false
  if (hostNodes.has(input.id) !== hostNodes.has(node.id)) return false
  return only.exchange.kind === 'forward' || node.parallelism === 1
}

/** `hostNodes` stay in the host's thread: they are chained to nothing that may leave it. */
export function buildTaskGraph(graph: PlanGraph, hostNodes: ReadonlySet<string> = new Set()): TaskGraph {
  const byId = new Map(graph.nodes.map(node => [node.id, node]))
  const taskOf = new Map<string, string>()
  const members = new Map<string, PlanNode[]>()
  const chained = new Map<string, PlanNode[]>()
  for (const node of graph.nodes) {
    for (const { node: id } of node.inputs) {
      if (!byId.has(id)) throw internalError(`plan node ${node.id} reads unknown node ${id}`)
    }
    if (isChained(node, byId, hostNodes)) {
      const input = node.inputs[0]!.node
      const task = taskOf.get(input)!
      taskOf.set(node.id, task)
      members.get(task)!.push(node)
      chained.set(input, [...(chained.get(input) ?? []), node])
    } else {
      taskOf.set(node.id, node.id)
      members.set(node.id, [node])
    }
  }
  const tasks = [...members].map(([id, nodes]): Task => {
    const head = nodes[0]!
    const inputs = head.inputs.map(({ node, exchange }, input) => ({
      fromNode: node,
      fromTask: taskOf.get(node)!,
      exchange,
      input,
    }))
    return { id, head, nodes, parallelism: head.parallelism, inputs }
  })
  return { tasks, chained }
}
