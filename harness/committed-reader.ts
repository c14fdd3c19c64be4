/**
 * A read_committed reader of one topic that owes nothing to the engine. It goes by whole batches: every entry of the
 * broker's aborted list is active from its first offset until its producer's abort marker, and transactional batches
 * of active producers are counted, not read. Reading again goes on where it stopped.
 */
import { type RecordBatch, recordBatches, recordsOf } from './record-batch.ts'
import { Connection, type Reader, Writer } from './wire.ts'

const METADATA = 3
const LIST_OFFSETS = 2
const FETCH = 1
const READ_COMMITTED = 1
const READ_UNCOMMITTED = 0
const MAX_FETCH_BYTES = 4 * 1024 * 1024
const MAX_ATTEMPTS = 20
const RETRY_MS = 250
/** Leader unknown, not the leader, coordinator or broker starting: ask again. */
const retriable = new Set([3, 5, 6, 9, 56, 72, 74, 75, 78])

class RetriableAnswer extends Error {}

interface PartitionState {
  readonly id: number
  leader: number
  next: number
  /** Producers whose aborted transaction the reader is in. */
  readonly active: Set<number>
  /** Aborted transactions not yet reached, each seen once. */
  readonly ahead: Map<string, { readonly producerId: number; readonly firstOffset: number }>
  readonly seen: Set<string>
}

interface FetchAnswer {
  readonly lastStableOffset: number
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[]
  readonly bytes: Buffer
}

function check(code: number, what: string): void {
  if (code === 0) return
  const message = `${what}: Kafka error ${code}`
  throw retriable.has(code) ? new RetriableAnswer(message) : new Error(message)
}

export class CommittedReader implements Disposable {
  readonly #topic: string
  readonly #bootstrap: readonly { readonly host: string; readonly port: number }[]
  readonly #brokers = new Map<number, { readonly host: string; readonly port: number }>()
  readonly #connections = new Map<number, Connection>()
  readonly #partitions = new Map<number, PartitionState>()
  numAbortedRecords = 0
  numAbortedTransactions = 0
  numCommittedRecords = 0

