/** Encodes rows straight into the record batches of their partitions. */

import { runtimeFailure } from '../../../errors/index.ts'
import type { Encoder } from '../../../formats/format.ts'
import {
  type Batch,
  ByteSink,
  type Column,
  decodeUtf8,
  ROW_DELETE,
  ROW_UPDATE_BEFORE,
} from '../../../types/index.ts'
import type { SinkWriter } from '../../contract/index.ts'
import { partitionOfKey } from './murmur2.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProduceSession } from './produce-session.ts'
import { headerListOf, headersOf, timestampOf } from './record-metadata.ts'
import type { SendBuffer } from './send-buffer.ts'
import type { RecordLayout, SinkConfig } from './sink-config.ts'
import type { TopicTargets } from './topic-targets.ts'
import { UpsertBuffer } from './upsert-buffer.ts'

/** Where a writer's rows go: one session for ever, or the transaction of the next checkpoint. */
export interface WriterOutput {
  readonly session: ProduceSession
  readonly buffer: SendBuffer
  /** The split at a barrier happens synchronously in this call. */
  flush(checkpointId: number): Promise<void>
}

const NO_KEY = new Uint8Array(0)

export class KafkaWriter implements SinkWriter {
  readonly #output: WriterOutput
  readonly #config: SinkConfig
  readonly #layout: RecordLayout
  readonly #targets: TopicTargets
  readonly #subtask: number
  readonly #keyEncoder: Encoder | null
  readonly #valueEncoder: Encoder
  readonly #key = new ByteSink(256)
  readonly #upserts: UpsertBuffer | null
  /** Queues of the one topic in the current session. */
  #queues: PartitionQueue[] = []
  #queuesOf: ProduceSession | null = null
  #queuesTopic = ''
  #numPartitions = 0
  #sticky = 0
  #roundRobin = 0
  #numRecords = 0
  #closed = false

  constructor(
    output: WriterOutput,
    config: SinkConfig,
    layout: RecordLayout,
    targets: TopicTargets,
    subtask: number,
  ) {
    this.#output = output
    this.#config = config
    this.#layout = layout
    this.#targets = targets
    this.#subtask = subtask
    this.#keyEncoder = layout.createKeyEncoder()
    this.#valueEncoder = layout.createValueEncoder()
    this.#sticky = subtask
    this.#roundRobin = subtask
    this.#upserts =
      config.bufferFlushRows > 0
        ? new UpsertBuffer(config.bufferFlushRows, config.bufferFlushMs, () => this.#drainInBackground())
        : null
  }

  write(batch: Batch): void {
    const { session } = this.#output
    if (session.failure !== null) throw session.failure
    // Partitions may have been added since.
    if (session === this.#queuesOf) this.#numPartitions = this.#targets.numPartitions(this.#queuesTopic)
    const { kinds } = batch
    const now = Date.now()
    for (let row = 0; row < batch.length; row++) {
      const kind = kinds === null ? 0 : kinds[row]!
      if (kind !== 0 && this.#config.upsert && kind === ROW_UPDATE_BEFORE) continue
      if (kind === ROW_UPDATE_BEFORE || (kind === ROW_DELETE && !this.#config.upsert)) throw this.#notInsert()
      this.#writeRow(batch, row, kind === ROW_DELETE, now)
    }
    this.#sticky++
    session.wrote()
  }

  #writeRow(batch: Batch, row: number, isDelete: boolean, now: number): void {
    const { timestampColumn, topicColumn } = this.#layout
    const key = this.#key
    key.length = 0
    this.#keyEncoder?.encode(batch, row, key)
    const timestamp = timestampColumn < 0 ? now : timestampOf(batch.columns[timestampColumn]!, row, now)
    const topic = topicColumn < 0 ? this.#targets.first : this.#topicOf(batch.columns[topicColumn]!, row)
    const headers = this.#headers(batch, row)
    if (this.#upserts !== null) {
      const value = isDelete ? null : new ByteSink(256)
      if (value !== null) this.#valueEncoder.encode(batch, row, value)
      this.#upserts.put(
        topic,
        key.bytes.slice(0, key.length),
        timestamp,
        value?.bytes.subarray(0, value.length) ?? null,
        headers,
      )
      return
    }
    const queue = this.#queueFor(topic, key.bytes, key.length)
    const { builder } = queue
    builder.begin(timestamp, key.bytes, this.#keyEncoder === null ? -1 : 0, key.length)
    if (isDelete) builder.endNull(headers)
    else {
      this.#valueEncoder.encode(batch, row, builder)
      builder.end(headers)
    }
    this.#numRecords++
    this.#output.session.appended(queue)
  }

  /** From a timer, where nobody would see an exception. */
  #drainInBackground(): void {
    const { session } = this.#output
    if (this.#closed || session.failure !== null) return
    try {
      this.#drain()
    } catch (error) {
      session.fail(error)
    }
  }

  /** Sends what the upsert buffer holds: the last row of each key. */
  #drain(): void {
    if (this.#closed) return
    this.#upserts?.drain((topic, key, timestamp, value, headers) => {
      const queue = this.#queueFor(topic, key, key.length)
      const { builder } = queue
      builder.begin(timestamp, key, 0, key.length)
      if (value === null) builder.endNull(headers)
      else {
        builder.reserve(value.length)
        builder.bytes.set(value, builder.length)
        builder.length += value.length
        builder.end(headers)
      }
      this.#numRecords++
      this.#output.session.appended(queue)
    })
    this.#output.session.wrote()
  }

  #headers(batch: Batch, row: number): Uint8Array | undefined {
    const { headersColumn, headerListColumn } = this.#layout
    if (headersColumn >= 0) return headersOf(batch.columns[headersColumn]!, row)
    if (headerListColumn >= 0) return headerListOf(batch.columns[headerListColumn]!, row)
    return undefined
  }

  #topicOf(column: Column, row: number): string {
    if (column.storage !== 'bytes' || column.isNull(row)) {
      throw runtimeFailure(
        'MR_KAFKA_TOPIC_NOT_ALLOWED',
        `A row for table '${this.#config.tableName}' has NULL in its metadata column 'topic'.`,
      )
    }
    return decodeUtf8(column.bytes, column.offsets[row]!, column.offsets[row + 1]!)
  }

