/**
 * Steps R3 to R5: commit what the newest manifest names, in label order; fence every slot; look once more whether
 * somebody committed meanwhile. No InitProducerId happens before every named transaction has its outcome.
 */
import { configError, connectorError, type MillraceError } from '../../../errors/index.ts'
import { failPoint, isMutated } from '../../../failpoints/failpoints.ts'
import type { Logger } from '../../../logger/logger.ts'
import type { PreparedTransaction, RecoveryOutcome, RecoveryRequest } from '../../contract/index.ts'
import { errorName } from '../transport/error-codes.ts'
import { decodeTopicIds, logRecreated, type TopicIds } from '../transport/topic-identity.ts'
import type { Slot } from './slot.ts'
import { stepFailure, type TransactionClient } from './transaction-client.ts'
import type { Witness } from './witness.ts'

export interface RecoveryContext {
  readonly client: TransactionClient
  readonly slots: readonly Slot[]
  readonly prefix: string
  readonly group: string
  readonly logger: Logger
  /** `millrace.kafka.on-unknown-outcome`: `fail` or `continue`. */
  readonly onUnknownOutcome: 'fail' | 'continue'
  checkLease(): Promise<void>
}

export interface Handle {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly startedAt: number
  readonly timeoutMs: number
  readonly clusterId: string
  readonly topicIds: TopicIds
}

/** Reads a stored handle; a broken one is an error, never a guess. */
export function readHandle({ handle, label }: PreparedTransaction): Handle {
  const text = (key: string): string => String(handle[key] ?? '')
  const number = (key: string): number => Number(handle[key])
  const result = {
    transactionalId: text('tid'),
    producerId: number('pid'),
    producerEpoch: number('epoch'),
    startedAt: number('startedAt'),
    timeoutMs: number('timeoutMs'),
    clusterId: text('cluster'),
    topicIds: decodeTopicIds(text('topics')),
  }
  if (
    result.transactionalId === '' ||
    !Number.isInteger(result.producerId) ||
    !Number.isInteger(result.producerEpoch)
  )
    throw connectorError(
      'MR_KAFKA_BAD_HANDLE',
      `The stored transaction of checkpoint ${label} cannot be read.`,
    )
  return result
}

/** R3 to R5. */
export async function recover(context: RecoveryContext, request: RecoveryRequest): Promise<RecoveryOutcome> {
  const { client, group } = context
  await failPoint('kafka.recover.start')
  await client.cluster.connect()
  if (request.claimed || (request.fresh && !request.mayTakeOver)) await refuseForeignWitness(context, request)
  if (isMutated('fence-first')) await fence(context)
  const resumed = await commitPrepared(context, request)
  if (!isMutated('fence-first')) await fence(context)
  await failPoint('kafka.recover.verify')
  if (isMutated('no-verify') || isMutated('no-witness')) return resumed
  const witness = await client.readWitness(group, request.writtenBy, !isMutated('no-stable-read'))
  const committed = witness !== undefined && witness.jobId === request.writtenBy ? witness.label : 0
  await failPoint('kafka.recover.done')
  if (resumed.kind === 'lost') {
    if (committed >= resumed.label) return { kind: 'retry', committedThrough: committed }
    return resumed
  }
  const recovered = { ...resumed, committedThrough: Math.max(resumed.committedThrough, committed) }
  if (request.explicit) {
    warnOfRepetition(context, request, witness)
    return recovered
  }
  return request.fresh || committed <= request.newestCheckpoint
    ? recovered
    : { kind: 'retry', committedThrough: committed }
}

/** Whichever job it was that committed after the checkpoint. */
function warnOfRepetition(
  { logger, prefix }: RecoveryContext,
  { newestCheckpoint }: RecoveryRequest,
  witness: Witness | undefined,
): void {
  if (witness === undefined || witness.label <= newestCheckpoint) return
  logger.warn('an older checkpoint was asked for: what was committed after it is written again', {
    prefix,
    restoring: newestCheckpoint,
    committed: witness.label,
  })
}

async function fence({ slots, client, checkLease }: RecoveryContext): Promise<void> {
  for (const slot of isMutated('no-fence') ? slots.slice(0, 1) : slots) await slot.fence(client, checkLease)
}

/**
 * A start without state must not fence a job that is perhaps alive. A job that was taken over must not take the
 * prefix back: the two would fence each other for ever.
 */
