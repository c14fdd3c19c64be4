/**
 * One run of a job's plan, from recovery to the end, a failure or a stop. A restart is a new attempt: nothing of
 * the old one is used again but its checkpoints.
 */

import type { CheckpointStatistics } from '../../checkpoint/checkpoint-statistics.ts'
import type { CheckpointStore } from '../../checkpoint/checkpoint-store.ts'
import { CheckpointCoordinator, type ManifestBase } from '../../checkpoint/coordinator.ts'
import type { Lease } from '../../checkpoint/lease.ts'
import type { Manifest } from '../../checkpoint/manifest.ts'
import { isUnclaimedStart, type RecoveredJob, type Resume, recoverJob } from '../../checkpoint/recovery.ts'
import { RestoredState } from '../../checkpoint/state-files.ts'
import type { SplitState } from '../../connectors/contract/index.ts'
import { runtimeFailure } from '../../errors/index.ts'
import { failPoint, isMutated } from '../../failpoints/failpoints.ts'
import type { Format } from '../../formats/format.ts'
import type { Logger } from '../../logger/logger.ts'
import type { PlanGraph } from '../../planner/plan-graph/plan-graph.ts'
import { aggregateEnvironment, continueArrivals } from '../aggregates/aggregate-environment.ts'
import type { RowCollector } from '../operators/collect.ts'
import { mergeSourceStates, SOURCE_STATE, type SourceState } from '../task/source-driver.ts'
import { JobThreads, type ThreadSettings } from '../threads/job-threads.ts'
import { HOST_THREAD } from '../threads/thread-plan.ts'
import { DropLog } from './drop-log.ts'
import { createEndpoints, type Endpoints, type FindConnector, loadConnectors } from './endpoints.ts'
import type { JobConfig } from './job-config.ts'
import { AttemptContext } from './job-context.ts'
import { allOperatorMetrics, type ReportingJob } from './job-metrics.ts'
import { buildSubtasks } from './subtask-builder.ts'
import { LocalSubtasks, type SubtaskGroup } from './subtask-group.ts'
import { wireTasks } from './wiring.ts'

export interface AttemptOptions {
  readonly graph: PlanGraph
  readonly config: JobConfig
  readonly resume: Resume
  readonly ranBefore: boolean
  readonly newJobId: string
  /** Null when the job keeps no state. */
  readonly storage: { readonly store: CheckpointStore; readonly lease: Lease } | null
  readonly manifestBase: Omit<ManifestBase, 'jobId'>
  readonly collector: RowCollector | null
  readonly findConnector: FindConnector
  readonly threads: ThreadSettings | null
  readonly logger: Logger
  readonly statistics: CheckpointStatistics
  findFormat(name: string): Format | undefined
  now(): number
  steadyNow(): number
}

export type AttemptEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped'; readonly savepoint: string }
  | { readonly kind: 'canceled' }

export class Attempt {
  readonly #options: AttemptOptions
  readonly #context: AttemptContext
  readonly #end = Promise.withResolvers<AttemptEnd>()
  #endpoints: Endpoints | null = null
  readonly #threads: JobThreads
  #groups: readonly SubtaskGroup[] = []
  /** Those of the groups that are in worker threads. */
  #remote: readonly SubtaskGroup[] = []
  /** Highest number of arrival that a worker thread has told. */
  #lastArrival = 0
  #job: ReportingJob | null = null
  #coordinator: CheckpointCoordinator | null = null
  #drops: DropLog | null = null
  #numDraining = 0
  #settled = false
  recovered: RecoveredJob | null = null

