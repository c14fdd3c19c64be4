/** The worker threads of one attempt, seen from the host: who runs what, and the ports between them. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { internalError } from '../../errors/index.ts'
import type { PlanGraph, PlanNode } from '../../planner/plan-graph/plan-graph.ts'
import type { FindConnector } from '../job/endpoints.ts'
import { buildTaskGraph, type Task, type TaskGraph } from '../job/task-graph.ts'
import type { Placement } from '../job/wiring.ts'
import { type RemoteOptions, RemoteSubtasks } from './remote-subtasks.ts'
import { ThreadLink } from './thread-link.ts'
import {
  HOST_THREAD,
  nodesIn,
  oneThread,
  planThreads,
  subtasksIn,
  type ThreadPlan,
  threadOf,
  threadsOf,
} from './thread-plan.ts'
import { leastUsed, pooledThread } from './thread-pool.ts'

export interface ThreadSettings {
  /** Worker threads that the jobs of this process share; at least one. */
  readonly numThreads: number
  /** The module a worker thread starts with. */
  readonly entry: URL
}

/** Sinks, and sources that read objects of the host. */
function staysInHost(node: PlanNode, findConnector: FindConnector): boolean {
  if (node.kind === 'Sink' || node.kind === 'Collect') return true
  return node.kind === 'Scan' && findConnector(node.table.options['connector'] ?? '')?.staysInHost === true
}

const planOf = (
  graph: PlanGraph,
  { entry, numThreads }: ThreadSettings,
  findConnector: FindConnector,
): ThreadPlan =>
  planThreads(graph, numThreads, leastUsed(entry, numThreads), node => staysInHost(node, findConnector))

interface LinkEnd {
  readonly thread: number
  readonly port: MessagePort
}

export class JobThreads {
  readonly taskGraph: TaskGraph
  readonly #settings: ThreadSettings | null
  readonly #plan: ThreadPlan
  readonly #threads: readonly number[]
  #links: ReadonlyMap<number, ThreadLink> = new Map()

  /** Without settings everything runs in the host's thread. */
  constructor(graph: PlanGraph, settings: ThreadSettings | null, findConnector: FindConnector) {
    this.#settings = settings
    this.#plan = settings === null ? oneThread : planOf(graph, settings, findConnector)
    this.taskGraph = buildTaskGraph(graph, new Set(this.#plan.hostNodes))
    this.#threads = threadsOf(this.#plan, this.taskGraph)
  }

  readonly threadOf = (task: Task, subtask: number): number => threadOf(this.#plan, task, subtask)

  /** Ids of the nodes that run in worker threads only: those read their state themselves. */
  get remoteNodes(): ReadonlySet<string> {
    const own = nodesIn(this.#plan, HOST_THREAD, this.taskGraph)
    const all = this.taskGraph.tasks.flatMap(({ nodes }) => nodes.map(({ id }) => id))
    return new Set(all.filter(id => !own.has(id)))
  }

  /** The host's view; to be asked for after `start`. */
  get placement(): Placement {
    return {
      ownThread: HOST_THREAD,
      threadOf: this.threadOf,
      linkTo: thread => {
        const link = this.#links.get(thread)
        if (link === undefined) throw internalError(`the host has no link to thread ${thread}`)
        return link
      },
    }
  }

  /** Lets every worker thread build its part. */
  start(
    request: Omit<RemoteOptions['request'], 'ownThread' | 'plan'>,
    listener: Pick<RemoteOptions, 'logger' | 'acknowledge' | 'drained' | 'fail'>,
  ): readonly RemoteSubtasks[] {
    const ends = this.#connect()
    this.#links = new Map(
      ends.get(HOST_THREAD)!.map(({ thread, port }) => [thread, new ThreadLink(port, listener.fail)]),
    )
    return this.#threads.map(
      ownThread =>
        new RemoteSubtasks({
          ...listener,
          thread: pooledThread(this.#settings!.entry, ownThread),
          size: this.#numSubtasks(ownThread),
          request: { ...request, ownThread, plan: this.#plan },
          links: ends.get(ownThread)!,
        }),
    )
  }

  /** A port for each two threads of the job. */
  #connect(): ReadonlyMap<number, readonly LinkEnd[]> {
    const all = [HOST_THREAD, ...this.#threads]
    const ends = new Map<number, LinkEnd[]>(all.map(thread => [thread, []]))
    for (const a of all) {
      for (const b of all.filter(thread => thread > a)) {
        const { port1, port2 } = new MessageChannel()
        ends.get(a)!.push({ thread: b, port: port1 })
        ends.get(b)!.push({ thread: a, port: port2 })
      }
    }
    return ends
  }

  #numSubtasks(thread: number): number {
    return this.taskGraph.tasks.reduce((sum, task) => sum + subtasksIn(this.#plan, thread, task).length, 0)
  }

  /** After the host's own subtasks are wired. */
  open(): void {
    for (const link of this.#links.values()) link.open()
  }

  close(): void {
    for (const link of this.#links.values()) link.close()
  }
}
