/**
 * Decides what a start resumes from (kafka-exactly-once.md §5.3): commits the newest manifest's prepared
 * transactions, fences, and falls back to the checkpoint before when the broker has aborted one of them.
 */
import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Committer, PreparedTransaction, RecoveryOutcome } from '../connectors/contract/index.ts'
import { runtimeFailure } from '../errors/index.ts'
import { failPoint } from '../failpoints/failpoints.ts'
import type { Logger } from '../logger/logger.ts'
import { type CheckpointStore, readCheckpointAt, type StoredCheckpoint } from './checkpoint-store.ts'

export type Resume =
  | { readonly kind: 'latest' }
  | { readonly kind: 'none' }
  | { readonly kind: 'path'; readonly path: string }

export interface RecoveredJob {
  readonly jobId: string
  /** What to restore; null = a fresh start. */
  readonly checkpoint: StoredCheckpoint | null
  readonly lastConfirmed: number
  readonly nextCheckpointId: number
  /** Prepared transactions that were committed now. */
  readonly numResumed: number
  /** Set when the newest checkpoint's transaction was lost and an older one is replayed. */
  readonly replayedBecause: string | null
}

export interface RecoveryOptions {
  readonly store: CheckpointStore
  readonly incarnation: number
  readonly committers: readonly Committer[]
  readonly resume: Resume
  /** An earlier attempt of this process ran: whoever has the transactional ids now took them from it. */
  readonly ranBefore: boolean
  /** For a job that begins here; the same for every attempt of a process. */
  readonly newJobId: string
  readonly logger: Logger
}

/** A zombie can commit between two looks at most once per checkpoint it had prepared. */
const MAX_ROUNDS = 5

export async function recoverJob(options: RecoveryOptions): Promise<RecoveredJob> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const recovered = await recoverOnce(options)
    if (recovered !== null) return recovered
    options.logger.warn('another process committed a checkpoint during recovery; reading the manifests again')
  }
  throw runtimeFailure(
    'MR_RECOVERY_CONTENDED',
    'Another process keeps committing checkpoints of this job during recovery',
    {
      hint: 'make sure only one process runs this job',
      retriable: true,
    },
  )
}

async function candidates({ resume, store }: RecoveryOptions): Promise<readonly StoredCheckpoint[]> {
  switch (resume.kind) {
    case 'none':
      return []
    case 'latest':
      return store.list()
    case 'path':
      return [await readCheckpointAt(resume.path)]
  }
}

/**
 * Whoever goes on from a checkpoint of another state directory is another job: if the one it came from still lives, or
 * comes back, neither lease nor labels could tell the two apart.
 */
async function ownJobId(
  newest: StoredCheckpoint | null,
  { store, resume, newJobId }: RecoveryOptions,
): Promise<string> {
  if (newest === null) return newJobId
  const isElsewhere =
    resume.kind === 'path' && (await realpath(dirname(newest.path))) !== (await realpath(store.directory))
  return isElsewhere ? newJobId : newest.manifest.jobId
}

async function recoverOnce(options: RecoveryOptions): Promise<RecoveredJob | null> {
  const { store, incarnation, committers, resume } = options
  const checkpoints = await candidates(options)
  const newest = checkpoints[0] ?? null
  const prepared = newest === null || newest.confirmed ? [] : newest.manifest.prepared
  checkClaimed(prepared, committers)
  const jobId = await ownJobId(newest, options)
  await failPoint('recovery.start')
  if (newest !== null && prepared.length > 0) await store.settle(newest)
  const outcomes: Exclude<RecoveryOutcome, { kind: 'retry' }>[] = []
  const writtenBy = newest?.manifest.jobId ?? jobId
  let lost = committers.length > 1 ? await findLost(committers, prepared, writtenBy) : null
  for (const committer of committers) {
    // What one cluster has lost the others must not commit: then all of it can be replayed.
    const firstLost = lost?.label ?? Number.POSITIVE_INFINITY
    const outcome = await committer.recover({
      jobId,
      writtenBy,
      incarnation,
      prepared: prepared.filter(({ committer: id, label }) => id === committer.id && label < firstLost),
      newestCheckpoint: newest?.manifest.checkpointId ?? 0,
      lastConfirmed:
        newest?.confirmed === true ? newest.manifest.checkpointId : (newest?.manifest.lastConfirmed ?? 0),
      mayTakeOver: resume.kind === 'none',
      fresh: newest === null,
      explicit: resume.kind === 'path',
      claimed: isClaimed(newest, options),
    })
    if (outcome.kind === 'retry') return null
    outcomes.push(outcome)
    if (outcome.kind === 'lost') lost = outcome
  }
  await failPoint('recovery.fenced')
  const nextCheckpointId = Math.max(await store.highestId(), newest?.manifest.checkpointId ?? 0) + 1
  if (lost !== null) {
    const committedThrough = Math.max(...outcomes.map(outcome => outcome.committedThrough))
    return replayFrom({ ...lost, committedThrough }, checkpoints, options, jobId, nextCheckpointId)
  }
  if (newest !== null && !newest.confirmed && !isUnclaimedStart(newest)) await store.confirm(newest.path)
  await failPoint('recovery.done')
  return {
    jobId,
    checkpoint: newest,
    lastConfirmed: newest?.manifest.checkpointId ?? 0,
    nextCheckpointId,
    numResumed: outcomes.reduce(
      (sum, outcome) => sum + (outcome.kind === 'recovered' ? outcome.numResumed : 0),
      0,
    ),
    replayedBecause: null,
  }
}

