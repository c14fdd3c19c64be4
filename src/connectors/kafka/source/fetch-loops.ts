/**
 * One fetch loop per broker that leads partitions of this reader, each on its own connection. A partition whose
 * queue is over its budget is left out of the next request, and no request asks for more than what is left of the
 * reader's memory, so a slow job fetches no more than it can hold: up to its memory waits to be read, up to the same
 * is on its way. While all partitions of a broker are silent they are left to the process's watch, without a connection.
 */
import { MillraceError } from '../../../errors/index.ts'
import { type FetchedPartition, fetchRequest } from '../requests/fetch.ts'
import { EARLIEST, LATEST, splitId } from '../requests/offsets.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import { errorName, isLeaderError } from '../transport/error-codes.ts'
import { ResponsePool } from '../transport/response-pool.ts'
import { Backoff, LAST_BACKOFF_MS, sleep } from '../transport/retry.ts'
import { recreatedTopics, sourceRecreated } from '../transport/topic-identity.ts'
import { fetchFailure } from './fetch-errors.ts'
import { FetchWait } from './fetch-wait.ts'
import { IdlePartitions } from './idle-partitions.ts'
import type { PartitionCursor, ResponseLease } from './partition-cursor.ts'
import { listOffsets } from './resolve-offsets.ts'
import type { SourceConfig } from './source-config.ts'

const UNKNOWN_TOPIC = 3
const OFFSET_OUT_OF_RANGE = 1
const MISSING_REFRESH_MS = 250

/** Failures in a row after which the log says so. */
const TRIES_BEFORE_WARNING = 5

let numReaders = 0

export interface FetchWatcher {
  /** Records have come or a status has changed. */
  changed(): void
  failed(error: unknown): void
}

export class FetchLoops {
  readonly #cluster: KafkaCluster
  readonly #config: SourceConfig
  readonly #watcher: FetchWatcher
  readonly #memory: number
  readonly #purpose = `fetch-${++numReaders}`
  readonly #cursors: PartitionCursor[] = []
  readonly #byId = new Map<string, PartitionCursor>()
  readonly #wakers = new Map<number, () => void>()
  readonly #running = new Set<number>()
  /** Nodes that are asked now for these partitions. */
  readonly #asked = new Map<number, readonly PartitionCursor[]>()
  readonly #stop = new AbortController()
  readonly #responses = new ResponsePool()
  #refreshing = false
  #rotation = 0
  numFetches = 0
  numErrors = 0
  numBytes = 0

  /** `memory`: bytes of records that may wait to be read. */
  constructor(cluster: KafkaCluster, config: SourceConfig, memory: number, watcher: FetchWatcher) {
    this.#cluster = cluster
    this.#config = config
    this.#memory = memory
    this.#watcher = watcher
    cluster.usePool(this.#purpose, this.#responses)
  }

  add(cursor: PartitionCursor): void {
    this.#cursors.push(cursor)
    this.#byId.set(cursor.split, cursor)
    this.#assignLeader(cursor)
    this.wake()
  }

  #assignLeader(cursor: PartitionCursor): void {
    cursor.leader = this.#cluster.leaderOf(cursor.topic, cursor.partition) ?? -1
    if (cursor.leader < 0) this.#refreshSoon()
    else this.#ensureLoop(cursor.leader)
  }

