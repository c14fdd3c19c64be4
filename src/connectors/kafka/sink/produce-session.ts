/**
 * Writes under one producer id and epoch: plain, idempotent, or one transaction. Batches of a partition go out
 * one at a time and in order; different partitions of a broker share requests, and brokers work in parallel.
 * A batch whose answer is lost is sent again with the same bytes and the same sequence, so the broker can tell.
 */
import { connectorError, MillraceError } from '../../../errors/index.ts'
import { failPoint, isMutated } from '../../../failpoints/failpoints.ts'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import type { TopicPartition } from '../requests/offsets.ts'
import { type ProduceResult, produceRequest } from '../requests/produce.ts'
import type { ProducerIdentity } from '../requests/transactions.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import { errorName, isLeaderError } from '../transport/error-codes.ts'
import { Backoff, sleep } from '../transport/retry.ts'
import { Linger } from './linger.ts'
import { advanceSequence, PartitionQueue } from './partition-queue.ts'
import { produceFailure, recordTooLarge } from './produce-errors.ts'
import type { ProduceOptions } from './produce-options.ts'
import type { SendBuffer } from './send-buffer.ts'

/** Failures in a row after which the log says so. */
const TRIES_BEFORE_WARNING = 5

export interface SessionHooks {
  /** null outside transactions. */
  readonly transactionalId: string | null
  /** Adds partitions to the transaction; only called inside one. */
  addPartitions(partitions: readonly TopicPartition[]): Promise<void>
  /** The session is dead; called once. */
  failed(error: MillraceError): void
}

export class ProduceSession {
  readonly #cluster: KafkaCluster
  readonly #buffer: SendBuffer
  readonly #hooks: SessionHooks
  readonly #queues = new Map<string, PartitionQueue[]>()
  readonly #all: PartitionQueue[] = []
  /** Each topic's id when it was first written to. */
  readonly topicIds = new Map<string, string>()
  readonly #flushes = new Set<{ readonly waitFor: Set<RecordBatchBuilder>; readonly resolve: () => void }>()
  readonly #rejections = new Set<(error: MillraceError) => void>()
  readonly #stop = new AbortController()
  #identity: ProducerIdentity | null = null
  #failure: MillraceError | null = null
  /** Requests on their way, by leader. */
  readonly #onTheWay = new Map<number, number>()
  readonly #linger: Linger
  #pumping = false
  #adding = false
  numRecords = 0
  numBytes = 0
  numRetries = 0

