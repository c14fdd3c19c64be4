/**
 * The transaction requests with the retries of the protocol: coordinators that move or load, transitions that
 * are pending and lost answers are retried for as long as the group lives; every other answer is the caller's.
 */
import { connectorError, type MillraceError } from '../../../errors/index.ts'
import { failPoint } from '../../../failpoints/failpoints.ts'
import type { CoordinatorType } from '../requests/metadata.ts'
import { describeBrokerConfigRequest } from '../requests/metadata.ts'
import { offsetFetchRequest, stableOffsetFetchRequest, type TopicPartition } from '../requests/offsets.ts'
import {
  addOffsetsToTxnRequest,
  addPartitionsToTxnRequest,
  DESCRIBE_TRANSACTIONS,
  type DescribedTransaction,
  describeTransactionRequest,
  endTxnRequest,
  initProducerIdRequest,
  type ProducerIdentity,
  txnOffsetCommitRequest,
} from '../requests/transactions.ts'
import { type KafkaCluster, permissionError } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import {
  errorName,
  isAuthorizationError,
  isCoordinatorError,
  isFenced,
  isLeaderError,
} from '../transport/error-codes.ts'
import type { KafkaRequest } from '../transport/request.ts'
import { Backoff } from '../transport/retry.ts'
import { transactionTimeoutTooLarge } from './timeouts.ts'
import { type PlacedWitness, pickWitness, type Witness, witnessesOf } from './witness.ts'

const UNSTABLE_OFFSET_COMMIT = 88
const INVALID_TRANSACTION_TIMEOUT = 50
const UNKNOWN_TOPIC = 3
/** Some three seconds of retries; then the log says so. */
const TRIES_BEFORE_WARNING = 8

export class TransactionClient {
  readonly cluster: KafkaCluster
  readonly timeoutMs: number
  readonly #signal: AbortSignal

  /** `signal` ends every retry: the group is closed. */
  constructor(cluster: KafkaCluster, timeoutMs: number, signal: AbortSignal) {
    this.cluster = cluster
    this.timeoutMs = timeoutMs
    this.#signal = signal
  }

