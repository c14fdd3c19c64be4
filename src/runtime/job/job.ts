/**
 * A running job: attempts one after another under the restart strategy, until the input ends, someone stops it,
 * or it fails for good. The library's job handle.
 */
import { randomUUID } from 'node:crypto'
import { CheckpointStatistics } from '../../checkpoint/checkpoint-statistics.ts'
import { CheckpointStore } from '../../checkpoint/checkpoint-store.ts'
import { Lease } from '../../checkpoint/lease.ts'
import type { Connector } from '../../connectors/contract/index.ts'
import { type MillraceError, runtimeFailure, toMillraceError } from '../../errors/index.ts'
import type { Format } from '../../formats/format.ts'
import type { Logger } from '../../logger/logger.ts'
import type { PlanGraph } from '../../planner/plan-graph/plan-graph.ts'
import type { RowCollector } from '../operators/collect.ts'
import { threadSettings } from '../threads/thread-settings.ts'
import { Attempt, type AttemptEnd } from './attempt.ts'
import type { JobConfig } from './job-config.ts'
import { type JobMetrics, JobMetricsReader } from './job-metrics.ts'
import { createRestartStrategy } from './restart-strategy.ts'

/** Flink's job states. A job stopped with a savepoint is FINISHED, as in Flink. */
export type JobStatus = 'CREATED' | 'RUNNING' | 'RESTARTING' | 'FINISHED' | 'FAILED' | 'CANCELED'

export interface JobResult {
  readonly status: 'FINISHED' | 'CANCELED'
  /** Where the savepoint of `stopWithSavepoint` lies. */
  readonly savepoint: string | null
}

export interface JobOptions {
  readonly graph: PlanGraph
  readonly config: JobConfig
  /** The statements, secrets replaced; kept in manifests. */
  readonly sql: string | null
  /** The graph without secrets; kept in manifests. */
  readonly storedPlan: unknown
  readonly engineVersion: string
  readonly collector: RowCollector | null
  readonly logger: Logger
  findConnector(name: string): Connector | undefined
  findFormat(name: string): Format | undefined
  now?(): number
  /** The module that worker threads start with; without one everything runs in this thread. */
  readonly threadEntry: URL | null
}

/** What a start found, for the log line and the demo's counters. */
export interface RecoverySummary {
  readonly restoredCheckpoint: string | null
  readonly numResumedTransactions: number
  readonly replayedBecause: string | null
}

export class Job {
  readonly id: string
  readonly name: string
  readonly #options: JobOptions
  readonly #done: Promise<JobResult>
  #status: JobStatus = 'CREATED'
  #attempt: Attempt | null = null
  readonly #statistics = new CheckpointStatistics()
  readonly #metrics = new JobMetricsReader()
  /** When it began to run, or failed; on performance.now()'s clock. */
  #statusSince = performance.now()
  #numRestarts = 0
  /** Only once a checkpoint of this start exists does `latest` mean our own. */
  #wroteCheckpoint = false
  #everRan = false
  readonly #newJobId = randomUUID()
  #mayDeleteCheckpoints = false
  #isCanceled = false
  #stoppingWith: Promise<string> | null = null
  #wakeBackoff: (() => void) | null = null
  readonly #running = Promise.withResolvers<void>()
  onRecovered: ((summary: RecoverySummary) => void) | null = null

  constructor(id: string, options: JobOptions) {
    this.id = id
    this.name = options.graph.name
    this.#options = options
    this.#running.promise.catch(() => {})
    this.#done = this.#runAll()
    this.#done.catch(error => this.#running.reject(error))
  }

  get status(): JobStatus {
    return this.#status
  }

  /** Whether it can be stopped with a savepoint and resumed. */
  get keepsState(): boolean {
    return this.#options.config.stateDirectory !== null
  }

  /** Resolves when the job has ended; rejects with the coded error that ended it. */
  wait(): Promise<JobResult> {
    return this.#done
  }

  /** Resolves when the first attempt processes rows; rejects when the job ended before. */
  started(): Promise<void> {
    return this.#running.promise
  }

