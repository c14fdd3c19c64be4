/** A bare client for request versions that no foreign client can be made to send: one connection, requests in order. */
import { createConnection, type Socket } from 'node:net'
import { addOffsetsToTxn } from '../../../src/dev-broker/protocol/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../../src/dev-broker/protocol/add-partitions-to-txn.ts'
import type { Api } from '../../../src/dev-broker/protocol/api.ts'
import { endTxn } from '../../../src/dev-broker/protocol/end-txn.ts'
import { fetch } from '../../../src/dev-broker/protocol/fetch.ts'
import { initProducerId } from '../../../src/dev-broker/protocol/init-producer-id.ts'
import { offsetFetch } from '../../../src/dev-broker/protocol/offset-fetch.ts'
import { produce } from '../../../src/dev-broker/protocol/produce.ts'
import { Reader } from '../../../src/dev-broker/protocol/reader.ts'
import { txnOffsetCommit } from '../../../src/dev-broker/protocol/txn-offset-commit.ts'
import { Writer } from '../../../src/dev-broker/protocol/writer.ts'
import { FrameReader } from '../../../src/dev-broker/server/frame-reader.ts'

export interface Producer {
  readonly producerId: number
  readonly producerEpoch: number
}

const apiVersionsKey = 18

export class WireClient implements Disposable {
  readonly #socket: Socket
  readonly #waiting = new Map<number, { resolve: (frame: Buffer) => void; reject: (error: Error) => void }>()
  #correlationId = 0

  constructor(socket: Socket) {
    this.#socket = socket
    const reader = new FrameReader(2 ** 30, frame => {
      const correlationId = frame.readInt32BE()
      this.#waiting.get(correlationId)?.resolve(frame)
      this.#waiting.delete(correlationId)
    })
    socket.on('data', chunk => {
      if (!reader.push(chunk)) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('closed'))
      this.#waiting.clear()
    })
  }

  /** `broker` is `host:port`. */
  static async connect(broker: string): Promise<WireClient> {
    const [host, port] = broker.split(':') as [string, string]
    const socket = createConnection(Number(port), host)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new WireClient(socket)
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  /** Sends a request; rejects with 'closed' when the broker closes the connection. */
  async send<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Response> {
    const writer = new Writer()
    const correlationId = this.#correlationId++
    writer.int16(api.key)
    writer.int16(version)
    writer.int32(correlationId)
    writer.int16(-1)
    writer.version = version
    writer.flexible = version >= api.flexibleSince
    if (writer.flexible) writer.unsignedVarint(0)
    api.request.write(writer, request)
    const frame = await new Promise<Buffer>((resolve, reject) => {
      this.#waiting.set(correlationId, { resolve, reject })
      this.#socket.write(Buffer.concat(writer.frame()))
    })
    const reader = new Reader(frame)
    reader.position = 4
    reader.version = version
    reader.flexible = version >= api.flexibleSince
    if (reader.flexible && api.key !== apiVersionsKey) reader.skipTags()
    const response = api.response.read(reader)
    if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes left behind the answer`)
    return response
  }

  init(transactionalId: string | null, expected?: Producer, version = 4) {
    const { producerId, producerEpoch } = expected ?? { producerId: -1, producerEpoch: -1 }
    const request = { transactionalId, transactionTimeoutMs: 60_000, producerId, producerEpoch }
    return this.send(initProducerId, version, request)
  }

  async addPartitions(
    transactionalId: string,
    producer: Producer,
    topic: string,
    partitions = [0],
    version = 1,
  ) {
    const { producerId, producerEpoch } = producer
    const topics = [{ name: topic, partitions }]
    const answer = await this.send(addPartitionsToTxn, version, {
      transactionalId,
      producerId,
      producerEpoch,
      topics,
    })
    return answer.topics[0]!.partitions.map(partition => partition.errorCode)
  }

  async end(transactionalId: string, { producerId, producerEpoch }: Producer, committed = true, version = 1) {
    return (await this.send(endTxn, version, { transactionalId, producerId, producerEpoch, committed }))
      .errorCode
  }

  async addOffsets(
    transactionalId: string,
    { producerId, producerEpoch }: Producer,
    groupId: string,
    version = 1,
  ) {
    return (
      await this.send(addOffsetsToTxn, version, { transactionalId, producerId, producerEpoch, groupId })
    ).errorCode
  }

  async commitInTxn(
    transactionalId: string,
    { producerId, producerEpoch }: Producer,
    groupId: string,
    place: {
      readonly topic: string
      readonly partition?: number
      readonly offset: number
      readonly metadata?: string
    },
  ) {
    const { topic, partition = 0, offset, metadata = null } = place
    const topics = [{ name: topic, partitions: [{ partition, offset, leaderEpoch: -1, metadata }] }]
    const member = { generationId: -1, memberId: '', groupInstanceId: null }
    const request = { transactionalId, groupId, producerId, producerEpoch, ...member, topics }
    return (await this.send(txnOffsetCommit, 3, request)).topics[0]!.partitions[0]!.errorCode
  }

  /** Offset, metadata and code of partition 0. */
  async committed(groupId: string, topic: string, version: 4 | 7) {
    const request = { groupId, topics: [{ name: topic, partitions: [0] }], requireStable: version === 7 }
    const { offset, metadata, errorCode } = (await this.send(offsetFetch, version, request)).topics[0]!
      .partitions[0]!
    return { offset, metadata, errorCode }
  }

  async produce(
    topic: string,
    records: Buffer,
    { transactionalId = null as string | null, acks = -1, partition = 0, version = 7 } = {},
  ) {
    const topics = [{ name: topic, partitions: [{ index: partition, records }] }]
    const answer = await this.send(produce, version, { transactionalId, acks, timeoutMs: 1000, topics })
    return answer.topics[0]!.partitions[0]!
  }

  async fetch(
    topic: string,
    fetchOffset: number,
    options: {
      partition?: number
      isolationLevel?: 0 | 1
      maxBytes?: number
      maxWaitMs?: number
      minBytes?: number
      version?: number
      leaderEpoch?: number
    } = {},
  ) {
    const { partition = 0, isolationLevel = 0, maxBytes = 1 << 20, version = 11, leaderEpoch = -1 } = options
    const answer = await this.send(fetch, version, {
      replicaId: -1,
      maxWaitMs: options.maxWaitMs ?? 0,
      minBytes: options.minBytes ?? 1,
      maxBytes,
      isolationLevel,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic,
          partitions: [
            {
              partition,
              currentLeaderEpoch: leaderEpoch,
              fetchOffset,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              maxBytes,
            },
          ],
        },
      ],
      forgottenTopics: [],
      rackId: '',
    })
    return answer.topics[0]!.partitions[0]!
  }
}
