/**
 * The kafka connector without sockets, for engine-alone benchmarks: real record batches from memory go through the
 * engine's own cursor, record decoder and format, and its own encoder seals the sink's batches.
 */
import {
  type Connector,
  nothingToRead,
  type SinkWriter,
  type SourceReader,
  type SourceReaderContext,
} from '../src/connectors/contract/index.ts'
import { kafkaConnector } from '../src/connectors/kafka/kafka-connector.ts'
import { RecordBatchBuilder } from '../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordRun } from '../src/connectors/kafka/records/record-run.ts'
import { RecordFramer } from '../src/connectors/kafka/sink/record-framer.ts'
import { PartitionCursor } from '../src/connectors/kafka/source/partition-cursor.ts'
import { RowAssembler } from '../src/connectors/kafka/source/row-assembler.ts'
import { ResponsePool } from '../src/connectors/kafka/transport/response-pool.ts'
import { jsonFormat } from '../src/formats/json/index.ts'
import { batchRowsOf, createColumnFor } from '../src/types/index.ts'
import { columnMemory } from '../src/wasm/arena-memory.ts'
import { kernelsOrNull } from '../src/wasm/kernels.ts'

const BATCH_BYTES = 512 * 1024
/** `max.partition.fetch.bytes`. */
const FETCH_BYTES = 1024 * 1024
/** Where it stands in the header of a record batch. */
const LAST_OFFSET_DELTA = 23

/** Record batches, which may be made when they are asked for. Batch i is of partition i modulo `numPartitions`. */
export interface BatchSource {
  readonly batches: { at(index: number): Uint8Array | undefined }
  readonly numRecords: number
  /** One for each subtask that reads, if not said. */
  readonly numPartitions?: number
}

export interface InMemoryTopic extends BatchSource {
  readonly batches: readonly Uint8Array[]
}

export interface SinkStatistics {
  numRows: number
  numBytes: number
}

export function inMemoryKafka(topic: BatchSource, sink: SinkStatistics): Connector {
  return {
    ...kafkaConnector,
    createSource(request) {
      return {
        initialSplits: () => Promise.resolve([{ split: 't/0', position: 0 }]),
        createReader: context => Promise.resolve(createReader(topic, request, context)),
        close: () => Promise.resolve(),
      }
    },
    createSink(request) {
      return {
        committer: null,
        createWriter: () => Promise.resolve(createWriter(request, sink)),
        close: () => Promise.resolve(),
      }
    },
  }
}

function createReader(
  topic: BatchSource,
  request: Parameters<NonNullable<Connector['createSource']>>[0],
  { subtask, parallelism }: SourceReaderContext,
): SourceReader {
  const fields = request.table.schema.columns.flatMap(column => (column.kind === 'physical' ? [column] : []))
  const batchRows = batchRowsOf(request.columns.map(({ type }) => type))
  const columns = request.columns.map(({ type }) => createColumnFor(type, batchRows, columnMemory()))
  const wanted = request.columns.map(({ name }) => fields.findIndex(field => field.name === name))
  const assembler = new RowAssembler({
    columns,
    batchRows,
    valueColumns: columns,
    valueDecoder: jsonFormat.createDecoder({ fields, wanted }, { options: {}, timeZone: 'UTC' }),
    keyDecoder: null,
    keyColumns: [],
    metadata: [],
    valuePrefix: '',
    upsert: false,
  })
  const numPartitions = topic.numPartitions ?? parallelism
  const partitions: MemoryPartition[] = []
  for (let p = subtask; p < numPartitions; p += parallelism) partitions.push(new MemoryPartition(topic, p))
  if (partitions.length === 0) return nothingToRead
  const run = new RecordRun(batchRows, columnMemory(), true)
  const name = Buffer.from('t')
  const responses = new ResponsePool()
  let turn = 0
  /** The next partition, in turn, that has something. */
  const nextPartition = (): MemoryPartition | null => {
    for (let n = 0; n < partitions.length; n++) {
      turn = turn + 1 < partitions.length ? turn + 1 : 0
      const partition = partitions[turn]!
      if (partition.cursor.hasData || partition.fetch(responses, numPartitions)) return partition
    }
    return null
  }
  return {
    poll() {
      const partition = nextPartition()
      if (partition === null) return null
      const { cursor } = partition
      assembler.begin()
      run.length = 0
      const origin = { topic: name, partition: cursor.partition, header: cursor.decoder.header }
      const empty = () => {
        assembler.append(run, cursor, origin)
        run.length = 0
      }
      cursor.read(run, () => assembler.room, empty, false)
      if (run.length > 0) empty()
      cursor.releaseUsed()
      return { split: cursor.split, batch: assembler.batch }
    },
    ready: () => Promise.resolve(),
    get finished() {
      return partitions.every(({ finished }) => finished)
    },
    // Splits only ever finish.
    splitsRevision: 0,
    splits: () =>
      partitions.map(({ cursor, finished }) => ({
        split: cursor.split,
        caughtUp: false,
        neverHeldRecords: false,
        finished,
        lag: 0,
      })),
    snapshot: () => [],
    close() {
      responses.close()
      run.release()
      assembler.close()
      return Promise.resolve()
    },
  }
}

