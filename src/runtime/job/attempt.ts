/**
 * One run of a job's plan, from recovery to the end, a failure or a stop. A restart is a new attempt: nothing of
 * the old one is used again but its checkpoints.
 */

import type { CheckpointStore } from '../../checkpoint/checkpoint-store.ts'
import {
  CheckpointCoordinator,
  type CompletedCheckpoint,
  type ManifestBase,
} from '../../checkpoint/coordinator.ts'
import type { Lease } from '../../checkpoint/lease.ts'
import type { Manifest } from '../../checkpoint/manifest.ts'
import { type RecoveredJob, type Resume, recoverJob } from '../../checkpoint/recovery.ts'
import { RestoredState } from '../../checkpoint/state-files.ts'
import type { SplitState } from '../../connectors/contract/index.ts'
import { runtimeFailure } from '../../errors/index.ts'
import type { Format } from '../../formats/format.ts'
import type { Logger } from '../../logger/logger.ts'
import type { PlanGraph } from '../../planner/plan-graph/plan-graph.ts'
import type { RowCollector } from '../operators/collect.ts'
import { mergeSourceStates, SOURCE_STATE, type SourceState } from '../task/source-driver.ts'
import { createEndpoints, type Endpoints, type FindConnector } from './endpoints.ts'
import type { JobConfig } from './job-config.ts'
import { AttemptContext } from './job-context.ts'
import { type BuiltJob, buildSubtasks } from './subtask-builder.ts'

export interface AttemptOptions {
  readonly graph: PlanGraph
  readonly config: JobConfig
  readonly resume: Resume
  /** Null when the job keeps no state. */
  readonly storage: { readonly store: CheckpointStore; readonly lease: Lease } | null
  readonly manifestBase: Omit<ManifestBase, 'jobId'>
  readonly collector: RowCollector | null
  readonly findConnector: FindConnector
  readonly logger: Logger
  findFormat(name: string): Format | undefined
  now(): number
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
  #job: BuiltJob | null = null
  #coordinator: CheckpointCoordinator | null = null
  #numDraining = 0
  #settled = false
  recovered: RecoveredJob | null = null