  constructor(cluster: KafkaCluster, buffer: SendBuffer, hooks: SessionHooks) {
    this.#cluster = cluster
    this.#buffer = buffer
    this.#hooks = hooks
    this.#linger = new Linger({
      queues: this.#all,
      inTransaction: hooks.transactionalId !== null,
      isBusy: ({ topic, partition }) => this.#onTheWay.has(cluster.leaderOf(topic, partition) ?? -1),
      close: queues => {
        for (const queue of queues) this.#close(queue, buffer.takeBuilder())
        this.#pump()
      },
    })
  }

  get failure(): MillraceError | null {
    return this.#failure
  }

  get isStarted(): boolean {
    return this.#identity !== null
  }

  /** From now on batches can be sent. `producerId` -1 = no idempotence. */
  start(identity: ProducerIdentity): void {
    this.#identity = identity
    this.#pump()
  }

  queue(topic: string, partition: number, options: ProduceOptions): PartitionQueue {
    let list = this.#queues.get(topic)
    if (list === undefined) {
      this.#queues.set(topic, (list = []))
      this.topicIds.set(topic, this.#cluster.topicId(topic))
    }
    let queue = list[partition]
    if (queue === undefined) {
      const isAdded = this.#hooks.transactionalId === null
      queue = new PartitionQueue(topic, partition, options, this.#buffer.takeBuilder(), isAdded)
      list[partition] = queue
      this.#all.push(queue)
    }
    return queue
  }

  /** After each record appended to `queue.builder`: closes the batch when it is full. */
  appended(queue: PartitionQueue): void {
    this.numRecords++
    const { builder, options } = queue
    if (builder.length < options.batchSize) return
    if (builder.length > options.maxRequestSize) {
      const rest = this.#buffer.takeBuilder()
      if (builder.numRecords > 1) {
        builder.moveLastTo(rest)
        this.#close(queue, rest)
      }
      const largest = Math.max(rest.length, builder.length)
      if (largest > options.maxRequestSize) throw recordTooLarge(queue, largest, options.maxRequestSize)
      return
    }
    this.#close(queue, this.#buffer.takeBuilder())
  }

  /** After a run of records framed into `queue.builder`, which left it below `maxRequestSize`. */
  appendedRun(queue: PartitionQueue, numRecords: number): void {
    this.numRecords += numRecords
    if (queue.builder.length >= queue.options.batchSize) this.closeBatch(queue)
  }

  /** Begins a new batch, if there is anything in this one. */
  closeBatch(queue: PartitionQueue): void {
    if (!queue.builder.isEmpty) this.#close(queue, this.#buffer.takeBuilder())
  }

  /** After a run of records: counts their bytes and sees that they are sent. */
  wrote(): void {
    for (const queue of this.#all) if (!queue.builder.isEmpty) this.#account(queue)
    this.#pump()
    this.#linger.wrote()
  }

  #account(queue: PartitionQueue): void {
    const grown = queue.builder.length - queue.accounted
    this.#buffer.take(grown)
    this.numBytes += grown
    queue.accounted = queue.builder.length
  }

  #close(queue: PartitionQueue, next: RecordBatchBuilder): void {
    this.#account(queue)
    queue.closed.push(queue.builder)
    queue.builder = next
    queue.accounted = 0
    queue.dueAt = 0
    queue.hasWaited = false
  }

  /** Resolves when every record appended so far is acknowledged. */
  flush(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (isMutated('no-flush')) return Promise.resolve()
    const waitFor = new Set<RecordBatchBuilder>()
    for (const queue of this.#all) {
      if (!queue.builder.isEmpty) this.#close(queue, this.#buffer.takeBuilder())
      for (const builder of queue.closed) waitFor.add(builder)
      if (queue.inFlight !== null) waitFor.add(queue.inFlight.builder)
    }
    if (waitFor.size === 0) return Promise.resolve()
    this.#pump()
    if (isMutated('no-acks')) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const flush = {
        waitFor,
        resolve: () => {
          this.#rejections.delete(reject)
          resolve()
        },
      }
      this.#flushes.add(flush)
      this.#rejections.add(reject)
    })
  }

  #pump(): void {
    if (this.#pumping || this.#failure !== null) return
    this.#pumping = true
    queueMicrotask(() => {
      this.#pumping = false
      if (this.#identity === null || this.#failure !== null) return
      try {
        this.#dispatch(this.#identity)
      } catch (error) {
        this.fail(error)
      }
    })
  }

  /** Sends whatever can go: per leader one request with one batch of each ready partition. */
  #dispatch(identity: ProducerIdentity): void {
    const missing: PartitionQueue[] = []
    const ready = new Map<number, PartitionQueue[]>()
    const unknown = new Set<string>()
    for (const queue of this.#all) {
      if (queue.inFlight !== null || queue.closed.length === 0) continue
      if (!queue.added) {
        missing.push(queue)
        continue
      }
      const leader = this.#cluster.leaderOf(queue.topic, queue.partition) ?? -1
      if (leader < 0) {
        if (this.#isLeaderlessTooLong(queue)) return
        unknown.add(queue.topic)
        continue
      }
      queue.leaderlessSince = 0
      const group = ready.get(leader)
      if (group === undefined) ready.set(leader, [queue])
      else group.push(queue)
    }
    if (missing.length > 0 && !this.#adding) this.#background(this.#add(missing))
    if (unknown.size > 0) this.#background(this.#findLeaders([...unknown]))
    for (const [leader, queues] of ready) this.#dispatchTo(leader, queues, identity)
  }

  #isLeaderlessTooLong(queue: PartitionQueue): boolean {
    if (queue.leaderlessSince === 0) queue.leaderlessSince = performance.now()
    if (performance.now() - queue.leaderlessSince <= queue.options.deliveryTimeoutMs) return false
    const isGone = this.#cluster.leaderOf(queue.topic, queue.partition) === undefined
    this.fail(produceFailure(queue, isGone ? 3 : 5, this.#hooks.transactionalId))
    return true
  }

  #dispatchTo(leader: number, queues: readonly PartitionQueue[], identity: ProducerIdentity): void {
    let group: PartitionQueue[] = []
    let bytes = 0
    for (const queue of queues) {
      const builder = queue.closed.shift()!
      const sealed = this.#seal(queue, builder, identity)
      queue.inFlight = { builder, bytes: sealed, sentAt: performance.now() }
      if (bytes > 0 && bytes + sealed.length > queue.options.maxRequestSize) {
        this.#background(this.#send(leader, group))
        group = []
        bytes = 0
      }
      group.push(queue)
      bytes += sealed.length
    }
    this.#background(this.#send(leader, group))
  }

  #seal(queue: PartitionQueue, builder: RecordBatchBuilder, identity: ProducerIdentity): Uint8Array {
    const idempotent = identity.producerId >= 0
    const bytes = builder.seal({
      ...identity,
      baseSequence: idempotent ? queue.nextSequence : -1,
      transactional: this.#hooks.transactionalId !== null,
      compression: queue.options.compression,
    })
    queue.nextSequence = advanceSequence(queue.nextSequence, builder.numRecords)
    return bytes
  }

  /** An error of a background step must not get lost: it fails the session. */
  #background(step: Promise<void>): void {
    step.catch(error => this.fail(error))
  }

  async #add(queues: readonly PartitionQueue[]): Promise<void> {
    this.#adding = true
    try {
      await this.#hooks.addPartitions(queues)
      for (const queue of queues) queue.added = true
    } finally {
      this.#adding = false
    }
    this.#pump()
  }

  async #findLeaders(topics: readonly string[]): Promise<void> {
    try {
      await this.#cluster.refresh(topics)
    } catch (error) {
      if (!isTransportError(error)) throw error
    }
    await sleep(50, this.#stop.signal)
    this.#pump()
  }

  /** One request; partitions that must be tried again are sent one by one until they are through. */
  async #send(leader: number, queues: readonly PartitionQueue[]): Promise<void> {
    this.#onTheWay.set(leader, (this.#onTheWay.get(leader) ?? 0) + 1)
    await failPoint('kafka.produce.before')
    const items = queues.map(queue => ({
      topic: queue.topic,
      partition: queue.partition,
      bytes: queue.inFlight!.bytes,
    }))
    const { acks, requestTimeoutMs } = queues[0]!.options
    const request = produceRequest(this.#hooks.transactionalId, acks, requestTimeoutMs, items)
    let results: readonly ProduceResult[]
    try {
      results =
        acks === 0
          ? await this.#sendBlind(leader, request, items)
          : await this.#cluster.send(leader, 'produce', request)
    } catch (error) {
      if (this.#failure !== null) return
      if (!isTransportError(error)) throw error
      results = items.map(({ topic, partition }) => ({ topic, partition, code: 13 }))
    } finally {
      this.#left(leader)
    }
    await failPoint('kafka.produce.after')
    if (this.#failure !== null) return
    for (const { topic, partition, code } of results) {
      const queue = this.#queues.get(topic)?.[partition]
      if (queue !== undefined) this.#answered(queue, code)
    }
    this.#linger.answered()
    this.#pump()
  }

  #left(leader: number): void {
    const rest = this.#onTheWay.get(leader)! - 1
    if (rest > 0) this.#onTheWay.set(leader, rest)
    else this.#onTheWay.delete(leader)
  }

  async #sendBlind(
    leader: number,
    request: ReturnType<typeof produceRequest>,
    items: readonly TopicPartition[],
  ): Promise<ProduceResult[]> {
    await this.#cluster.send(leader, 'produce', request)
    return items.map(({ topic, partition }) => ({ topic, partition, code: 0 }))
  }

  #answered(queue: PartitionQueue, code: number): void {
    const { inFlight } = queue
    if (inFlight === null) return
    if (code === 0 || code === 46) {
      this.#acknowledged(queue, inFlight.builder)
    } else if (isLeaderError(code)) {
      this.#background(this.#again(queue, code))
    } else {
      this.fail(produceFailure(queue, code, this.#hooks.transactionalId))
    }
  }

  #acknowledged(queue: PartitionQueue, builder: RecordBatchBuilder): void {
    queue.inFlight = null
    this.#buffer.acknowledged(builder.length)
    for (const flush of this.#flushes) {
      if (flush.waitFor.delete(builder) && flush.waitFor.size === 0) {
        this.#flushes.delete(flush)
        flush.resolve()
      }
    }
    this.#buffer.giveBuilder(builder)
    this.#linger.acknowledged(queue)
  }

  /** Sends the batch in flight again, the same bytes, to whoever leads the partition now. */
  async #again(queue: PartitionQueue, firstCode: number): Promise<void> {
    const backoff = new Backoff()
    for (let code = firstCode; ; ) {
      const inFlight = queue.inFlight
      if (inFlight === null || this.#failure !== null) return
      if (performance.now() - inFlight.sentAt > queue.options.deliveryTimeoutMs)
        throw produceFailure(queue, code, this.#hooks.transactionalId)
      this.numRetries++
      if (backoff.tries === TRIES_BEFORE_WARNING) {
        const fields = { topic: queue.topic, partition: queue.partition, reason: errorName(code) }
        this.#cluster.logger.warn('a batch is not acknowledged and is sent again', fields)
      }
      await backoff.wait(this.#stop.signal)
      if (this.#failure !== null) return
      const leader = await this.#currentLeader(queue)
      if (leader < 0) {
        code = this.#cluster.leaderOf(queue.topic, queue.partition) === undefined ? 3 : 5
        continue
      }
      if (isMutated('no-sequence') && this.#identity !== null)
        inFlight.bytes = this.#seal(queue, inFlight.builder, this.#identity)
      return this.#send(leader, [queue])
    }
  }

  async #currentLeader({ topic, partition }: PartitionQueue): Promise<number> {
    try {
      await this.#cluster.refresh([topic])
    } catch (error) {
      if (!isTransportError(error)) throw error
      return -1
    }
    return this.#cluster.leaderOf(topic, partition) ?? -1
  }

  fail(thrown: unknown): void {
    if (this.#failure !== null) return
    const error =
      thrown instanceof MillraceError
        ? thrown
        : connectorError('MR_KAFKA_PRODUCE', `Writing to Kafka failed: ${String(thrown)}.`, {
            cause: thrown,
            retriable: true,
          })
    this.#end(error)
    this.#hooks.failed(error)
  }

  /** Stops sending; what is not acknowledged is given up. */
  close(): void {
    if (this.#failure !== null) return
    this.#end(connectorError('MR_KAFKA_CLOSED', 'The Kafka producer was closed.', { retriable: true }))
  }

  #end(error: MillraceError): void {
    this.#failure = error
    this.#linger.stop()
    this.#stop.abort()
    for (const queue of this.#all) {
      let held = queue.accounted
      for (const builder of queue.closed) held += builder.length
      if (queue.inFlight !== null) held += queue.inFlight.builder.length
      this.#buffer.giveUp(held)
      queue.accounted = 0
      queue.closed.length = 0
      queue.inFlight = null
      if (queue.builder.isEmpty) {
        this.#buffer.giveBuilder(queue.builder)
        queue.builder = new RecordBatchBuilder(0)
      }
    }
    for (const reject of this.#rejections) reject(error)
    this.#rejections.clear()
    this.#flushes.clear()
    this.#buffer.release()
  }
}
