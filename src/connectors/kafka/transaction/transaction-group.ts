/**
 * All exactly-once writing of a job to one cluster: one transaction per checkpoint, shared by its sinks and
 * subtasks, in a small pool of transactional ids. `kafka-exactly-once.md` §5 is the protocol; the runtime calls
 * recover → begin → (flush of every writer → prepare → manifest → commit)*.
 */
import { connectorError, internalError } from '../../../errors/index.ts'
import { failPoint } from '../../../failpoints/failpoints.ts'
import type {
  Committer,
  JobContext,
  PreparedTransaction,
  RecoveryOutcome,
  RecoveryRequest,
} from '../../contract/index.ts'
import { SendBuffer } from '../sink/send-buffer.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import { Backoff, sleep } from '../transport/retry.ts'
import { encodeTopicIds, findRecreated, logRecreated, sinkRecreated } from '../transport/topic-identity.ts'
import { findEnded } from './find-ended.ts'
import { claimPrefix } from './prefix-registry.ts'
import { readHandle, recover } from './recovery.ts'
import { NUM_SLOTS, Slot } from './slot.ts'
import { effectiveTimeouts } from './timeouts.ts'
import { Transaction } from './transaction.ts'
import { stepFailure, TransactionClient } from './transaction-client.ts'
import { witnessGroup } from './witness.ts'
import { WitnessWriter } from './witness-writer.ts'

export interface TransactionGroupOptions {
  readonly prefix: string
  readonly transactionTimeoutMs: number
  readonly bufferMemory: number
  /** See `WitnessPlace`. */
  readonly openTopics: () => Promise<void>
  readonly witnessTopic: () => string
  /** An idle job writes its witness again after this long. */
  readonly keepAliveMs: number
}

/** A writer's place: the transaction its next row belongs to. */
export interface TransactionCursor {
  transaction: Transaction
}

export class TransactionGroup implements Committer {
  readonly id: string
  readonly #cluster: KafkaCluster
  readonly #job: JobContext
  readonly #options: TransactionGroupOptions
  readonly #client: TransactionClient
  readonly #slots: readonly Slot[]
  readonly #buffer: SendBuffer
  readonly #group: string
  readonly #witness: WitnessWriter
  readonly #stop = new AbortController()
  readonly #releasePrefix: (() => void)[] = []
  /** Not yet confirmed, oldest first; the last one takes new rows. */
  readonly #transactions: Transaction[] = []
  #mustClaim = false
  #lastCommitted = 0
  #mutex: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #failed = false