  #queueFor(topic: string, key: Uint8Array, keyLength: number): PartitionQueue {
    const { session } = this.#output
    if (session !== this.#queuesOf || topic !== this.#queuesTopic) {
      this.#numPartitions = this.#targets.numPartitions(topic)
      this.#queues = []
      this.#queuesOf = session
      this.#queuesTopic = topic
    }
    const partition = this.#partition(key, keyLength)
    const known = this.#queues[partition]
    if (known !== undefined) return known
    const queue = session.queue(topic, partition, this.#config.produce)
    this.#queues[partition] = queue
    return queue
  }

  #partition(key: Uint8Array, keyLength: number): number {
    const count = this.#numPartitions
    switch (this.#config.partitioner) {
      case 'fixed':
        return this.#subtask % count
      case 'round-robin':
        return this.#roundRobin++ % count
      case 'default':
        if (this.#keyEncoder !== null) return partitionOfKey(key, 0, keyLength, count)
        return this.#stickyPartition(count)
    }
  }

  /** Records without a key stay on one partition until its batch is full or the rows given at once are written. */
  #stickyPartition(count: number): number {
    const queue = this.#queues[this.#sticky % count]
    if (queue !== undefined && queue.closed.length > 0) this.#sticky++
    return this.#sticky % count
  }

  #notInsert(): Error {
    return runtimeFailure(
      'MR_KAFKA_NOT_INSERT_ONLY',
      `Table '${this.#config.tableName}' takes only inserts, but a row of another kind came.`,
      { hint: 'Use the upsert-kafka connector or a changelog format.' },
    )
  }

  ready(): Promise<void> | null {
    return this.#output.session.failure !== null ? null : this.#output.buffer.room()
  }

  flush(checkpointId: number): Promise<void> {
    this.#drain()
    return this.#output.flush(checkpointId)
  }

  finish(): Promise<void> {
    this.#drain()
    return this.#output.session.flush()
  }

  metrics(): Readonly<Record<string, number>> {
    return { numRecordsSend: this.#numRecords, currentSendBufferBytes: this.#output.buffer.used }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#upserts?.close()
    this.#key.bytes = NO_KEY
  }
}
