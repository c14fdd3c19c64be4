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
import { kernelsOrNull } from '../../../wasm/kernels.ts'
import type { SinkWriter } from '../../contract/index.ts'
import { partitionOfKey } from './murmur2.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProduceSession } from './produce-session.ts'
import { RecordFramer, type RowRun } from './record-framer.ts'
import { headerListOf, headersOf, timestampOf } from './record-metadata.ts'
import { RowsByPartition } from './rows-by-partition.ts'
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
  /** null where records go one by one: with metadata of their own, through the upsert buffer, without kernels. */
  readonly #framer: RecordFramer | null
  readonly #byPartition = new RowsByPartition()

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
    const kernels = kernelsOrNull()
    const isPlain =
      this.#upserts === null &&
      [layout.timestampColumn, layout.topicColumn, layout.headersColumn, layout.headerListColumn].every(
        column => column < 0,
      )
    this.#framer = isPlain && kernels !== null ? new RecordFramer(kernels) : null
  }

  write(batch: Batch): void {
    const { session } = this.#output
    if (session.failure !== null) throw session.failure
    // Partitions may have been added since.
    if (session === this.#queuesOf) this.#numPartitions = this.#targets.numPartitions(this.#queuesTopic)
    const { kinds } = batch
    const now = Date.now()
    if (kinds === null && this.#framer !== null && this.#writeRun(this.#framer, batch, now)) {
      this.#sticky++
      session.wrote()
      return
    }
    for (let row = 0; row < batch.length; row++) {
      const kind = kinds === null ? 0 : kinds[row]!
      if (kind !== 0 && this.#config.upsert && kind === ROW_UPDATE_BEFORE) continue
      if (kind === ROW_UPDATE_BEFORE || (kind === ROW_DELETE && !this.#config.upsert)) throw this.#notInsert()
      this.#writeRow(batch, row, kind === ROW_DELETE, now)
    }
    this.#sticky++
    session.wrote()
  }

  /** Writes a batch of inserts by kernels; false when that cannot be done here. */
  #writeRun(framer: RecordFramer, batch: Batch, now: number): boolean {
    const values = this.#valueEncoder.encodeRows?.(batch) ?? null
    const keys = this.#keyEncoder?.encodeRows?.(batch) ?? null
    if (values === null || (this.#keyEncoder !== null && keys === null)) return false
    this.#useTopic(this.#targets.first)
    const run = { batch, values, keys, timestamp: now }
    const { partitioner } = this.#config
    const count = this.#numPartitions
    if (partitioner === 'default' && keys === null) {
      for (let row = 0; row < batch.length; )
        row = this.#appendRun(framer, run, this.#stickyPartition(count), null, row, batch.length)
    } else if (partitioner === 'fixed') {
      for (let row = 0; row < batch.length; )
        row = this.#appendRun(framer, run, this.#subtask % count, null, row, batch.length)
    } else {
      this.#byPartition.sort(batch.length, count, row =>
        partitioner === 'round-robin' || keys === null
          ? this.#roundRobin++ % count
          : partitionOfKey(keys.bytes, keys.offsets[row]!, keys.offsets[row + 1]!, count),
      )
      for (let partition = 0; partition < count; partition++) {
        const rows = this.#byPartition.rows(partition)
        for (let i = 0; i < rows.length; ) i = this.#appendRun(framer, run, partition, rows, i, rows.length)
      }
    }
    return true
  }

  /** Adds rows until the partition's batch is full. Returns the first that was not added. */
  #appendRun(
    framer: RecordFramer,
    run: RowRun & { readonly batch: Batch },
    partition: number,
    rows: Int32Array | null,
    from: number,
    to: number,
  ): number {
    const { session } = this.#output
    const queue = this.#queueOf(partition)
    const { batchSize, maxRequestSize } = queue.options
    const next = framer.append(queue.builder, run, rows, from, to, batchSize, maxRequestSize)
    if (next > from) {
      this.#numRecords += next - from
      session.appendedRun(queue, next - from)
    } else if (!queue.builder.isEmpty) session.closeBatch(queue)
    else {
      // Larger than the kernel's room: it goes the way of single records, which also knows what is too large.
      this.#appendRecord(
        queue,
        run.batch,
        rows === null ? from : rows[from]!,
        false,
        run.timestamp,
        undefined,
      )
      return from + 1
    }
    return next
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
    this.#useTopic(topic)
    const queue = this.#queueOf(this.#partition(key.bytes, key.length))
    this.#appendRecord(queue, batch, row, isDelete, timestamp, headers)
  }

  /** Encodes one record into the batch of its partition; its key, if any, is encoded anew. */
  #appendRecord(
    queue: PartitionQueue,
    batch: Batch,
    row: number,
    isDelete: boolean,
    timestamp: number,
    headers: Uint8Array | undefined,
  ): void {
    const { builder } = queue
    const key = this.#key
    key.length = 0
    this.#keyEncoder?.encode(batch, row, key)
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
      this.#useTopic(topic)
      const queue = this.#queueOf(this.#partition(key, key.length))
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

  /** Queues are those of this topic in the current session from now on. */
  #useTopic(topic: string): void {
    const { session } = this.#output
    if (session === this.#queuesOf && topic === this.#queuesTopic) return
    this.#numPartitions = this.#targets.numPartitions(topic)
    this.#queues = []
    this.#queuesOf = session
    this.#queuesTopic = topic
  }

  #queueOf(partition: number): PartitionQueue {
    const known = this.#queues[partition]
    if (known !== undefined) return known
    const { session } = this.#output
    const queue = session.queue(this.#queuesTopic, partition, this.#config.produce)
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
    if (this.#closed) return
    this.#closed = true
    this.#upserts?.close()
    this.#key.bytes = NO_KEY
    this.#framer?.release()
    this.#keyEncoder?.close?.()
    this.#valueEncoder.close?.()
  }
}
