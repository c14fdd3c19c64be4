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

const subtasksOf = ({ parallelism }: Task): readonly number[] =>
  Array.from({ length: parallelism }, (_, subtask) => subtask)

/** Subtasks of a task that run in a thread. */
export const subtasksIn = (plan: ThreadPlan, thread: number, task: Task): readonly number[] =>
  subtasksOf(task).filter(subtask => threadOf(plan, task, subtask) === thread)

/** Ids of the nodes that have a subtask in a thread. */
export const nodesIn = (plan: ThreadPlan, thread: number, { tasks }: TaskGraph): ReadonlySet<string> =>
  new Set(
    tasks
      .filter(task => subtasksIn(plan, thread, task).length > 0)
      .flatMap(({ nodes }) => nodes.map(({ id }) => id)),
  )

/** Worker threads in which a job has subtasks. */
export function threadsOf(plan: ThreadPlan, { tasks }: TaskGraph): readonly number[] {
  const threads = new Set<number>()
  for (const task of tasks) for (const subtask of subtasksOf(task)) threads.add(threadOf(plan, task, subtask))
  threads.delete(HOST_THREAD)
  return [...threads].sort((a, b) => a - b)
}
