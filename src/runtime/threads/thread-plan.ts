/**
 * Which thread runs which subtask: plain data, so that every thread of a job comes to the same answer. Thread 0 is the
 * host's: it keeps the coordinator, the committers and all sinks, so that what a transaction spans is in one place.
 * Worker threads 1 … n run the rest: subtask i of every task in the same one, so that rows that need no other subtask
 * stay where they are.
 */
import type { PlanGraph, PlanNode } from '../../planner/plan-graph/plan-graph.ts'
import type { Task, TaskGraph } from '../job/task-graph.ts'

export const HOST_THREAD = 0

export interface ThreadPlan {
  /** Worker threads of the process that jobs share; 0 = everything runs in the host's. */
  readonly numThreads: number
  /** Subtask 0 runs in thread 1 + offset. */
  readonly offset: number
  /** Ids of nodes that cannot leave the host's thread. */
  readonly hostNodes: readonly string[]
}

export const oneThread: ThreadPlan = { numThreads: 0, offset: 0, hostNodes: [] }

export const planThreads = (
  graph: PlanGraph,
  numThreads: number,
  offset: number,
  staysInHost: (node: PlanNode) => boolean,
): ThreadPlan => ({
  numThreads,
  offset,
  hostNodes: graph.nodes.filter(staysInHost).map(({ id }) => id),
})

export function threadOf(plan: ThreadPlan, task: Task, subtask: number): number {
  if (plan.numThreads === 0 || plan.hostNodes.includes(task.head.id)) return HOST_THREAD
  return 1 + ((plan.offset + subtask) % plan.numThreads)
}

/** Worker threads in which a job has subtasks. */
export function threadsOf(plan: ThreadPlan, { tasks }: TaskGraph): readonly number[] {
  const threads = new Set<number>()
  for (const task of tasks)
    for (let subtask = 0; subtask < task.parallelism; subtask++) threads.add(threadOf(plan, task, subtask))
  threads.delete(HOST_THREAD)
  return [...threads].sort((a, b) => a - b)
}