class MemoryPartition {
  readonly cursor: PartitionCursor
  readonly #topic: BatchSource
  #next: number
  #offset = 0
  #isRead = false

  constructor(topic: BatchSource, partition: number) {
    this.#topic = topic
    this.#next = partition
    const position = { topic: 't', partition, offset: 0, stop: null, topicId: '' }
    this.cursor = new PartitionCursor(position, false, true, false)
  }

  get finished(): boolean {
    return this.#isRead && !this.cursor.hasData
  }

  /**
   * As the socket's reader does: an answer of whole batches, about as many as Kafka gives of a partition, is copied into
   * a response's buffer, which is freed when it is used up. Offsets are written here, as a broker does: a source may
   * give the same batch again.
   */
  fetch(responses: ResponsePool, numPartitions: number): boolean {
    let batch = this.#topic.batches.at(this.#next)
    this.#isRead = batch === undefined
    if (batch === undefined) return false
    // The batches of a topic are of about one size.
    const buffer = responses.allocate(FETCH_BYTES + 2 * batch.length)
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
    let end = 0
    while (batch !== undefined) {
      buffer.set(batch, end)
      view.setBigInt64(end, BigInt(this.#offset))
      this.#offset += view.getInt32(end + LAST_OFFSET_DELTA) + 1
      end += batch.length
      this.#next += numPartitions
      if (end >= FETCH_BYTES) break
      batch = this.#topic.batches.at(this.#next)
      this.#isRead = batch === undefined
    }
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
    const answer = {
      topic: 't',
      partition: this.cursor.partition,
      code: 0,
      highWatermark: this.#topic.numRecords,
      lastStableOffset: -1,
      logStartOffset: 0,
      aborted: [],
      bytes,
      start: 0,
      end,
    }
    this.cursor.fetched(answer, { numChunks: 0, free: () => responses.recycle(bytes) })
    return true
  }
}

function createWriter(
  request: Parameters<NonNullable<Connector['createSink']>>[0],
  sink: SinkStatistics,
): SinkWriter {
  const encoder = jsonFormat.createEncoder(
    request.columns,
    request.columns.map((_, i) => i),
    { options: {}, timeZone: 'UTC' },
  )
  const builder = new RecordBatchBuilder(BATCH_BYTES * 2)
  const kernels = kernelsOrNull()
  const framer = kernels === null ? null : new RecordFramer(kernels)
  const noKey = new Uint8Array(0)
  const seal = () => {
    if (builder.isEmpty) return
    sink.numBytes += builder.seal({
      producerId: 1,
      producerEpoch: 0,
      baseSequence: 0,
      transactional: true,
      compression: 'none',
    }).length
    builder.reset()
  }
  return {
    write(batch) {
      const values = encoder.encodeRows?.(batch) ?? null
      if (framer !== null && values !== null) {
        const run = { values, keys: null, timestamp: 1_700_000_000_000 }
        for (let row = 0; row < batch.length; ) {
          row = framer.append(builder, run, null, row, batch.length, BATCH_BYTES, BATCH_BYTES * 2)
          if (builder.length >= BATCH_BYTES) seal()
        }
        sink.numRows += batch.length
        return
      }
      for (let row = 0; row < batch.length; row++) {
        builder.begin(1_700_000_000_000, noKey, -1, -1)
        encoder.encode(batch, row, builder)
        builder.end()
        if (builder.length > BATCH_BYTES) seal()
      }
      sink.numRows += batch.length
    },
    ready: () => null,
    flush: () => Promise.resolve(),
    finish() {
      seal()
      return Promise.resolve()
    },
    close() {
      encoder.close?.()
      framer?.release()
      return Promise.resolve()
    },
  }
}