  /** Repeats until the code is not a passing one. `deadline` limits it further (performance.now()). */
  async #retry<T>(
    type: CoordinatorType,
    key: string,
    request: KafkaRequest<T>,
    codeOf: (response: T) => number,
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<T> {
    const backoff = new Backoff()
    let last = ''
    for (;;) {
      try {
        const response = await this.cluster.sendToCoordinator(type, key, request, codeOf)
        if (!isCoordinatorError(codeOf(response))) return response
        last = errorName(codeOf(response))
      } catch (error) {
        if (!isTransportError(error)) throw error
        last = error instanceof Error ? error.message : String(error)
      }
      if (this.#signal.aborted || this.cluster.closed || performance.now() > deadline) {
        throw connectorError('MR_KAFKA_NO_ANSWER', `${request.apiName} for '${key}' was given up: ${last}.`, {
          retriable: true,
        })
      }
      if (backoff.tries === TRIES_BEFORE_WARNING)
        this.cluster.logger.warn('a transaction step is repeated', {
          step: request.apiName,
          key,
          reason: last,
        })
      await backoff.wait(this.#signal)
    }
  }

  /** InitProducerId, unconditional with `current` null. Returns the code with the identity: the caller judges. */
  async init(
    transactionalId: string,
    current: ProducerIdentity | null,
  ): Promise<ProducerIdentity & { readonly code: number }> {
    const request = initProducerIdRequest(transactionalId, this.timeoutMs, current)
    const response = await this.#retry('transaction', transactionalId, request, r => r.code)
    if (response.code === INVALID_TRANSACTION_TIMEOUT)
      throw transactionTimeoutTooLarge(this.timeoutMs, await this.brokerMaximum())
    if (isAuthorizationError(response.code))
      throw permissionError('transaction', transactionalId, response.code)
    return response
  }

  async addPartitions(
    transactionalId: string,
    identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    await failPoint('kafka.add-partitions.before')
    const request = addPartitionsToTxnRequest(transactionalId, identity, partitions)
    const backoff = new Backoff()
    for (const deadline = performance.now() + this.cluster.config.requestTimeoutMs; ; ) {
      const results = await this.#retry(
        'transaction',
        transactionalId,
        request,
        r => r.find(({ code }) => isCoordinatorError(code))?.code ?? 0,
      )
      // 55: another partition of the request failed, this one was not tried.
      const bad = results.find(({ code }) => code !== 0 && code !== 55)
      if (bad === undefined) break
      if (!isLeaderError(bad.code) || performance.now() > deadline || this.#signal.aborted)
        throw stepFailure('AddPartitionsToTxn', transactionalId, bad.code, `topic '${bad.topic}'`)
      await backoff.wait(this.#signal)
    }
    await failPoint('kafka.add-partitions.after')
  }

  /**
   * Writes the witness into the transaction. `others`: where other jobs have left theirs; it replaces them as far
   * as the broker lets it.
   */
  async writeWitness(
    transactionalId: string,
    identity: ProducerIdentity,
    group: string,
    place: TopicPartition,
    label: number,
    metadata: string,
    others: readonly TopicPartition[] = [],
  ): Promise<void> {
    await failPoint('kafka.add-offsets.before')
    const added = await this.#retry(
      'transaction',
      transactionalId,
      addOffsetsToTxnRequest(transactionalId, identity, group),
      code => code,
    )
    if (added !== 0) throw stepFailure('AddOffsetsToTxn', transactionalId, added, `group '${group}'`)
    await failPoint('kafka.add-offsets.after')
    await failPoint('kafka.witness.before')
    for (const target of [place, ...others]) {
      const request = txnOffsetCommitRequest(transactionalId, group, identity, target, label, metadata)
      const code = await this.#retry('group', group, request, c => c)
      if (code === 0 || (target !== place && !isFenced(code))) continue
      throw stepFailure('TxnOffsetCommit', transactionalId, code, `group '${group}', topic '${target.topic}'`)
    }
    await failPoint('kafka.witness.after')
  }

  /** EndTxn until the answer is final: 0, or a code of a dead transaction. */
  end(
    transactionalId: string,
    identity: ProducerIdentity,
    commit: boolean,
    deadline?: number,
  ): Promise<number> {
    const request = endTxnRequest(transactionalId, identity, commit)
    return this.#retry('transaction', transactionalId, request, code => code, deadline)
  }

  /** What the coordinator has of an id; null when this broker cannot say. Changes nothing. */
  async describe(transactionalId: string): Promise<DescribedTransaction | null> {
    await this.cluster.connect()
    if (this.cluster.apiRange(DESCRIBE_TRANSACTIONS) === undefined) return null
    const request = describeTransactionRequest(transactionalId)
    return (await this.#retry('transaction', transactionalId, request, r => r?.code ?? 0)) ?? null
  }

  /** One EndTxn, no retries: 51 means the markers are still on their way. */
  endOnce(transactionalId: string, identity: ProducerIdentity): Promise<number> {
    const request = endTxnRequest(transactionalId, identity, true)
    return this.cluster.sendToCoordinator('transaction', transactionalId, request, code => code)
  }

  /** The witness of `jobId`, else that of another job. */
  async readWitness(group: string, jobId: string, stable: boolean): Promise<Witness | undefined> {
    return pickWitness(await this.readWitnesses(group, stable), jobId)
  }

  /**
   * Reads the witnesses. `stable` waits for pending transactions (v7); without it a pending label is not seen (v4),
   * which is right before all slots are fenced.
   */
  async readWitnesses(group: string, stable: boolean): Promise<readonly PlacedWitness[]> {
    const request = stable ? stableOffsetFetchRequest(group, null) : offsetFetchRequest(group, null)
    const isPending = (code: number): boolean => code === UNSTABLE_OFFSET_COMMIT
    const backoff = new Backoff()
    for (;;) {
      const { code, offsets } = await this.#retry('group', group, request, r => r.code)
      if (isAuthorizationError(code)) throw permissionError('group', group, code)
      if (isPending(code) || offsets.some(o => isPending(o.code))) {
        if (this.#signal.aborted) throw stepFailure('OffsetFetch', group, code, 'given up')
        await backoff.wait(this.#signal)
        continue
      }
      const bad = code !== 0 ? code : (offsets.find(o => o.code !== 0)?.code ?? 0)
      // 69: on new brokers, a group that does not exist.
      if (bad !== 0 && bad !== 69) throw stepFailure('OffsetFetch', group, bad, `group '${group}'`)
      return witnessesOf(offsets)
    }
  }

  /** The brokers' `transaction.max.timeout.ms`; null when we may not ask. */
  async brokerMaximum(): Promise<number | null> {
    try {
      await this.cluster.connect()
      const nodeId = this.cluster.controllerId
      const request = describeBrokerConfigRequest(nodeId, ['transaction.max.timeout.ms'])
      const { values } = await this.cluster.send(nodeId, 'control', request)
      const value = values.get('transaction.max.timeout.ms')
      return value === undefined ? null : Number(value)
    } catch (error) {
      this.cluster.logger.debug('transaction.max.timeout.ms is not known', { error: String(error) })
      return null
    }
  }
}

/** A protocol step the broker refused. */
export function stepFailure(step: string, key: string, code: number, where: string): MillraceError {
  if (isFenced(code)) return fencedFailure(key, `${step} (${where}) answered ${errorName(code)}`)
  if (code === UNKNOWN_TOPIC) {
    return connectorError('MR_KAFKA_TOPIC_MISSING', `${step} for '${key}' failed: ${where} does not exist.`, {
      hint: 'A sink topic was deleted while the job was writing, and the witness on it with it: create it again. What was committed to it before is gone.',
      retriable: true,
    })
  }
  if (isAuthorizationError(code)) {
    return connectorError(
      'MR_KAFKA_PERMISSION',
      `No permission for ${step} (${where}): ${errorName(code)}.`,
      {
        hint: 'Exactly-once needs Write on the transactional ids and topics, and Read on the witness group and the topic it names.',
      },
    )
  }
  return connectorError(
    'MR_KAFKA_TRANSACTION',
    `${step} for '${key}' failed (${where}): ${errorName(code)}.`,
    {
      retriable: true,
    },
  )
}

/** The job must restart: recovery decides what the answer meant. */
export const fencedFailure = (transactionalId: string, what: string): MillraceError =>
  connectorError(
    'MR_KAFKA_TRANSACTION_FENCED',
    `The transaction '${transactionalId}' is no longer ours: ${what}.`,
    {
      hint: 'Another job uses the same sink.transactional-id-prefix, or the broker ended the transaction after its timeout.',
      retriable: true,
    },
  )
