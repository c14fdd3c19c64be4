/**
 * Takes the checkpoints of one running job (kafka-exactly-once.md §5.2): trigger barriers, collect
 * acknowledgements, prepare transactions, write state and manifest, rename (the decision), commit in label
 * order, confirm, prune. One checkpoint at a time; the next begins after the one before was confirmed or given up.
 *
 * A checkpoint that times out or fails before its rename is counted; more than `tolerableFailures` in a row fail
 * the job. What it prepared is neither committed nor aborted: the next manifest carries it. Never tolerated: rows
 * that a sink could not bring out, a lost lease, a transaction that cannot be committed.
 */
import type { Committer, PreparedTransaction } from '../connectors/contract/index.ts'
import { runtimeFailure } from '../errors/index.ts'
import { failPoint, isMutated } from '../failpoints/failpoints.ts'
import type { Logger } from '../logger/logger.ts'
import type { CheckpointStatistics } from './checkpoint-statistics.ts'
import type { CheckpointStore, StoredCheckpoint } from './checkpoint-store.ts'
import type { Lease } from './lease.ts'
import { type CheckpointKind, MANIFEST_FORMAT, type Manifest, type ManifestNode } from './manifest.ts'
import { type AcknowledgedSubtask, PendingCheckpoint } from './pending-checkpoint.ts'
import { isUnclaimedStart } from './recovery.ts'
import { copyStates, writeStates } from './state-files.ts'

export type ManifestBase = Pick<
  Manifest,
  'jobId' | 'jobName' | 'incarnation' | 'engineVersion' | 'maxParallelism' | 'sql' | 'plan'
>

export interface CoordinatorOptions {
  /** 0 = only on request (savepoints, the final checkpoint). */
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly minPauseMs: number
  readonly tolerableFailures: number
  readonly numRetained: number
  /** State tables up to this size stand in the manifest. */
  readonly inlineBytes: number
  numSubtasks(): number
  readonly firstId: number
  readonly lastConfirmed: number
  readonly base: ManifestBase
  readonly store: CheckpointStore
  readonly lease: Lease
  readonly committers: readonly Committer[]
  readonly logger: Logger
  readonly statistics: CheckpointStatistics
  /** Lets every source emit its barrier. */
  trigger(checkpointId: number): void
  /** Above every number of arrival that states hold now. */
  lastArrival(): number
  /** True when nothing happened since the last checkpoint: then none is written. */
  isUnchanged(): boolean
  /** After the confirmation; for offsets that only monitors read. */
  confirmed(manifest: Manifest): void
  fail(error: unknown): void
}

export interface CompletedCheckpoint {
  readonly path: string
  readonly manifest: Manifest
}

/** How long a stopping job waits for a broker to answer a commit. What is left open, recovery commits. */
const STOP_GRACE_MS = 2_000

export class CheckpointCoordinator {
  readonly #options: CoordinatorOptions
  #nextId: number
  #lastConfirmed: number
  #carried: PreparedTransaction[] = []
  #pending: PendingCheckpoint | null = null
  #failuresInRow = 0
  /** The last checkpoint begun did not complete: what it covered is not safe, even if nothing changed since. */
  #isIncomplete = false
  #wroteAny = false
  #timer: NodeJS.Timeout | null = null
  #stopped = false
  /** Ends the wait for a committer; only one is waited for at a time. */
  #giveUp: ((error: unknown) => void) | null = null
  /** The checkpoint in work; requests queue behind it. */
  #tail: Promise<unknown> = Promise.resolve()

  constructor(options: CoordinatorOptions) {
    this.#options = options
    this.#nextId = options.firstId
    this.#lastConfirmed = options.lastConfirmed
  }

  /** Whether `latest` now means a checkpoint of this coordinator. */
  get wroteAny(): boolean {
    return this.#wroteAny
  }

  get nextId(): number {
    return this.#nextId
  }

  start(): void {
    if (this.#options.intervalMs > 0) this.#schedule(this.#options.intervalMs)
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#periodic(), delayMs)
  }

  async #periodic(): Promise<void> {
    const startedAt = performance.now()
    const { intervalMs, minPauseMs, isUnchanged } = this.#options
    if (this.#isIncomplete || !isUnchanged()) {
      try {
        await this.take('checkpoint')
        this.#failuresInRow = 0
      } catch (error) {
        this.#failed(error)
      }
    }
    const elapsed = performance.now() - startedAt
    this.#schedule(Math.max(intervalMs - elapsed, minPauseMs, 0))
  }