async function refuseForeignWitness(
  { client, group, prefix }: RecoveryContext,
  { jobId, claimed, prepared }: RecoveryRequest,
): Promise<void> {
  if (isMutated('no-witness') || isMutated('no-owner-check')) return
  await failPoint('kafka.recover.owner.before')
  const witness = await client.readWitness(group, jobId, false)
  await failPoint('kafka.recover.owner.after')
  if (witness === undefined || witness.jobId === jobId) return
  if (claimed) {
    const waiting = prepared.length === 0 ? '' : ` Checkpoint ${prepared[0]!.label} was not confirmed before.`
    throw connectorError(
      'MR_KAFKA_PREFIX_TAKEN',
      `Another job (${witness.jobId}, last checkpoint ${witness.label}) has taken over the transactional id prefix '${prefix}': this one ends and commits nothing more.${waiting}`,
      {
        hint: 'Two jobs must not share a sink.transactional-id-prefix. To go on with this one, stop the other and start it with --resume PATH of its newest checkpoint or savepoint.',
      },
    )
  }
  throw configError(
    'MR_KAFKA_PREFIX_IN_USE',
    `The transactional id prefix '${prefix}' belongs to another job (${witness.jobId}, last checkpoint ${witness.label}), and this job starts without state.`,
    {
      hint: 'Start with the state directory of that job, choose another sink.transactional-id-prefix, or take it over with --resume none.',
    },
  )
}

type Resumed = Exclude<RecoveryOutcome, { kind: 'retry' }>

async function commitPrepared(context: RecoveryContext, request: RecoveryRequest): Promise<Resumed> {
  const { client, logger } = context
  const entries = [...request.prepared].sort((a, b) => a.label - b.label)
  let committedThrough = request.lastConfirmed
  let numResumed = 0
  if (isMutated('no-resume')) return { kind: 'recovered', numResumed, committedThrough }
  for (const entry of entries) {
    const handle = readHandle(entry)
    checkCluster(context, entry, handle)
    const age = Date.now() - handle.startedAt
    if (age > handle.timeoutMs) {
      logger.warn('a prepared transaction is older than its timeout; the broker has perhaps ended it', {
        transactionalId: handle.transactionalId,
        checkpoint: entry.label,
        ageMs: age,
        timeoutMs: handle.timeoutMs,
      })
    }
    await failPoint('kafka.recover.commit.before')
    await context.checkLease()
    await failPoint('kafka.recover.commit.checked')
    const code = await client.end(handle.transactionalId, handle, true)
    await failPoint('kafka.recover.commit.answered')
    if (code !== 0) {
      if (![47, 48, 49, 90].includes(code))
        throw stepFailure('EndTxn', handle.transactionalId, code, `checkpoint ${entry.label}`)
      const outcome = await judge(context, request, entry, committedThrough, code)
      if (outcome === 'lost') {
        return {
          kind: 'lost',
          label: entry.label,
          committedThrough,
          reason: `the broker ended the transaction of checkpoint ${entry.label} (${errorName(code)}), which was open for ${age} ms with a timeout of ${handle.timeoutMs} ms`,
        }
      }
    }
    await logRecreated(client.cluster, handle.topicIds, entry.label)
    await failPoint('kafka.recover.commit.after')
    committedThrough = Math.max(committedThrough, entry.label)
    numResumed++
  }
  return { kind: 'recovered', numResumed, committedThrough }
}

/** "Fenced" is ambiguous: the witness says whether the transaction was committed before or aborted. */
async function judge(
  context: RecoveryContext,
  { writtenBy }: RecoveryRequest,
  entry: PreparedTransaction,
  committedThrough: number,
  code: number,
): Promise<'committed' | 'lost'> {
  await failPoint('kafka.recover.witness.before')
  if (isMutated('no-witness')) return 'committed'
  const witness = await context.client.readWitness(context.group, writtenBy, false)
  await failPoint('kafka.recover.witness.after')
  if (witness !== undefined && witness.jobId === writtenBy)
    return witness.label >= entry.label ? 'committed' : 'lost'
  if (witness === undefined && committedThrough === 0) return 'lost'
  if (context.onUnknownOutcome === 'continue') {
    context.logger.error('the outcome of a transaction is unknown; going on as configured', {
      checkpoint: entry.label,
      answer: errorName(code),
    })
    return 'committed'
  }
  throw unknownOutcome(context, entry, witness, code)
}

function unknownOutcome(
  { group, prefix }: RecoveryContext,
  { label }: PreparedTransaction,
  witness: Witness | undefined,
  code: number,
): MillraceError {
  const why =
    witness === undefined
      ? `the witness (group '${group}') is gone: it expired, or its topic was deleted`
      : `the prefix '${prefix}' was taken over by job ${witness.jobId}`
  return connectorError(
    'MR_KAFKA_OUTCOME_UNKNOWN',
    `It cannot be known whether the transaction of checkpoint ${label} was committed: EndTxn answered ${errorName(code)}, and ${why}.`,
    {
      hint: 'Compare the output topics with the input; then set millrace.kafka.on-unknown-outcome to continue, or start over with --resume none.',
    },
  )
}

function checkCluster(
  { client }: RecoveryContext,
  { label }: PreparedTransaction,
  { clusterId }: Handle,
): void {
  const actual = client.cluster.clusterId
  if (clusterId === '' || actual === '' || clusterId === actual) return
  throw configError(
    'MR_KAFKA_OTHER_CLUSTER',
    `The transaction of checkpoint ${label} was prepared on Kafka cluster ${clusterId}, but 'properties.bootstrap.servers' leads to cluster ${actual}.`,
    { hint: 'Point the table at the cluster it was running on.' },
  )
}