  constructor(bootstrap: string, topic: string) {
    this.#topic = topic
    this.#bootstrap = bootstrap.split(',').map(address => {
      const colon = address.lastIndexOf(':')
      return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
    })
  }

  /** Reads every committed record up to the last stable offsets of now. */
  async readAll(visit: (value: string, partition: number, offset: number) => void): Promise<void> {
    await this.#retrying(() => this.#refreshMetadata())
    for (const partition of this.#partitions.values()) {
      const end = await this.#retrying(() => this.#endOffset(partition, READ_COMMITTED))
      while (partition.next < end) await this.#retrying(() => this.#fetchInto(partition, visit))
    }
  }

  /** Offsets between the last stable offset and the end: written, but neither committed nor aborted. */
  async numUndecided(): Promise<number> {
    await this.#retrying(() => this.#refreshMetadata())
    let sum = 0
    for (const partition of this.#partitions.values()) {
      const stable = await this.#retrying(() => this.#endOffset(partition, READ_COMMITTED))
      const end = await this.#retrying(() => this.#endOffset(partition, READ_UNCOMMITTED))
      sum += end - stable
    }
    return sum
  }

  async #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        const mayRetry = error instanceof RetriableAnswer || code === 'ECONNRESET' || code === 'ECONNREFUSED'
        if (!mayRetry || tries === MAX_ATTEMPTS) throw error
        this[Symbol.dispose]()
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
        await this.#refreshMetadata().catch(() => {})
      }
    }
  }

  async #connection(node: number): Promise<Connection> {
    const open = this.#connections.get(node)
    if (open !== undefined) return open
    const address = this.#brokers.get(node)
    if (address === undefined) throw new RetriableAnswer(`broker ${node} is not known`)
    const made = await Connection.open(address.host, address.port)
    this.#connections.set(node, made)
    return made
  }

  async #refreshMetadata(): Promise<void> {
    let failure: unknown = new Error('no bootstrap server given')
    for (const { host, port } of this.#bootstrap) {
      let connection: Connection | undefined
      try {
        connection = await Connection.open(host, port)
        const body = new Writer().int32(1).string(this.#topic).int8(0).bytes()
        this.#readMetadata(await connection.send(METADATA, 4, body))
        return
      } catch (error) {
        failure = error
      } finally {
        connection?.close()
      }
    }
    throw failure
  }

  #readMetadata(answer: Reader): void {
    answer.int32()
    answer.array(() => {
      const node = answer.int32()
      this.#brokers.set(node, { host: answer.string()!, port: answer.int32() })
      answer.string()
    })
    answer.string()
    answer.int32()
    answer.array(() => {
      check(answer.int16(), `topic ${this.#topic}`)
      answer.string()
      answer.int8()
      answer.array(() => this.#readPartition(answer))
    })
  }

  #readPartition(answer: Reader): void {
    const code = answer.int16()
    const id = answer.int32()
    const leader = answer.int32()
    answer.array(() => answer.int32())
    answer.array(() => answer.int32())
    check(code, `partition ${id} of ${this.#topic}`)
    const known = this.#partitions.get(id)
    if (known !== undefined) known.leader = leader
    else
      this.#partitions.set(id, {
        id,
        leader,
        next: 0,
        active: new Set(),
        ahead: new Map(),
        seen: new Set(),
      })
  }

  async #endOffset(partition: PartitionState, isolation: number): Promise<number> {
    const body = new Writer().int32(-1).int8(isolation).int32(1).string(this.#topic)
    body.int32(1).int32(partition.id).int64(-1)
    const connection = await this.#connection(partition.leader)
    const answer = await connection.send(LIST_OFFSETS, 2, body.bytes())
    answer.int32()
    const [[offset]] = answer.array(() => {
      answer.string()
      return answer.array(() => {
        answer.int32()
        check(answer.int16(), `end of partition ${partition.id}`)
        answer.int64()
        return answer.int64()
      })
    }) as [[number]]
    return offset
  }

  async #fetch(partition: PartitionState): Promise<FetchAnswer> {
    const body = new Writer().int32(-1).int32(500).int32(1).int32(MAX_FETCH_BYTES).int8(READ_COMMITTED)
    body
      .int32(1)
      .string(this.#topic)
      .int32(1)
      .int32(partition.id)
      .int64(partition.next)
      .int32(MAX_FETCH_BYTES)
    const connection = await this.#connection(partition.leader)
    const answer = await connection.send(FETCH, 4, body.bytes())
    answer.int32()
    const [[fetched]] = answer.array(() => {
      answer.string()
      return answer.array((): FetchAnswer => {
        answer.int32()
        check(answer.int16(), `fetch of partition ${partition.id} at ${partition.next}`)
        answer.int64()
        const lastStableOffset = answer.int64()
        const aborted = answer.array(() => ({ producerId: answer.int64(), firstOffset: answer.int64() }))
        return { lastStableOffset, aborted, bytes: answer.block() }
      })
    }) as [[FetchAnswer]]
    return fetched
  }

  async #fetchInto(
    partition: PartitionState,
    visit: (value: string, partition: number, offset: number) => void,
  ): Promise<void> {
    const { aborted, bytes } = await this.#fetch(partition)
    for (const entry of aborted) {
      const key = `${entry.producerId} ${entry.firstOffset}`
      if (partition.seen.has(key)) continue
      partition.seen.add(key)
      partition.ahead.set(key, entry)
      this.numAbortedTransactions++
    }
    for (const batch of recordBatches(bytes)) {
      if (batch.lastOffset < partition.next) continue
      this.#visitBatch(partition, batch, visit)
      partition.next = batch.lastOffset + 1
    }
  }

  #visitBatch(
    partition: PartitionState,
    batch: RecordBatch,
    visit: (value: string, partition: number, offset: number) => void,
  ): void {
    for (const [key, { producerId, firstOffset }] of partition.ahead) {
      if (firstOffset > batch.lastOffset) continue
      partition.ahead.delete(key)
      partition.active.add(producerId)
    }
    if (batch.marker !== null) {
      if (batch.marker === 'abort') partition.active.delete(batch.producerId)
    } else if (batch.isTransactional && partition.active.has(batch.producerId)) {
      this.numAbortedRecords += batch.numRecords
    } else {
      for (const { offset, value } of recordsOf(batch)) {
        if (offset < partition.next) continue
        this.numCommittedRecords++
        if (value !== null) visit(value, partition.id, offset)
      }
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }
}