  metrics(): JobMetrics {
    const nowMs = (this.#options.now ?? Date.now)()
    const since = performance.now() - this.#statusSince
    return this.#metrics.read(this.#attempt?.job ?? null, {
      checkpoints: this.keepsState ? this.#statistics : null,
      numRestarts: this.#numRestarts,
      uptime: this.#status === 'RUNNING' ? since : 0,
      downtime: this.#status === 'RESTARTING' ? since : 0,
      nowMs,
    })
  }

  /**
   * Stops without a savepoint. Under DELETE_ON_CANCELLATION the checkpoints go too, unless `retain` says that the
   * job is not given up, only its process.
   */
  async cancel({ retain = false }: { readonly retain?: boolean } = {}): Promise<void> {
    this.#isCanceled = true
    this.#mayDeleteCheckpoints ||= !retain
    this.#wakeBackoff?.()
    this.#attempt?.cancel()
    await this.#done.catch(() => {})
  }

  /**
   * Takes a savepoint and stops without closing windows; returns its path. When it cannot be taken the job goes on.
   * Rejects with MR_JOB_NOT_RUNNING when the job has ended or is waiting to restart, MR_SAVEPOINT_NO_STATE when it
   * keeps no state.
   */
  stopWithSavepoint(): Promise<string> {
    this.#stoppingWith ??= this.#stopWithSavepoint().finally(() => {
      this.#stoppingWith = null
    })
    return this.#stoppingWith
  }

  async #stopWithSavepoint(): Promise<string> {
    const attempt = await this.#runningAttempt()
    const path = await attempt.stopWithSavepoint()
    await this.#done
    return path
  }

  /** A savepoint while the job goes on; returns its path. Rejects as `stopWithSavepoint`. */
  async savepoint(): Promise<string> {
    return (await this.#runningAttempt()).savepoint()
  }

  async #runningAttempt(): Promise<Attempt> {
    await this.started()
    if (this.#status === 'RUNNING') return this.#attempt!
    throw runtimeFailure('MR_JOB_NOT_RUNNING', `The job is ${this.#status}: no savepoint can be taken`, {
      hint:
        this.#status === 'RESTARTING'
          ? 'try again when it runs, or cancel it: the next start resumes from the last checkpoint'
          : undefined,
      retriable: this.#status === 'RESTARTING',
    })
  }

  async #runAll(): Promise<JobResult> {
    const { config } = this.#options
    let storage: { store: CheckpointStore; lease: Lease } | null = null
    try {
      if (config.stateDirectory !== null) {
        const lease = await Lease.acquire(config.stateDirectory)
        storage = { lease, store: new CheckpointStore(config.stateDirectory, this.#options.logger) }
      }
      const end = await this.#attempts(storage)
      this.#status = end.kind === 'canceled' ? 'CANCELED' : 'FINISHED'
      if (end.kind === 'canceled' && this.#mayDeleteCheckpoints && config.checkpointing.deleteOnCancel) {
        await storage?.store.removeCheckpoints()
      }
      this.#running.resolve()
      return {
        status: this.#status as JobResult['status'],
        savepoint: end.kind === 'stopped' ? end.savepoint : null,
      }
    } catch (error) {
      this.#status = 'FAILED'
      throw toMillraceError(error).withJob(this.name)
    } finally {
      await storage?.lease.release()
    }
  }

  async #attempts(storage: { store: CheckpointStore; lease: Lease } | null): Promise<AttemptEnd> {
    const strategy = createRestartStrategy(this.#options.config.restart)
    for (;;) {
      if (this.#isCanceled) return { kind: 'canceled' }
      try {
        return await this.#runAttempt(storage)
      } catch (thrown) {
        const error = toMillraceError(thrown)
        this.#wroteCheckpoint ||= this.#attempt?.coordinator?.wroteAny === true
        if (this.#isCanceled) continue
        const delayMs = this.#mayRestart(error) ? strategy.nextDelayMs(performance.now()) : null
        if (delayMs === null) throw error
        await this.#backOff(error, delayMs)
      }
    }
  }

  /**
   * Errors that would only repeat themselves are not retried; nor is a SELECT, whose reader has rows of it. Nor is a
   * connection that fails before the job ever ran: whoever starts a job with a wrong address wants to hear of it.
   */
  #mayRestart(error: MillraceError): boolean {
    if (this.#options.collector !== null) return false
    if (!this.#everRan && error.family !== 'runtime') return false
    if (error.family === 'internal') return true
    return (error.family === 'connector' || error.family === 'runtime') && error.retriable
  }

  async #backOff(error: MillraceError, delayMs: number): Promise<void> {
    this.#status = 'RESTARTING'
    this.#statusSince = performance.now()
    this.#numRestarts++
    this.#options.logger.warn(`job failed; restarting in ${delayMs} ms`, {
      code: error.code,
      reason: error.message,
      restart: this.#numRestarts,
      from: this.keepsState ? 'the last checkpoint' : 'the beginning: the job keeps no state',
    })
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, delayMs)
      this.#wakeBackoff = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wakeBackoff = null
  }

  async #runAttempt(storage: { store: CheckpointStore; lease: Lease } | null): Promise<AttemptEnd> {
    const {
      graph,
      config,
      sql,
      storedPlan,
      engineVersion,
      collector,
      logger,
      findConnector,
      findFormat,
      now,
      threadEntry,
    } = this.#options
    const attempt = new Attempt({
      graph,
      config,
      resume: this.#wroteCheckpoint ? { kind: 'latest' } : config.resume,
      ranBefore: this.#everRan,
      newJobId: this.#newJobId,
      storage,
      manifestBase: {
        jobName: graph.name,
        incarnation: storage?.lease.incarnation ?? 0,
        engineVersion,
        maxParallelism: config.maxParallelism,
        sql,
        plan: storedPlan,
      },
      collector,
      logger,
      statistics: this.#statistics,
      findConnector,
      findFormat,
      threads: threadSettings(graph, config.numThreads, threadEntry),
      now: now ?? Date.now,
      steadyNow: now ?? (() => performance.now()),
    })
    this.#attempt = attempt
    return attempt.run(() => this.#attemptStarted(attempt))
  }

  #attemptStarted(attempt: Attempt): void {
    this.#status = 'RUNNING'
    this.#statusSince = performance.now()
    this.#everRan = true
    const recovered = attempt.recovered
    const summary: RecoverySummary = {
      restoredCheckpoint: recovered?.checkpoint?.path ?? null,
      numResumedTransactions: recovered?.numResumed ?? 0,
      replayedBecause: recovered?.replayedBecause ?? null,
    }
    const { logger, collector } = this.#options
    if (collector === null) logger.info('job is running', { ...summary })
    else logger.debug('query is running')
    try {
      this.onRecovered?.(summary)
    } catch (error) {
      this.#options.logger.warn('onRecovered failed', { reason: String(error) })
    }
    this.#running.resolve()
  }
}