  constructor(options: AttemptOptions) {
    this.#options = options
    this.#end.promise.catch(() => {})
    this.#threads = new JobThreads(options.graph, options.threads, options.findConnector)
    this.#context = new AttemptContext({
      jobName: options.graph.name,
      timeZone: options.graph.timeZone,
      logger: options.logger,
      config: options.config,
      lease: options.storage?.lease ?? null,
      findFormat: options.findFormat,
      fail: error => this.fail(error),
    })
  }

  get coordinator(): CheckpointCoordinator | null {
    return this.#coordinator
  }

  /** Null before it runs. */
  get job(): ReportingJob | null {
    return this.#job
  }

  /** Runs to the end; rejects with the first failure. Everything is closed when it settles. */
  async run(started: () => void): Promise<AttemptEnd> {
    try {
      const finishedBefore = await this.#startUnlessEnded()
      if (this.#settled) return await this.#end.promise
      if (finishedBefore) return { kind: 'finished' }
      started()
      for (const group of this.#groups) group.run()
      this.#coordinator?.start()
      return await this.#end.promise
    } finally {
      await this.#close()
    }
  }

  /** A job that is canceled, or fails, while it starts does not wait for a broker that never answers. */
  async #startUnlessEnded(): Promise<boolean> {
    const starting = this.#start()
    const ended = this.#end.promise.then(
      () => 'ended' as const,
      () => 'ended' as const,
    )
    const first = await Promise.race([starting, ended])
    if (first !== 'ended') return first
    const cutShort = this.#remote.map(group => group.close())
    await this.#endpoints?.close()
    await Promise.all(cutShort)
    await starting.catch(error => this.#options.logger.debug('start cut short', { reason: String(error) }))
    return false
  }

  fail(error: unknown): void {
    if (this.#settled) {
      this.#options.logger.debug('a later failure of the same attempt', { reason: String(error) })
      return
    }
    this.#settled = true
    this.#coordinator?.abandon()
    this.#end.reject(error)
  }

  cancel(): void {
    this.#settle({ kind: 'canceled' })
  }

  #settle(end: AttemptEnd): void {
    if (this.#settled) return
    this.#settled = true
    this.#end.resolve(end)
  }

  /** Sources stop after the barrier, so nothing comes after the savepoint. */
  async stopWithSavepoint(): Promise<string> {
    if (this.#coordinator === null) {
      throw runtimeFailure(
        'MR_SAVEPOINT_NO_STATE',
        'This job keeps no state, so it cannot be stopped with a savepoint',
        {
          hint: 'cancel it instead',
        },
      )
    }
    for (const group of this.#groups) group.pauseAfterBarrier()
    try {
      const { path } = await this.#coordinator.take('savepoint')
      this.#settle({ kind: 'stopped', savepoint: path })
      return path
    } catch (error) {
      for (const group of this.#groups) group.resume()
      throw error
    }
  }

  /** A savepoint while the job goes on. */
  async savepoint(): Promise<string> {
    if (this.#coordinator === null) throw runtimeFailure('MR_SAVEPOINT_NO_STATE', 'This job keeps no state')
    return (await this.#coordinator.take('savepoint')).path
  }

  /** True when the stored job had already ended. */
  async #start(): Promise<boolean> {
    const { graph, storage, logger, resume, ranBefore, newJobId } = this.#options
    await loadConnectors(graph, this.#options.findConnector)
    const endpoints = createEndpoints(graph, this.#options.findConnector, this.#context)
    this.#endpoints = endpoints
    this.recovered =
      storage === null
        ? null
        : await recoverJob({
            store: storage.store,
            incarnation: storage.lease.incarnation,
            committers: endpoints.committers,
            resume,
            ranBefore,
            newJobId,
            logger,
          })
    const checkpoint = this.recovered?.checkpoint ?? null
    if (checkpoint?.manifest.kind === 'final') return true
    const { remoteNodes } = this.#threads
    const restored =
      checkpoint === null ? null : await RestoredState.open(checkpoint, id => !remoteNodes.has(id))
    if (restored !== null) this.#checkRestored(restored)
    await failPoint('recovery.restored')
    const initialSplits = await this.#initialSplits(endpoints, restored)
    if (this.recovered !== null) this.#coordinator = this.#createCoordinator(this.recovered)
    const initial = await this.#writeInitialCheckpoint(restored, initialSplits)
    for (const committer of endpoints.committers) await committer.begin(this.#coordinator!.nextId)
    await initial?.confirm()
    await this.#build(endpoints, restored, initialSplits)
    this.#numDraining = this.#groups.reduce((sum, { size }) => sum + size, 0)
    const job: ReportingJob = {
      tasks: new Map(this.#threads.taskGraph.tasks.map(task => [task.id, task])),
      startedAt: performance.now(),
      reports: () => this.#groups.flatMap(group => group.reports()),
    }
    this.#job = job
    this.#drops = new DropLog(logger, () => allOperatorMetrics(job))
    return false
  }

  /** Worker threads build their parts while this one builds its own. */
  async #build(
    endpoints: Endpoints,
    restored: RestoredState | null,
    initialSplits: ReadonlyMap<string, readonly SplitState[]>,
  ): Promise<void> {
    const { graph, config, logger } = this.#options
    const remote = this.#threads.start(
      { graph, config, restored: restored?.checkpoint ?? null, initialSplits },
      {
        logger,
        acknowledge: (checkpointId, part, lastArrival) => {
          this.#lastArrival = Math.max(this.#lastArrival, lastArrival)
          this.#coordinator?.acknowledge(checkpointId, part, Promise.resolve())
        },
        drained: () => this.#subtaskDrained(),
        fail: error => this.fail(error),
      },
    )
    this.#remote = remote
    this.#groups = remote
    const own = await this.#buildOwn(endpoints, restored, initialSplits)
    this.#groups = [own, ...remote]
    this.#threads.open()
    await Promise.all(remote.map(group => group.built()))
  }

  async #buildOwn(
    endpoints: Endpoints,
    restored: RestoredState | null,
    initialSplits: ReadonlyMap<string, readonly SplitState[]>,
  ): Promise<SubtaskGroup> {
    const { graph, config, collector, logger, now, steadyNow } = this.#options
    const { taskGraph, placement, threadOf } = this.#threads
    const wiring = wireTasks(taskGraph, config.maxParallelism, placement)
    const subtasks = await buildSubtasks({
      graph,
      taskGraph,
      wiring,
      isOwn: (task, subtask) => threadOf(task, subtask) === HOST_THREAD,
      endpoints,
      restored,
      initialSplits,
      collector,
      maxParallelism: config.maxParallelism,
      bufferTimeoutMs: config.bufferTimeoutMs,
      now,
      steadyNow,
      acknowledge: (acknowledgement, flushed) =>
        this.#coordinator === null
          ? flushed.catch(error => this.fail(error))
          : this.#coordinator.acknowledge(acknowledgement.checkpointId, acknowledgement, flushed),
      drained: () => this.#subtaskDrained(),
    })
    return new LocalSubtasks({ subtasks, wiring, logger, fail: error => this.fail(error) })
  }

  #checkRestored(restored: RestoredState): void {
    this.#options.statistics.lastCheckpointRestoreTimestamp = Date.now()
    const { maxParallelism, lastArrival } = restored.checkpoint.manifest
    continueArrivals(lastArrival ?? 0)
    if (maxParallelism !== this.#options.config.maxParallelism) {
      throw runtimeFailure(
        'MR_STATE_MAX_PARALLELISM',
        `The checkpoint ${restored.checkpoint.path} was written with maximum parallelism ${maxParallelism}, this job has ${this.#options.config.maxParallelism}`,
        { hint: `SET 'pipeline.max-parallelism' = '${maxParallelism}', or start over with --resume none` },
      )
    }
    this.#checkClaimed(restored)
  }

  /** State that no node of the new plan takes is refused, unless the user allowed it. */
  #checkClaimed(restored: RestoredState): void {
    const known = new Set(this.#options.graph.nodes.map(node => node.id))
    const unclaimed = restored.nodeIds.filter(id => !known.has(id))
    if (unclaimed.length === 0) return
    if (this.#options.config.ignoreUnclaimedState) {
      this.#options.logger.warn('state of the checkpoint is dropped: no operator of the query takes it', {
        unclaimed,
      })
      return
    }
    throw runtimeFailure(
      'MR_STATE_UNCLAIMED',
      `The checkpoint ${restored.checkpoint.path} holds state that this query does not use: ${unclaimed.join(', ')}`,
      {
        hint: "SET 'execution.state-recovery.ignore-unclaimed-state' = 'true' drops it; --resume none starts over; or run the query that wrote it",
      },
    )
  }

  async #initialSplits(
    endpoints: Endpoints,
    restored: RestoredState | null,
  ): Promise<Map<string, readonly SplitState[]>> {
    const initial = new Map<string, readonly SplitState[]>()
    for (const [nodeId, source] of endpoints.sources) {
      if (restored !== null && restored.values(nodeId, SOURCE_STATE).length > 0) continue
      initial.set(nodeId, await source.initialSplits())
    }
    return initial
  }

  /**
   * Start-up positions are written before anything is read from them, so that losing the first transaction replays
   * the same input. Afterwards they are as good as restored.
   */
  async #writeInitialCheckpoint(
    restored: RestoredState | null,
    initial: ReadonlyMap<string, readonly SplitState[]>,
  ): Promise<{ confirm(): Promise<void> } | null> {
    const { storage, config } = this.#options
    if (storage === null || config.checkpointing.intervalMs === 0) return null
    if (isMutated('no-initial-checkpoint')) return null
    const positions = [...initial].map(([id, splits]) => {
      const state: SourceState = { splits, watermarks: [], watermark: null }
      return { id, states: [], values: [{ name: SOURCE_STATE, values: [state] }] }
    })
    if (restored === null) return this.#coordinator!.writeInitial(positions)
    const { checkpoint } = restored
    if (positions.length > 0 || checkpoint.manifest.jobId !== this.recovered!.jobId) {
      const known = new Set(this.#options.graph.nodes.map(({ id }) => id))
      return this.#coordinator!.writeInitial(positions, {
        checkpoint,
        keeps: id => known.has(id) && !initial.has(id),
      })
    }
    return isUnclaimedStart(checkpoint) ? { confirm: () => storage.store.confirm(checkpoint.path) } : null
  }

  #createCoordinator(recovered: RecoveredJob): CheckpointCoordinator {
    const { config, storage, manifestBase, logger, statistics } = this.#options
    const { checkpointing } = config
    const limits = this.#endpoints!.committers.map(committer => committer.checkpointTimeoutMs(checkpointing))
    return new CheckpointCoordinator({
      ...checkpointing,
      timeoutMs: Math.min(checkpointing.timeoutMs, ...limits),
      numSubtasks: () => this.#groups.reduce((sum, { size }) => sum + size, 0),
      firstId: recovered.nextCheckpointId,
      lastConfirmed: recovered.lastConfirmed,
      base: { ...manifestBase, jobId: recovered.jobId },
      store: storage!.store,
      lease: storage!.lease,
      committers: this.#endpoints!.committers,
      logger,
      statistics,
      trigger: checkpointId => {
        for (const group of this.#groups) group.trigger(checkpointId)
      },
      lastArrival: () => Math.max(this.#lastArrival, aggregateEnvironment.nextArrival()),
      isUnchanged: () => this.#groups.every(group => !group.isDirty),
      confirmed: manifest => this.#publishOffsets(manifest),
      fail: error => this.fail(error),
    })
  }

  #publishOffsets(manifest: Manifest): void {
    for (const [nodeId, source] of this.#endpoints!.sources) {
      const values = manifest.nodes
        .find(node => node.id === nodeId)
        ?.values.find(({ name }) => name === SOURCE_STATE)
      if (values === undefined || source.publishOffsets === undefined) continue
      source.publishOffsets(manifest.checkpointId, mergeSourceStates(values.values).splits).catch(error => {
        this.#options.logger.warn('publishing group offsets failed; monitors see old offsets', {
          reason: String(error),
        })
      })
    }
  }

  #subtaskDrained(): void {
    this.#numDraining--
    if (this.#numDraining === 0) this.#finish().catch(error => this.fail(error))
  }

  /** All input has ended: one final checkpoint commits what is left. */
  async #finish(): Promise<void> {
    if (
      this.#coordinator !== null &&
      (this.#options.config.checkpointing.intervalMs > 0 || this.#endpoints!.committers.length > 0)
    ) {
      await this.#coordinator.take('final')
    }
    for (const group of this.#groups) await group.finish()
    this.#settle({ kind: 'finished' })
  }

  async #close(): Promise<void> {
    const stopped = this.#groups.map(group => group.stop())
    await this.#coordinator?.stop()
    await Promise.all(stopped)
    this.#drops?.close()
    await Promise.all(this.#groups.map(group => group.close()))
    this.#threads.close()
    for (const committer of this.#endpoints?.committers ?? []) {
      await committer.abort().catch(error => this.#warn('aborting the open transaction failed', error))
    }
    await this.#endpoints?.close()
    await this.#context.close()
  }

  #warn(message: string, error: unknown): void {
    this.#options.logger.warn(message, { reason: String(error) })
  }
}