  #failed(error: unknown): void {
    if (this.#stopped) return
    const { tolerableFailures, logger, fail } = this.#options
    this.#failuresInRow++
    const reason = error instanceof Error ? error.message : String(error)
    if (this.#failuresInRow > tolerableFailures) {
      fail(error)
      return
    }
    logger.warn('checkpoint failed; the job goes on', { reason, tolerated: tolerableFailures })
  }

  acknowledge(checkpointId: number, part: AcknowledgedSubtask, flushed: Promise<void>): void {
    flushed.catch(error => this.#options.fail(error))
    if (this.#pending?.id === checkpointId) this.#pending.acknowledge(part, flushed)
  }

  /**
   * Manifest 0: nothing but the resolved start-up positions; with `restored`, those of scans it knows nothing of,
   * beside its state. A replay then reads them from the same positions. What was restored from another job becomes
   * this one's first checkpoint, for a replay of its own. To be confirmed when the committers have begun.
   */
  async writeInitial(
    positions: readonly ManifestNode[],
    restored: { readonly checkpoint: StoredCheckpoint; keeps(nodeId: string): boolean } | null = null,
  ): Promise<{ confirm(): Promise<void> }> {
    const { store, base, lease } = this.#options
    const id = this.#nextId++
    const target = await store.begin(id, base.incarnation, false)
    const kept =
      restored === null
        ? []
        : await copyStates(store, target, restored.checkpoint, nodeId => restored.keeps(nodeId))
    await lease.check()
    const goesOn =
      restored !== null &&
      restored.checkpoint.manifest.jobId === base.jobId &&
      !isUnclaimedStart(restored.checkpoint)
    const kind = goesOn ? 'checkpoint' : 'initial'
    await store.complete(target, this.#manifest(id, kind, [...kept, ...positions], []))
    this.#wroteAny = true
    this.#lastConfirmed = id
    return { confirm: () => store.confirm(target.path) }
  }

  #manifest(
    checkpointId: number,
    kind: CheckpointKind,
    nodes: readonly ManifestNode[],
    prepared: readonly PreparedTransaction[],
  ): Manifest {
    return {
      format: MANIFEST_FORMAT,
      checkpointId,
      kind,
      createdAt: new Date().toISOString(),
      ...this.#options.base,
      nodes,
      prepared,
      lastConfirmed: this.#lastConfirmed,
      lastArrival: this.#options.lastArrival(),
    }
  }

  /** Takes one checkpoint now, after the one in work. Rejects when it could not be completed. */
  take(kind: CheckpointKind): Promise<CompletedCheckpoint> {
    const run = this.#tail.then(() => this.#take(kind))
    this.#tail = run.catch(() => {})
    return run
  }

  async #take(kind: CheckpointKind): Promise<CompletedCheckpoint> {
    // Queued behind a checkpoint that failed the job: nobody would send its barriers.
    if (this.#stopped) throw jobStopped()
    const id = this.#nextId++
    const { statistics, numSubtasks, trigger } = this.#options
    const pending = new PendingCheckpoint(id, numSubtasks())
    this.#pending = pending
    this.#isIncomplete = true
    statistics.totalNumberOfCheckpoints++
    statistics.numberOfInProgressCheckpoints++
    try {
      trigger(id)
      await this.#waitFor(pending)
      const completed = await this.#complete(pending, kind)
      this.#recordStatistics(pending, completed)
      this.#isIncomplete = false
      return completed
    } catch (error) {
      statistics.numberOfFailedCheckpoints++
      throw error
    } finally {
      statistics.numberOfInProgressCheckpoints--
      pending.release()
      this.#pending = null
    }
  }

  /** The barriers of a checkpoint that timed out are still on their way: the next must wait for them. */
  async #waitFor(pending: PendingCheckpoint): Promise<void> {
    const { timeoutMs } = this.#options
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<'timeout'>(resolve => {
      timer = setTimeout(() => resolve('timeout'), timeoutMs)
    })
    try {
      const outcome = await Promise.race([pending.complete, timeout])
      if (outcome !== 'timeout') return
      const error = runtimeFailure(
        'MR_CHECKPOINT_TIMEOUT',
        `Checkpoint ${pending.id} was not acknowledged within ${timeoutMs} ms (${pending.numMissing} subtasks missing)`,
        {
          hint: "raise 'execution.checkpointing.timeout', or look for the slow sink in the live view",
          retriable: true,
        },
      )
      if (this.#failuresInRow < this.#options.tolerableFailures) await pending.complete
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async #complete(pending: PendingCheckpoint, kind: CheckpointKind): Promise<CompletedCheckpoint> {
    const { committers, store, lease, base, logger } = this.#options
    await failPoint('checkpoint.acknowledged')
    for (const committer of committers)
      this.#carried.push(...(await this.#untilGivenUp(committer.prepare(pending.id))))
    const prepared = isMutated('no-carry')
      ? this.#carried.filter(({ label }) => label === pending.id)
      : [...this.#carried]
    await failPoint('checkpoint.prepared')
    const target = await store.begin(pending.id, base.incarnation, kind === 'savepoint')
    const written = await writeStates(store, target, pending.acknowledgements, this.#options.inlineBytes)
    // Frozen tables keep what is replaced meanwhile: no longer than needed, a commit may take its time.
    pending.release()
    this.#options.statistics.lastCheckpointSize = written.bytes
    this.#options.statistics.lastCheckpointFullSize = written.bytes
    const manifest = this.#manifest(pending.id, kind, written.nodes, prepared)
    await lease.check().catch(error => this.#fatal(error))
    await store.complete(target, manifest)
    this.#wroteAny = true
    await this.#commit(prepared)
    await store.confirm(target.path)
    this.#lastConfirmed = pending.id
    this.#options.confirmed(manifest)
    await store.prune(this.#options.numRetained).catch(error => {
      logger.warn('old checkpoints could not be removed', { reason: String(error) })
    })
    return { path: target.path, manifest }
  }

  /** Past the decision nothing may be tolerated: a transaction that cannot be committed fails the job. */
  async #commit(prepared: readonly PreparedTransaction[]): Promise<void> {
    if (isMutated('no-commit')) return
    try {
      for (const transaction of prepared) {
        const committer = this.#options.committers.find(({ id }) => id === transaction.committer)
        await failPoint('checkpoint.before-commit')
        await this.#untilGivenUp(committer!.commit(transaction))
        await failPoint('checkpoint.after-commit')
      }
      this.#carried = []
    } catch (error) {
      this.#fatal(error)
    }
  }

  #fatal(error: unknown): never {
    this.#options.fail(error)
    throw error
  }

  /** A committer may wait for its broker as long as the job lives, and no longer. */
  #untilGivenUp<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject
      work.then(resolve, reject)
    })
  }