  constructor(options: AttemptOptions) {
    this.#options = options
    this.#end.promise.catch(() => {})
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

  get job(): BuiltJob | null {
    return this.#job
  }

  /** Runs to the end; rejects with the first failure. Everything is closed when it settles. */
  async run(started: () => void): Promise<AttemptEnd> {
    try {
      const finishedBefore = await this.#start()
      if (finishedBefore) return { kind: 'finished' }
      started()
      for (const { subtask } of this.#job!.subtasks) subtask.run().catch(error => this.fail(error))
      this.#coordinator?.start()
      return await this.#end.promise
    } finally {
      await this.#close()
    }
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
    for (const { subtask } of this.#job!.subtasks) subtask.pauseAfterBarrier()
    const { path } = await this.#coordinator.take('savepoint')
    this.#settle({ kind: 'stopped', savepoint: path })
    return path
  }

  /** A savepoint while the job goes on. */
  async savepoint(): Promise<string> {
    if (this.#coordinator === null) throw runtimeFailure('MR_SAVEPOINT_NO_STATE', 'This job keeps no state')
    return (await this.#coordinator.take('savepoint')).path
  }

  /** True when the stored job had already ended. */
  async #start(): Promise<boolean> {
    const { graph, storage, logger, resume } = this.#options
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
            logger,
          })
    const checkpoint = this.recovered?.checkpoint ?? null
    if (checkpoint?.manifest.kind === 'final') return true
    const restored = checkpoint === null ? null : await RestoredState.open(checkpoint)
    if (restored !== null) this.#checkClaimed(restored)
    const initialSplits = await this.#initialSplits(endpoints, restored)
    if (this.recovered !== null) this.#coordinator = this.#createCoordinator(this.recovered)
    await this.#writeInitialCheckpoint(restored, initialSplits)
    for (const committer of endpoints.committers) await committer.begin(this.#coordinator!.nextId)
    this.#job = await this.#build(endpoints, restored, initialSplits)
    return false
  }

  async #build(
    endpoints: Endpoints,
    restored: RestoredState | null,
    initialSplits: ReadonlyMap<string, readonly SplitState[]>,
  ): Promise<BuiltJob> {
    const { graph, config, collector, now } = this.#options
    const job = await buildSubtasks({
      graph,
      endpoints,
      restored,
      initialSplits,
      collector,
      maxParallelism: config.maxParallelism,
      bufferTimeoutMs: config.bufferTimeoutMs,
      now,
      acknowledge: (acknowledgement, flushed) =>
        this.#coordinator === null
          ? flushed.catch(error => this.fail(error))
          : this.#coordinator.acknowledge(acknowledgement.checkpointId, acknowledgement, flushed),
      drained: () => this.#subtaskDrained(),
    })
    this.#numDraining = job.subtasks.length
    return job
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

  /** Manifest 0: the resolved start-up offsets, so that losing the first transaction replays the same input. */
  async #writeInitialCheckpoint(
    restored: RestoredState | null,
    initial: ReadonlyMap<string, readonly SplitState[]>,
  ): Promise<void> {
    const { storage, config } = this.#options
    if (storage === null || restored !== null || config.checkpointing.intervalMs === 0) return
    await this.#coordinator!.writeInitial(
      [...initial].map(([id, splits]) => {
        const state: SourceState = { splits, watermarks: [], watermark: null }
        return { id, states: [], values: [{ name: SOURCE_STATE, values: [state] }] }
      }),
    )
  }

  #createCoordinator(recovered: RecoveredJob): CheckpointCoordinator {
    const { config, storage, manifestBase, logger } = this.#options
    const { checkpointing } = config
    const limits = this.#endpoints!.committers.map(committer => committer.checkpointTimeoutMs(checkpointing))
    return new CheckpointCoordinator({
      ...checkpointing,
      timeoutMs: Math.min(checkpointing.timeoutMs, ...limits),
      numSubtasks: () => this.#job!.subtasks.length,
      firstId: recovered.nextCheckpointId,
      lastConfirmed: recovered.lastConfirmed,
      base: { ...manifestBase, jobId: recovered.jobId },
      store: storage!.store,
      lease: storage!.lease,
      committers: this.#endpoints!.committers,
      logger,
      trigger: checkpointId => {
        for (const { subtask } of this.#job!.subtasks) {
          if (subtask.parts.head.kind === 'source') subtask.triggerCheckpoint(checkpointId)
        }
      },
      isUnchanged: () => this.#job!.subtasks.every(({ subtask }) => !subtask.dirty),
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
    const writers = this.#job!.subtasks.flatMap(built => built.writers)
    if (
      this.#coordinator !== null &&
      (this.#options.config.checkpointing.intervalMs > 0 || this.#endpoints!.committers.length > 0)
    ) {
      await this.#coordinator.take('final')
    }
    for (const writer of writers) await writer.finish()
    this.#settle({ kind: 'finished' })
  }

  async #close(): Promise<void> {
    const { logger } = this.#options
    for (const { subtask } of this.#job?.subtasks ?? []) subtask.stop()
    this.#coordinator?.abandon()
    await this.#coordinator?.stop()
    const endpoints = this.#endpoints
    const closing: Promise<void>[] = []
    for (const built of this.#job?.subtasks ?? []) {
      const { head, operators, exchanges } = built.subtask.parts
      for (const { operator } of operators) operator.close?.()
      for (const exchange of exchanges) exchange.discard()
      if (head.kind === 'gate') head.gate.clear()
      else closing.push(head.source.reader.close())
      for (const writer of built.writers) closing.push(writer.close())
    }
    for (const result of await Promise.allSettled(closing)) {
      if (result.status === 'rejected') logger.warn('closing failed', { reason: String(result.reason) })
    }
    for (const committer of endpoints?.committers ?? []) {
      await committer
        .abort()
        .catch(error => logger.warn('aborting the open transaction failed', { reason: String(error) }))
    }
    await endpoints?.close()
    await this.#context.close()
  }
}

export type { CompletedCheckpoint }