type Lost = Pick<Extract<RecoveryOutcome, { kind: 'lost' }>, 'label' | 'reason'>

/** On several clusters: what is lost, before anything is committed. */
async function findLost(
  committers: readonly Committer[],
  prepared: readonly PreparedTransaction[],
  writtenBy: string,
): Promise<Lost | null> {
  let lost: Lost | null = null
  for (const committer of committers) {
    const own = prepared.filter(({ committer: id }) => id === committer.id)
    const ended = own.length === 0 ? null : ((await committer.findEnded?.(own, writtenBy)) ?? null)
    if (ended !== null && (lost === null || ended.label < lost.label))
      lost = { label: ended.label, reason: `${committer.id} has ended the transaction of this checkpoint` }
  }
  return lost
}

/** A start that did not come to `Committer.begin`: its initial checkpoint is confirmed only after that. */
export const isUnclaimedStart = ({ manifest, confirmed }: StoredCheckpoint): boolean =>
  manifest.kind === 'initial' && !confirmed

/** Whoever names a checkpoint may take the transactional ids from another job with it, once. */
const isClaimed = (newest: StoredCheckpoint | null, { resume, ranBefore }: RecoveryOptions): boolean =>
  newest !== null && !isUnclaimedStart(newest) && (resume.kind !== 'path' || ranBefore)

/** A prepared transaction whose sink is gone from the query must not be forgotten silently. */
function checkClaimed(prepared: readonly PreparedTransaction[], committers: readonly Committer[]): void {
  const orphan = prepared.find(({ committer }) => !committers.some(({ id }) => id === committer))
  if (orphan === undefined) return
  throw runtimeFailure(
    'MR_RECOVERY_UNCLAIMED_TRANSACTION',
    `Checkpoint ${orphan.label} holds a prepared transaction of ${orphan.committer}, which no sink of this query uses`,
    {
      hint: 'start the old query once more so that it commits, then stop it with SIGTERM and start this one',
    },
  )
}

async function replayFrom(
  lost: Lost & { readonly committedThrough: number },
  checkpoints: readonly StoredCheckpoint[],
  { store, committers, logger }: RecoveryOptions,
  jobId: string,
  nextCheckpointId: number,
): Promise<RecoveredJob> {
  const checkpoint = checkpoints.find(
    ({ manifest }) => manifest.checkpointId < lost.label && manifest.checkpointId >= lost.committedThrough,
  )
  if (checkpoint === undefined) {
    throw runtimeFailure(
      'MR_RECOVERY_LOST_TRANSACTION',
      `The transaction of checkpoint ${lost.label} is lost: ${lost.reason}`,
      {
        hint:
          committers.length > 1 && lost.committedThrough >= lost.label
            ? 'the sinks are on several clusters and another one has committed this checkpoint, so replaying would write its rows there twice; start over with --resume none or from a savepoint'
            : 'no older checkpoint is left to replay from; start over with --resume none',
      },
    )
  }
  const from = checkpoint.manifest.checkpointId
  logger.warn(`transaction of checkpoint ${lost.label} expired; replaying from checkpoint ${from}`, {
    reason: lost.reason,
  })
  if (!checkpoint.confirmed) await store.confirm(checkpoint.path)
  await failPoint('recovery.done')
  return {
    jobId,
    checkpoint,
    lastConfirmed: from,
    nextCheckpointId,
    numResumed: 0,
    replayedBecause: lost.reason,
  }
}
