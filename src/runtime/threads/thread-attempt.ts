/** An attempt's part in a worker thread: sources and operators of the subtasks that run here, and no sinks. */
import type { MessagePort } from 'node:worker_threads'
import type { AcknowledgedSubtask } from '../../checkpoint/pending-checkpoint.ts'
import { RestoredState } from '../../checkpoint/state-files.ts'
import { internalError } from '../../errors/index.ts'
import type { Format } from '../../formats/format.ts'
import { aggregateEnvironment, continueArrivals } from '../aggregates/aggregate-environment.ts'
import { createEndpoints, type Endpoints, type FindConnector, loadConnectors } from '../job/endpoints.ts'
import { AttemptContext } from '../job/job-context.ts'
import { buildSubtasks } from '../job/subtask-builder.ts'
import { LocalSubtasks } from '../job/subtask-group.ts'
import { buildTaskGraph, type TaskGraph } from '../job/task-graph.ts'
import { wireTasks } from '../job/wiring.ts'
import type { SubtaskAcknowledgement } from '../task/subtask-snapshot.ts'
import { errorData } from './error-data.ts'
import { forwardingLogger } from './forwarding-logger.ts'
import { encodeInSharedMemory } from './shared-state.ts'
import { ThreadLink } from './thread-link.ts'
import type { OpenAttempt, ThreadCommand, ThreadEvent, ThreadRequest } from './thread-messages.ts'
import { nodesIn, threadOf } from './thread-plan.ts'

/** What comes with the process and not with the job. */
export interface ThreadComponents {
  readonly findConnector: FindConnector
  findFormat(name: string): Format | undefined
}

export class ThreadAttempt {
  readonly #request: ThreadRequest
  readonly #port: MessagePort
  readonly #links: ReadonlyMap<number, ThreadLink>
  readonly #components: ThreadComponents
  readonly #context: AttemptContext
  readonly #taskGraph: TaskGraph
  readonly #building: Promise<void>
  #endpoints: Endpoints | null = null
  #subtasks: LocalSubtasks | null = null
  #wasDirty = false
  #closing: Promise<void> | null = null

  constructor({ request, port, links }: OpenAttempt, components: ThreadComponents) {
    this.#request = request
    this.#port = port
    this.#components = components
    const fail = (error: unknown) => this.#fail(error)
    this.#links = new Map(links.map(({ thread, port }) => [thread, new ThreadLink(port, fail)]))
    this.#taskGraph = buildTaskGraph(request.graph, new Set(request.plan.hostNodes))
    this.#context = new AttemptContext({
      jobName: request.graph.name,
      timeZone: request.graph.timeZone,
      logger: forwardingLogger(event => this.#post(event)),
      config: request.config,
      lease: null,
      findFormat: components.findFormat,
      fail,
    })
    port.on('messageerror', fail)
    port.on('message', (command: ThreadCommand) => this.#obey(command))
    this.#building = this.#build()
    this.#building.then(
      () => this.#post({ kind: 'built' }),
      error => this.#fail(error),
    )
  }

  #post(event: ThreadEvent): void {
    this.#port.postMessage(event)
  }

  #fail(error: unknown): void {
    this.#post({ kind: 'failed', error: errorData(error) })
  }

  async #build(): Promise<void> {
    const { graph, plan, ownThread, config, restored, initialSplits } = this.#request
    const ownNodes = nodesIn(plan, ownThread, this.#taskGraph)
    const ownGraph = { ...graph, nodes: graph.nodes.filter(({ id }) => ownNodes.has(id)) }
    await loadConnectors(ownGraph, this.#components.findConnector)
    const endpoints = createEndpoints(ownGraph, this.#components.findConnector, this.#context)
    this.#endpoints = endpoints
    const state = restored === null ? null : await RestoredState.open(restored, id => ownNodes.has(id))
    continueArrivals(restored?.manifest.lastArrival ?? 0)
    const wiring = wireTasks(this.#taskGraph, config.maxParallelism, {
      ownThread,
      threadOf: (task, subtask) => threadOf(plan, task, subtask),
      linkTo: thread => {
        const link = this.#links.get(thread)
        if (link === undefined) throw internalError(`thread ${ownThread} has no link to thread ${thread}`)
        return link
      },
    })
    const subtasks = await buildSubtasks({
      graph,
      taskGraph: this.#taskGraph,
      wiring,
      isOwn: (task, subtask) => threadOf(plan, task, subtask) === ownThread,
      endpoints,
      restored: state,
      initialSplits,
      collector: null,
      maxParallelism: config.maxParallelism,
      bufferTimeoutMs: config.bufferTimeoutMs,
      now: Date.now,
      steadyNow: () => performance.now(),
      acknowledge: acknowledgement =>
        void this.#acknowledge(acknowledgement).catch(error => this.#fail(error)),
      changed: () => this.#changed(),
      drained: () => this.#post({ kind: 'drained' }),
    })
    const { logger } = this.#context
    this.#subtasks = new LocalSubtasks({ subtasks, wiring, logger, fail: error => this.#fail(error) })
    for (const link of this.#links.values()) link.open()
  }

  #changed(): void {
    const isDirty = this.#subtasks?.isDirty ?? false
    if (isDirty === this.#wasDirty) return
    this.#wasDirty = isDirty
    this.#post({ kind: 'changed', isDirty })
  }

  /** States are encoded here, in the thread that holds them; the host writes the bytes. */
  async #acknowledge({ checkpointId, subtask, nodes, alignmentMs }: SubtaskAcknowledgement): Promise<void> {
    const lastArrival = aggregateEnvironment.nextArrival()
    const encoded: AcknowledgedSubtask['nodes'][number][] = []
    try {
      for (const { nodeId, states, values } of nodes) {
        const parts = []
        for (const state of states) parts.push(await encodeInSharedMemory(state))
        encoded.push({ nodeId, states: parts, values })
      }
    } finally {
      for (const { states } of nodes) for (const state of states) state.release()
    }
    const part: AcknowledgedSubtask = { subtask, nodes: encoded, alignmentMs }
    this.#post({ kind: 'acknowledged', checkpointId, part, lastArrival })
  }

  #obey(command: ThreadCommand): void {
    switch (command.kind) {
      case 'run':
        this.#subtasks?.run()
        return
      case 'trigger':
        this.#subtasks?.trigger(command.checkpointId)
        return
      case 'pause-after-barrier':
        this.#subtasks?.pauseAfterBarrier()
        return
      case 'resume':
        this.#subtasks?.resume()
        return
      case 'report':
        this.#post({ kind: 'reports', reports: this.#subtasks?.reports() ?? [] })
        return
      case 'stop':
        void this.#stop()
        return
      case 'close':
        this.#closing ??= this.#close()
        return
      default:
        this.#fail(internalError(`unknown command ${JSON.stringify(command satisfies never)}`))
    }
  }

  async #stop(): Promise<void> {
    await this.#subtasks?.stop()
    this.#post({ kind: 'stopped', reports: this.#subtasks?.reports() ?? [] })
  }

  async #close(): Promise<void> {
    try {
      // Cuts short a reader that waits for a broker.
      if (this.#subtasks === null) await this.#endpoints?.close()
      await this.#building.catch(() => {})
      await this.#subtasks?.close()
      for (const link of this.#links.values()) link.close()
      await this.#endpoints?.close()
      await this.#context.close()
    } catch (error) {
      this.#fail(error)
    }
    this.#post({ kind: 'closed' })
    this.#port.close()
  }
}