  #recordStatistics(pending: PendingCheckpoint, { path }: CompletedCheckpoint): void {
    const { intervalMs, logger, statistics } = this.#options
    statistics.numberOfCompletedCheckpoints++
    statistics.lastCompletedCheckpointId = pending.id
    statistics.lastCheckpointDuration = performance.now() - pending.triggeredAt
    statistics.lastCheckpointCompletedTimestamp = Date.now()
    statistics.lastCheckpointExternalPath = path
    statistics.checkpointAlignmentTime = Math.max(
      0,
      ...pending.acknowledgements.map(part => part.alignmentMs),
    )
    statistics.checkpointStartDelayNanos = Math.round(pending.startDelayMs * 1e6)
    const fields = {
      checkpoint: pending.id,
      durationMs: Math.round(statistics.lastCheckpointDuration),
      bytes: statistics.lastCheckpointSize,
    }
    if (intervalMs > 0 && statistics.lastCheckpointDuration > intervalMs)
      logger.warn('checkpoint took longer than its interval', fields)
    else logger.debug('checkpoint completed', fields)
  }

  /** No further checkpoint begins; resolves when the one in work is through or has failed. */
  async stop(): Promise<void> {
    this.abandon()
    const timer = setTimeout(() => this.#giveUp?.(jobStopped()), STOP_GRACE_MS)
    await this.#tail
    clearTimeout(timer)
  }

  /** The job is ending: a checkpoint that waits for subtasks can never complete. */
  abandon(): void {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#pending?.abandon(jobStopped())
  }
}

const jobStopped = () =>
  runtimeFailure('MR_CHECKPOINT_JOB_ENDED', 'The job ended before the checkpoint was complete', {
    hint: 'the next start resumes from the last completed checkpoint',
  })
