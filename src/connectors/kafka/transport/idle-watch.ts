/**
 * One connection to a broker and one long Fetch on it for the silent partitions of all jobs, so that a job that has
 * nothing to read needs no connection of its own. The watch only wakes: records in its answers are thrown away, and a
 * reader for which there is news fetches it by itself. Nothing falls between a reader's last fetch and the first request
 * of the watch, or between two of these: a request names offsets, and is answered at once when anything is behind one.
 */
import { type FetchedPartition, type FetchItem, fetchRequest } from '../requests/fetch.ts'
import { longestWaitMs } from '../requests/longest-wait.ts'
import { splitId, type TopicPartition } from '../requests/offsets.ts'
import { BrokerConnection } from './broker-connection.ts'
import type { ConnectionConfig } from './connection-config.ts'
import { sleep } from './retry.ts'
import type { BrokerAddress } from './shared-brokers.ts'

/**
 * Fewer silent readers keep their connections: the next record then comes without the handshake of a new one. A watch
 * that has begun stays until its last reader has gone.
 */
const LEAST_READERS = 8
/** Every request names all partitions, and any news ends it: this bounds what much news at many partitions costs. */
const MOST_PARTITIONS_PER_MS = 20
/** After an answer that came early and has no news for anybody: it must not be asked for again and again. */
const NO_NEWS_PAUSE_MS = 200

export interface WatchedPosition extends TopicPartition {
  readonly offset: number
}

/** Partitions of one node that are read together, all of them at their end. */
export interface IdleReader {
  /** The same from `add` until the reader is woken or removed. */
  readonly partitions: readonly WatchedPosition[]
  /** Whether an answer without an error has more than the reader knows. */
  isNews(answer: FetchedPartition): boolean
  /** The watch has let go of the reader. `isTrouble`: for an error, so that leaders may have moved. */
  wake(isTrouble: boolean): void
}

/** A request must not name a partition twice: readers at the same offset share this. */
interface Watched extends FetchItem {
  readonly readers: Set<IdleReader>
}

export class IdleWatch {
  readonly #config: ConnectionConfig
  readonly #readCommitted: boolean
  readonly #address: () => BrokerAddress | undefined
  readonly #readers = new Set<IdleReader>()
  readonly #watched = new Map<string, Watched>()
  /** What the request on its way names; null between two. */
  #asked: ReadonlySet<Watched> | null = null
  #connection: BrokerConnection | null = null
  #isRunning = false

  /** `address`: of the broker now; undefined when the cluster has no such node any more. */
  constructor(config: ConnectionConfig, readCommitted: boolean, address: () => BrokerAddress | undefined) {
    this.#config = config
    this.#readCommitted = readCommitted
    this.#address = address
  }

  /**
   * From now on the reader is woken by news, once. False when another one is further in a partition: then there is news
   * already. It must go on fetching until it is covered.
   */
  add(reader: IdleReader): boolean {
    const { partitions } = reader
    if (partitions.some(at => (this.#watched.get(splitId(at))?.offset ?? 0) > at.offset)) return false
    this.#readers.add(reader)
    for (const { topic, partition, offset } of partitions) {
      const id = splitId({ topic, partition })
      const before = this.#watched.get(id)
      if (before !== undefined && before.offset < offset) this.#wakeAll(before.readers, false)
      const watched = this.#watched.get(id)
      if (watched !== undefined) watched.readers.add(reader)
      else this.#watched.set(id, { topic, partition, offset, maxBytes: 1, readers: new Set([reader]) })
    }
    if (!this.#isRunning && this.#readers.size >= LEAST_READERS) void this.#run()
    return true
  }

  remove(reader: IdleReader): void {
    if (!this.#readers.delete(reader)) return
    for (const at of reader.partitions) {
      const watched = this.#watched.get(splitId(at))
      if (watched?.readers.delete(reader) === true && watched.readers.size === 0)
        this.#watched.delete(splitId(at))
    }
    if (this.#readers.size === 0) this.#disconnect()
  }

  /** Whether requests name all its partitions, from the one that is on its way on. */
  covers(reader: IdleReader): boolean {
    if (!this.#isRunning || !this.#readers.has(reader)) return false
    const asked = this.#asked
    return asked === null || reader.partitions.every(at => asked.has(this.#watched.get(splitId(at))!))
  }

  /** Brokers have gone or moved. */
  nodesChanged(): void {
    const now = this.#address()
    if (now !== undefined && this.#connection?.address === `${now.host}:${now.port}`) return
    // The request on its way, or the next one, is rejected.
    this.#connection?.close(true)
  }

  /** Never rejects: whatever goes wrong wakes the readers, which know what to do about it. */
  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#readers.size > 0) {
      const items = [...this.#watched.values()]
      this.#asked = new Set(items)
      const sentAt = performance.now()
      const maxWaitMs = longestWaitMs(this.#config.requestTimeoutMs)
      let isNews = true
      let connection: BrokerConnection | null = null
      try {
        connection = this.#connect()
        const options = { maxWaitMs, minBytes: 1, maxBytes: 1, readCommitted: this.#readCommitted }
        const { code, partitions } = await connection.send(fetchRequest(items, options))
        if (code === 0) isNews = this.#tell(partitions, this.#asked)
        else this.#wakeAll(this.#readers, true)
      } catch {
        // Otherwise the last reader has gone meanwhile, and others have come since.
        if (this.#connection === connection) {
          this.#wakeAll(this.#readers, true)
          this.#disconnect()
        }
      }
      this.#asked = null
      const wasEarly = performance.now() - sentAt < maxWaitMs / 2
      await sleep(Math.max(items.length / MOST_PARTITIONS_PER_MS, wasEarly && !isNews ? NO_NEWS_PAUSE_MS : 0))
    }
    this.#isRunning = false
  }

  /** Wakes those for whom there is something in the answer. False when there is nobody. */
  #tell(answers: readonly FetchedPartition[], asked: ReadonlySet<Watched>): boolean {
    let isNews = false
    for (const answer of answers) {
      const watched = this.#watched.get(splitId(answer))
      // Else it was asked for at another offset.
      if (watched === undefined || !asked.has(watched)) continue
      const isTrouble = answer.code !== 0
      const woken = [...watched.readers].filter(reader => isTrouble || reader.isNews(answer))
      this.#wakeAll(woken, isTrouble)
      isNews ||= woken.length > 0
    }
    return isNews
  }

  #wakeAll(readers: Iterable<IdleReader>, isTrouble: boolean): void {
    for (const reader of [...readers]) {
      this.remove(reader)
      reader.wake(isTrouble)
    }
  }

  #connect(): BrokerConnection {
    if (this.#connection !== null) return this.#connection
    const address = this.#address()
    if (address === undefined) throw new Error('the node is not in the cluster any more')
    this.#connection = new BrokerConnection(address.host, address.port, this.#config)
    return this.#connection
  }

  #disconnect(): void {
    this.#connection?.close(true)
    this.#connection = null
  }
}
