/**
 * The kafka connector without sockets, for engine-alone benchmarks: real record batches from memory go through the
 * engine's own cursor, record decoder and format, and its own encoder seals the sink's batches.
 */
import type { Connector, SinkWriter, SourceReader } from '../src/connectors/contract/index.ts'
import { kafkaConnector } from '../src/connectors/kafka/kafka-connector.ts'
import { RecordBatchBuilder } from '../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordRun } from '../src/connectors/kafka/records/record-run.ts'
import { RecordFramer } from '../src/connectors/kafka/sink/record-framer.ts'
import { PartitionCursor } from '../src/connectors/kafka/source/partition-cursor.ts'
import { RowAssembler } from '../src/connectors/kafka/source/row-assembler.ts'
import { ResponsePool } from '../src/connectors/kafka/transport/response-pool.ts'
import { jsonFormat } from '../src/formats/json/index.ts'
import { BATCH_ROWS, createColumnFor } from '../src/types/index.ts'
import { columnMemory } from '../src/wasm/arena-memory.ts'
import { kernelsOrNull } from '../src/wasm/kernels.ts'

const BATCH_BYTES = 512 * 1024

export interface InMemoryTopic {
  readonly batches: readonly Uint8Array[]
  /** Of each batch. */
  readonly recordsPerBatch: readonly number[]
  readonly numRecords: number
}

export interface SinkStatistics {
  numRows: number
  numBytes: number
}

export function inMemoryKafka(topic: InMemoryTopic, sink: SinkStatistics): Connector {
  return {
    ...kafkaConnector,
    createSource(request) {
      return {
        initialSplits: () => Promise.resolve([{ split: 't/0', position: 0 }]),
        createReader: ({ subtask, parallelism }) =>
          Promise.resolve(createReader(shareOf(topic, subtask, parallelism), request)),
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

/** Every subtask has a partition: each `parallelism`-th batch. */
function shareOf({ batches, recordsPerBatch }: InMemoryTopic, subtask: number, parallelism: number): Share {
  const own = batches.filter((_, i) => i % parallelism === subtask)
  const sizes = recordsPerBatch.filter((_, i) => i % parallelism === subtask)
  return { batches: own, numRecords: sizes.reduce((sum, size) => sum + size, 0) }
}

interface Share {
  readonly batches: readonly Uint8Array[]
  readonly numRecords: number
}

function createReader(
  topic: Share,
  request: Parameters<NonNullable<Connector['createSource']>>[0],
): SourceReader {
  const fields = request.table.schema.columns.flatMap(column => (column.kind === 'physical' ? [column] : []))
  const columns = request.columns.map(({ type }) => createColumnFor(type, BATCH_ROWS, columnMemory()))
  const wanted = request.columns.map(({ name }) => fields.findIndex(field => field.name === name))
  const assembler = new RowAssembler({
    columns,
    valueColumns: columns,
    valueDecoder: jsonFormat.createDecoder({ fields, wanted }, { options: {}, timeZone: 'UTC' }),
    keyDecoder: null,
    keyColumns: [],
    metadata: [],
    valuePrefix: '',
    upsert: false,
  })
  const cursor = new PartitionCursor(
    { topic: 't', partition: 0, offset: 0, stop: null, topicId: '' },
    false,
    true,
    false,
  )
  const run = new RecordRun(BATCH_ROWS, columnMemory(), true)
  const name = Buffer.from('t')
  let next = 0
  let offset = 0
  const responses = new ResponsePool()
  /** As the socket's reader does: the batch is copied into a response's buffer, which is freed when it is used up. */
  const fetch = (): boolean => {
    const batch = topic.batches[next]
    if (batch === undefined) return false
    next++
    const buffer = responses.allocate(batch.length)
    buffer.set(batch)
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
    const answer = {
      topic: 't',
      partition: 0,
      code: 0,
      highWatermark: topic.numRecords,
      lastStableOffset: -1,
      logStartOffset: 0,
      aborted: [],
      bytes,
      start: 0,
      end: bytes.length,
    }
    cursor.fetched(answer, { numChunks: 0, free: () => responses.recycle(bytes) })
    return true
  }
  return {
    poll() {
      if (!cursor.hasData && !fetch()) return null
      assembler.begin()
      run.length = 0
      const origin = { topic: name, partition: 0, header: cursor.decoder.header }
      const empty = () => {
        assembler.append(run, cursor, origin)
        run.length = 0
      }
      cursor.read(run, () => assembler.room, empty, false)
      if (run.length > 0) empty()
      cursor.releaseUsed()
      offset += assembler.numRows
      return { split: 't/0', batch: assembler.batch }
    },
    ready: () => Promise.resolve(),
    get finished() {
      return offset === topic.numRecords
    },
    splits: () => [
      {
        split: 't/0',
        caughtUp: false,
        neverHeldRecords: false,
        finished: offset === topic.numRecords,
        lag: 0,
      },
    ],
    snapshot: () => [],
    close() {
      responses.close()
      run.release()
      assembler.close()
      return Promise.resolve()
    },
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