  #ensureLoop(nodeId: number): void {
    if (this.#stop.signal.aborted) return
    if (this.#running.has(nodeId)) {
      this.#askAnew(nodeId)
      return
    }
    this.#running.add(nodeId)
    this.#loop(nodeId).catch(error => {
      if (!this.#stop.signal.aborted) this.#watcher.failed(error)
    })
  }

  /** The request on its way may wait for long: one that lacks a partition of the node is cut off. */
  #askAnew(nodeId: number): void {
    const asked = this.#asked.get(nodeId)
    const isLacking = (c: PartitionCursor) => c.leader === nodeId && !c.fetchedAll && !asked?.includes(c)
    if (asked === undefined || !this.#cursors.some(isLacking)) return
    this.#asked.delete(nodeId)
    this.#cluster.resetConnection(nodeId, this.#purpose)
  }

  /** A partition has room again. */
  wake(): void {
    for (const waker of this.#wakers.values()) waker()
    this.#wakers.clear()
  }

  /** Ends, and says so in the same turn, when the node leads nothing of ours any more. */
  async #loop(nodeId: number): Promise<void> {
    const wait = new FetchWait(this.#config.fetch)
    const idle = new IdlePartitions(this.#cluster.idleWatch(nodeId, this.#config.readCommitted), () => {
      wait.answered(false)
      this.#wakers.get(nodeId)?.()
    })
    try {
      const backoff = new Backoff()
      while (!this.#stop.signal.aborted) {
        const mine = this.#cursors.filter(cursor => cursor.leader === nodeId && !cursor.fetchedAll)
        // Leaders can come back: the loop ends, `assignLeader` starts it again.
        if (mine.length === 0) return
        if (idle.areCovered(mine)) {
          this.#cluster.resetConnection(nodeId, this.#purpose)
          await this.#idle(nodeId, mine)
          if (idle.hadTrouble) await this.#refresh()
          continue
        }
        const wanted = this.#wanted(mine)
        if (wanted.length === 0) {
          await this.#idle(nodeId, mine)
          continue
        }
        // The ends of new partitions should be known soon, and partitions left out may have room again soon.
        const isShort = wanted.length < mine.length || wanted.some(({ isKnown }) => !isKnown)
        try {
          if (!isShort) this.#asked.set(nodeId, wanted)
          wait.answered(await this.#fetch(nodeId, wanted, wait.ms(isShort)))
          backoff.reset()
          if (!isShort && wait.isSilent && mine.every(({ isAtEnd }) => isAtEnd)) idle.enter(mine)
          else idle.leave()
        } catch (error) {
          if (this.#stop.signal.aborted) return
          // Cut off by ourselves.
          if (!isShort && !this.#asked.has(nodeId)) continue
          if (!isTransportError(error)) throw error
          this.numErrors++
          if (backoff.tries === TRIES_BEFORE_WARNING) {
            const fields = { nodeId, table: this.#config.tableName, error: String(error) }
            this.#cluster.logger.warn('a Kafka broker does not answer fetches; they are repeated', fields)
          }
          await backoff.wait(this.#stop.signal)
          await this.#refresh()
        } finally {
          this.#asked.delete(nodeId)
        }
      }
    } finally {
      idle.leave()
      this.#running.delete(nodeId)
    }
  }

  /** Partitions with room, the first one changing: a response may be filled up by those before. */
  #wanted(mine: readonly PartitionCursor[]): PartitionCursor[] {
    if (this.#memoryLeft() <= 0) return []
    const now = performance.now()
    const budget = this.#config.fetch.maxPartitionBytes
    const open = mine.filter(cursor => cursor.queuedBytes < budget && cursor.retryAt <= now)
    const first = open.length === 0 ? 0 : this.#rotation++ % open.length
    return [...open.slice(first), ...open.slice(0, first)]
  }

  #memoryLeft(): number {
    let left = this.#memory
    for (const cursor of this.#cursors) left -= cursor.queuedBytes
    return left
  }

  async #idle(nodeId: number, mine: readonly PartitionCursor[]): Promise<void> {
    const retryAt = Math.min(...mine.map(cursor => cursor.retryAt).filter(time => time > performance.now()))
    const waits: Promise<void>[] = [new Promise(resolve => this.#wakers.set(nodeId, resolve))]
    const waitOver = new AbortController()
    if (Number.isFinite(retryAt)) waits.push(sleep(retryAt - performance.now() + 1, waitOver.signal))
    await Promise.race(waits)
    waitOver.abort()
    this.#wakers.delete(nodeId)
  }

  /** True when nothing came. */
  async #fetch(nodeId: number, wanted: readonly PartitionCursor[], maxWaitMs: number): Promise<boolean> {
    const { minBytes, maxBytes, maxPartitionBytes } = this.#config.fetch
    const request = fetchRequest(
      wanted.map(({ topic, partition, fetchOffset }) => ({
        topic,
        partition,
        offset: fetchOffset,
        maxBytes: maxPartitionBytes,
      })),
      {
        maxWaitMs,
        minBytes,
        maxBytes: Math.min(maxBytes, this.#memoryLeft(), Math.ceil(this.#memory / this.#running.size)),
        readCommitted: this.#config.readCommitted,
      },
    )
    const { code, partitions } = await this.#cluster.send(nodeId, this.#purpose, request)
    if (this.#stop.signal.aborted) return true
    this.numFetches++
    if (code !== 0) throw new Error(`Fetch answered ${code}`)
    let changed = false
    let refused: FetchedPartition | undefined
    const [first] = partitions
    const lease: ResponseLease = {
      numChunks: 0,
      free: () => {
        if (first !== undefined) this.#responses.recycle(first.bytes)
      },
    }
    for (const answer of partitions) {
      if (answer.code !== 0 && !isLeaderError(answer.code)) refused = answer
      else changed = this.#take(answer, lease) || changed
    }
    if (lease.numChunks === 0) lease.free()
    if (changed) this.#watcher.changed()
    if (refused !== undefined) throw await this.#failureOf(refused)
    return partitions.every(({ start, end }) => start === end)
  }

  /** What the answer means, and what of the partition is there now. */
  async #failureOf({ topic, partition, code }: FetchedPartition): Promise<unknown> {
    const cursor = this.#byId.get(splitId({ topic, partition }))!
    try {
      await this.#cluster.refresh([topic])
      this.checkTopics()
      if (code !== OFFSET_OUT_OF_RANGE) return fetchFailure(cursor, code, this.#config, null)
      const { readCommitted } = this.#config
      const [first, end] = await Promise.all(
        [EARLIEST, LATEST].map(time =>
          listOffsets(this.#cluster, [{ topic, partition }], time, readCommitted),
        ),
      )
      const range = { first: first!.get(cursor.split)!, end: end!.get(cursor.split)! }
      return fetchFailure(cursor, code, this.#config, range)
    } catch (error) {
      if (error instanceof MillraceError && !error.retriable) return error
      return fetchFailure(cursor, code, this.#config, null)
    }
  }

  /** Throws when a topic is no longer the one that is being read, as far as metadata has been read. */
  checkTopics(): void {
    const recreated = recreatedTopics(
      this.#cluster,
      this.#cursors.map(({ topic, topicId }) => [topic, topicId]),
    )
    if (recreated.length > 0) throw sourceRecreated(recreated[0]!, this.#config.tableName)
    for (const cursor of this.#cursors) cursor.topicId ||= this.#cluster.topicId(cursor.topic)
  }

  #take(answer: FetchedPartition, lease: ResponseLease): boolean {
    const cursor = this.#byId.get(splitId(answer))
    if (cursor === undefined) return false
    if (answer.code === 0) {
      this.numBytes += answer.end - answer.start
      return cursor.fetched(answer, lease)
    }
    cursor.numErrors++
    this.numErrors++
    if (cursor.numErrors === TRIES_BEFORE_WARNING) {
      const fields = { split: cursor.split, code: errorName(answer.code) }
      this.#cluster.logger.warn('a partition cannot be fetched; it is tried again', fields)
    }
    cursor.retryAt = performance.now() + Math.min(LAST_BACKOFF_MS, 20 * 2 ** Math.min(cursor.numErrors, 8))
    this.#refreshSoon()
    return false
  }

  #refreshSoon(): void {
    if (this.#refreshing) return
    this.#refreshing = true
    const missing = this.#cursors.some(({ missingSince }) => missingSince > 0)
    sleep(missing ? MISSING_REFRESH_MS : 20, this.#stop.signal)
      .then(() => this.#refresh())
      .catch(error => this.#watcher.failed(error))
      .finally(() => {
        this.#refreshing = false
        if (this.#stop.signal.aborted) return
        if (this.#cursors.some(({ leader }) => leader < 0)) this.#refreshSoon()
      })
  }

  /** Reads leaders again and moves partitions to the loops of their new leaders. */
  async #refresh(): Promise<void> {
    if (this.#stop.signal.aborted) return
    const topics = [...new Set(this.#cursors.map(({ topic }) => topic))].sort()
    try {
      await this.#cluster.refresh(topics)
    } catch (error) {
      if (this.#stop.signal.aborted) return
      if (!isTransportError(error)) throw error
      await sleep(LAST_BACKOFF_MS, this.#stop.signal)
      return
    }
    this.checkTopics()
    for (const cursor of this.#cursors) {
      const leader = this.#cluster.leaderOf(cursor.topic, cursor.partition)
      cursor.leader = leader ?? -1
      if (leader === undefined) this.#missing(cursor)
      else cursor.missingSince = 0
      if (cursor.leader >= 0) this.#ensureLoop(cursor.leader)
    }
    // No loop fetches these, so nothing else would look for their leaders again.
    if (this.#cursors.some(({ leader }) => leader < 0)) this.#refreshSoon()
    this.wake()
  }

  /** A topic may be unknown for a moment to brokers that are starting; one that stays unknown was deleted. */
  #missing(cursor: PartitionCursor): void {
    const now = performance.now()
    if (cursor.missingSince === 0) {
      cursor.missingSince = now
      const fields = { split: cursor.split, giveUpMs: this.#cluster.config.requestTimeoutMs }
      this.#cluster.logger.warn('a partition that is being read is unknown to the cluster', fields)
    } else if (now - cursor.missingSince > this.#cluster.config.requestTimeoutMs) {
      throw fetchFailure(cursor, UNKNOWN_TOPIC, this.#config, null)
    }
  }

  /** Ends the loops. What was fetched may not be read after this. */
  close(): void {
    this.#stop.abort()
    this.wake()
    this.#cluster.closeConnections(this.#purpose)
    this.#responses.close()
  }
}