  constructor(cluster: KafkaCluster, job: JobContext, options: TransactionGroupOptions) {
    this.id = `kafka:${options.prefix}`
    this.#cluster = cluster
    this.#job = job
    this.#options = options
    this.#client = new TransactionClient(cluster, options.transactionTimeoutMs, this.#stop.signal)
    this.#slots = Array.from({ length: NUM_SLOTS }, (_, i) => new Slot(options.prefix, i))
    this.#buffer = new SendBuffer(options.bufferMemory)
    this.#group = witnessGroup(options.prefix)
    const place = { group: this.#group, openTopics: options.openTopics, topic: options.witnessTopic }
    this.#witness = new WitnessWriter(this.#client, place, () => job.checkLease())
  }

  get buffer(): SendBuffer {
    return this.#buffer
  }

  checkpointTimeoutMs(configured: { readonly timeoutMs: number; readonly intervalMs: number }): number {
    const { transactionTimeoutMs } = this.#options
    const effective = effectiveTimeouts({
      checkpointIntervalMs: configured.intervalMs,
      checkpointTimeoutMs: configured.timeoutMs,
      transactionTimeoutMs,
    })
    if (effective.shortened) {
      this.#job.logger.info('the checkpoint timeout is shortened to fit the transaction timeout', {
        configuredMs: configured.timeoutMs,
        effectiveMs: effective.checkpointTimeoutMs,
        transactionTimeoutMs,
      })
    }
    return effective.checkpointTimeoutMs
  }

  async recover(request: RecoveryRequest): Promise<RecoveryOutcome> {
    await this.#cluster.connect()
    if (this.#releasePrefix.length === 0)
      this.#releasePrefix.push(claimPrefix(this.#cluster.clusterId, this.#options.prefix, this.#job.jobName))
    this.#witness.name(request.jobId, request.incarnation)
    this.#mustClaim = !request.claimed
    const outcome = await recover(
      {
        client: this.#client,
        slots: this.#slots,
        prefix: this.#options.prefix,
        group: this.#group,
        logger: this.#job.logger,
        onUnknownOutcome:
          this.#job.config['millrace.kafka.on-unknown-outcome'] === 'continue' ? 'continue' : 'fail',
        checkLease: () => this.#job.checkLease(),
      },
      request,
    )
    this.#lastCommitted = Math.max(
      request.lastConfirmed,
      outcome.kind === 'recovered'
        ? Math.max(0, ...request.prepared.map(p => p.label))
        : outcome.committedThrough,
    )
    return outcome
  }

  findEnded(
    prepared: readonly PreparedTransaction[],
    writtenBy: string,
  ): Promise<PreparedTransaction | null> {
    return findEnded(this.#client, this.#group, writtenBy, prepared)
  }

  async begin(nextCheckpoint: number): Promise<void> {
    if (this.#mustClaim) await this.#witness.claim(this.#slots[0]!, nextCheckpoint - 1)
    await failPoint('kafka.begin')
    this.#open()
    const { transactionTimeoutMs, keepAliveMs } = this.#options
    const checkEvery = Math.max(50, Math.min(transactionTimeoutMs / 20, keepAliveMs / 2, 10_000))
    this.#timer = setInterval(() => this.#watch(), checkEvery)
    this.#timer.unref()
  }

  /** A writer's cursor; after `begin`. */
  cursor(): TransactionCursor {
    return { transaction: this.#newest() }
  }

  #newest(): Transaction {
    const newest = this.#transactions.at(-1)
    if (newest === undefined)
      throw internalError('a Kafka writer was made before the transaction group began')
    return newest
  }

  /** A new transaction takes the rows from here on. It sends as soon as a slot has its next epoch. */
  #open(): Transaction {
    const transaction = new Transaction(
      this.#client,
      this.#buffer,
      error => this.#fail(error),
      ({ slot }) => slot?.transactionalId ?? this.#options.prefix,
    )
    this.#transactions.push(transaction)
    this.#assignSlots()
    return transaction
  }

  /** One dead transaction ends the group: rows of later ones must not go out on their own. */
  #fail(error: unknown): void {
    if (this.#failed || this.#closed) return
    this.#failed = true
    for (const { session, state } of this.#transactions) if (state === 'open') session.fail(error)
    this.#job.fail(error)
  }

  /** Waiting transactions get ready slots, oldest first. */
  #assignSlots(): void {
    for (const transaction of this.#transactions) {
      if (transaction.slot !== null) continue
      const slot = this.#slots.find(({ state }) => state === 'ready')
      if (slot === undefined) return
      transaction.start(slot)
    }
  }

  #renewLater(slot: Slot, renew: () => Promise<void>): void {
    slot.state = 'initializing'
    renew().then(
      () => this.#assignSlots(),
      error => this.#fail(error),
    )
  }

  /**
   * The barrier of `checkpointId` at one writer. Synchronously moves its cursor to the next transaction; resolves
   * when everything before the barrier is acknowledged.
   */
  flush(cursor: TransactionCursor, checkpointId: number): Promise<void> {
    const own = cursor.transaction
    let closing = this.#transactions.find(({ label }) => label === checkpointId)
    if (closing === undefined) {
      closing = this.#newest()
      closing.label = checkpointId
      this.#open()
    }
    cursor.transaction = this.#transactions[this.#transactions.indexOf(closing) + 1]!
    return this.#flushed(own)
  }

  async #flushed(transaction: Transaction): Promise<void> {
    await failPoint('kafka.flush.before')
    if (transaction.slot === null && transaction.session.numRecords > 0) this.#refuseExhausted()
    await transaction.session.flush()
    await failPoint('kafka.flush.after')
  }

  /** No slot can become free: everything is prepared and nobody commits. */
  #refuseExhausted(): void {
    const isStuck = this.#slots.every(slot =>
      this.#transactions.some(t => t.slot === slot && t.state === 'prepared'),
    )
    if (isStuck) {
      throw connectorError(
        'MR_KAFKA_SLOTS_EXHAUSTED',
        `${NUM_SLOTS} checkpoints with Kafka transactions are prepared and none is committed.`,
        { hint: 'Checkpoints fail to complete: look for their errors in the log.', retriable: true },
      )
    }
  }

  prepare(checkpointId: number): Promise<readonly PreparedTransaction[]> {
    return this.#exclusive(() => this.#prepare(checkpointId))
  }

  async #prepare(checkpointId: number): Promise<PreparedTransaction[]> {
    const prepared: PreparedTransaction[] = []
    const due = this.#transactions.filter(
      ({ label, state }) => state === 'open' && label !== null && label <= checkpointId,
    )
    for (const transaction of due) {
      await transaction.session.flush()
      if (transaction.session.numRecords === 0) {
        this.#dropEmpty(transaction)
        continue
      }
      prepared.push(await this.#prepareOne(transaction, transaction.label!))
    }
    return prepared
  }

  /** Nothing was added, so the broker knows of no transaction: the slot and its epoch serve the next one. */
  #dropEmpty(transaction: Transaction): void {
    this.#transactions.splice(this.#transactions.indexOf(transaction), 1)
    transaction.session.close()
    if (transaction.slot !== null) transaction.slot.state = 'ready'
    this.#assignSlots()
  }

  async #prepareOne(transaction: Transaction, label: number): Promise<PreparedTransaction> {
    const { slot } = transaction
    if (slot?.identity == null) throw internalError('a transaction with records has no transactional id')
    const { topicIds } = transaction.session
    const recreated = await findRecreated(this.#cluster, topicIds)
    if (recreated.length > 0) {
      const error = sinkRecreated(recreated, label)
      this.#fail(error)
      throw error
    }
    await failPoint('kafka.prepare.before')
    await this.#witness.write(slot, label)
    transaction.state = 'prepared'
    await failPoint('kafka.prepare.after')
    return {
      committer: this.id,
      label,
      handle: {
        tid: slot.transactionalId,
        pid: slot.identity.producerId,
        epoch: slot.identity.producerEpoch,
        startedAt: transaction.startedAt,
        timeoutMs: this.#options.transactionTimeoutMs,
        group: this.#group,
        topic: this.#options.witnessTopic(),
        topics: encodeTopicIds(topicIds),
        cluster: this.#cluster.clusterId,
      },
    }
  }

  async commit(prepared: PreparedTransaction): Promise<void> {
    const { transactionalId, ...identity } = readHandle(prepared)
    const transaction = this.#transactions.find(
      ({ state, slot }) =>
        state !== 'open' &&
        slot?.transactionalId === transactionalId &&
        slot.identity?.producerId === identity.producerId &&
        slot.identity.producerEpoch === identity.producerEpoch,
    )
    if (transaction !== undefined) transaction.state = 'committing'
    await failPoint('kafka.commit.before')
    await this.#job.checkLease()
    await failPoint('kafka.commit.checked')
    const code = await this.#client.end(transactionalId, identity, true)
    if (code !== 0) throw stepFailure('EndTxn', transactionalId, code, `checkpoint ${prepared.label}`)
    await failPoint('kafka.commit.after')
    await this.#untilVisible(transactionalId, identity)
    await failPoint('kafka.commit.visible')
    this.#lastCommitted = Math.max(this.#lastCommitted, prepared.label)
    if (transaction === undefined) return
    const { topicIds } = transaction.session
    this.#committed(transaction)
    logRecreated(this.#cluster, topicIds, prepared.label).catch(error => this.#job.fail(error))
  }

  /**
   * The first 0 means decided; readers see the records when a repeated EndTxn no longer answers 51. Whatever else
   * comes here, the decision stands.
   */
  async #untilVisible(
    transactionalId: string,
    identity: { readonly producerId: number; readonly producerEpoch: number },
  ): Promise<void> {
    await sleep(2, this.#stop.signal)
    for (const backoff = new Backoff(); !this.#stop.signal.aborted; await backoff.wait(this.#stop.signal)) {
      try {
        const code = await this.#client.endOnce(transactionalId, identity)
        if (![51, 14, 15, 16, 52].includes(code)) return
      } catch (error) {
        if (!isTransportError(error)) return
      }
    }
  }

  #committed(transaction: Transaction): void {
    this.#transactions.splice(this.#transactions.indexOf(transaction), 1)
    transaction.session.close()
    const slot = transaction.slot
    if (slot !== null && !this.#closed)
      this.#renewLater(slot, () => slot.renew(this.#client, () => this.#job.checkLease()))
  }

  /** A transaction that grows too old would be ended by the broker: better to restart while nothing is lost. */
  #watch(): void {
    const limit = this.#options.transactionTimeoutMs / 2
    const now = performance.now()
    for (const { openedAt, slot, state, label } of this.#transactions) {
      if (openedAt === 0 || state === 'committing' || now - openedAt <= limit) continue
      this.#fail(
        connectorError(
          'MR_KAFKA_TRANSACTION_TOO_OLD',
          `The transaction '${slot?.transactionalId}' has been open for more than half of transaction.timeout.ms (${this.#options.transactionTimeoutMs} ms)${label === null ? '' : `; it belongs to checkpoint ${label}`}.`,
          {
            hint: "Checkpoints take too long or fail: see the log, or raise 'properties.transaction.timeout.ms'.",
            retriable: true,
          },
        ),
      )
      return
    }
    // The first time after a start nobody knows how old the witness is: it is written at once.
    if (now - this.#witness.writtenAt <= this.#options.keepAliveMs) return
    this.#witness.writtenAt = now
    this.keepAlive().catch(error => this.#fail(error))
  }

  /**
   * Group offsets of idle groups expire after seven days, and so do transactional ids. So an idle job writes its
   * last label again, in a transaction without records under the id that was not used for longest. Does nothing
   * while a transaction is prepared: its witness will do. Returns whether it was written.
   */
  keepAlive(): Promise<boolean> {
    return this.#exclusive(async () => {
      const isBusy = this.#transactions.some(({ state }) => state !== 'open')
      if (this.#lastCommitted === 0 || isBusy) return false
      const slot = this.#takeOldestSlot()
      if (slot === undefined) return false
      await failPoint('kafka.keep-alive.before')
      await this.#witness.writeAlone(slot, this.#lastCommitted)
      await failPoint('kafka.keep-alive.after')
      this.#renewLater(slot, () => slot.renew(this.#client, () => this.#job.checkLease()))
      return true
    })
  }

  /** Of the idle slots; an untouched transaction gives its own away for a younger one. */
  #takeOldestSlot(): Slot | undefined {
    const ready = this.#slots
      .filter(({ state }) => state === 'ready')
      .sort((a, b) => a.initializedAt - b.initializedAt)
    const [oldest] = ready
    if (oldest === undefined) return undefined
    const waiting = this.#transactions.find(({ isUntouched }) => isUntouched)
    const held = waiting?.slot
    if (waiting !== undefined && held != null && held.initializedAt < oldest.initializedAt) {
      waiting.start(ready.at(-1)!)
      return held
    }
    oldest.state = 'used'
    return oldest
  }

  /** Prepare and keep-alive write witnesses: never at the same time. */
  #exclusive<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#mutex.then(step, step)
    this.#mutex = result.catch(() => {})
    return result
  }

  async abort(): Promise<void> {
    await failPoint('kafka.abort.before')
    const open = this.#transactions.filter(
      t => t.state === 'open' && t.startedAt > 0 && t.slot?.identity != null,
    )
    await Promise.all(
      open.map(async ({ slot, session }) => {
        session.close()
        try {
          await this.#client.end(slot!.transactionalId, slot!.identity!, false, performance.now() + 2_000)
          await failPoint('kafka.abort.after')
        } catch (error) {
          this.#job.logger.warn('an open transaction could not be aborted; the broker will end it', {
            transactionalId: slot!.transactionalId,
            error: String(error),
          })
        }
      }),
    )
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stop.abort()
    if (this.#timer !== null) clearInterval(this.#timer)
    for (const { session } of this.#transactions) session.close()
    for (const release of this.#releasePrefix) release()
    this.#releasePrefix.length = 0
  }
}
