/** Writers and transaction groups on a broker, without the runtime: tests play the coordinator. */
import type {
  JobContext,
  PreparedTransaction,
  RecoveryRequest,
  SinkWriter,
} from '../../src/connectors/contract/index.ts'
import { KafkaSink } from '../../src/connectors/kafka/sink/kafka-sink.ts'
import type { RecordLayout, SinkConfig } from '../../src/connectors/kafka/sink/sink-config.ts'
import type { TransactionGroup } from '../../src/connectors/kafka/transaction/transaction-group.ts'
import { BatchBuilder, type BytesColumn, stringType } from '../../src/types/index.ts'
import { testJob, textFormat } from './kafka-job.ts'
import { testConnection } from './kafka-topics.ts'

/** Rows of (key, value) strings; the value column is written as it is. */
export function rowsOf(
  rows: readonly (readonly [key: string, value: string])[],
  kinds?: readonly number[],
): BatchBuilder {
  const builder = new BatchBuilder([stringType(), stringType()])
  rows.forEach(([key, value], i) => {
    const row = builder.addRow(kinds?.[i] ?? 0)
    const bytes = [Buffer.from(key), Buffer.from(value)]
    for (const [c, column] of builder.columns.entries())
      (column as BytesColumn).append(row, bytes[c]!, 0, bytes[c]!.length)
  })
  return builder
}

const context = { options: {}, timeZone: 'UTC' }
const fields = [{ name: 'f', type: stringType() }]

export const keyedLayout: RecordLayout = {
  createKeyEncoder: () => textFormat.createEncoder(fields, [0], context),
  createValueEncoder: () => textFormat.createEncoder(fields, [1], context),
  timestampColumn: -1,
  topicColumn: -1,
  headersColumn: -1,
  headerListColumn: -1,
}

export const keylessLayout: RecordLayout = { ...keyedLayout, createKeyEncoder: () => null }

export const sinkConfig = (
  bootstrap: string,
  topic: string,
  overrides: Partial<SinkConfig> = {},
): SinkConfig => ({
  tableName: 'out',
  connection: testConnection(bootstrap),
  topics: [topic],
  topicPattern: null,
  guarantee: 'exactly-once',
  transactionalIdPrefix: `p-${topic}`,
  transactionTimeoutMs: 60_000,
  produce: {
    acks: -1,
    idempotent: true,
    compression: 'none',
    batchSize: 16_384,
    maxRequestSize: 1_048_576,
    lingerMs: 2,
    bufferMemory: 32 * 1024 * 1024,
    requestTimeoutMs: 10_000,
    deliveryTimeoutMs: 30_000,
  },
  partitioner: 'default',
  upsert: false,
  bufferFlushRows: 0,
  bufferFlushMs: 0,
  ...overrides,
})

export interface Attempt {
  readonly job: ReturnType<typeof testJob>
  readonly sink: KafkaSink
  readonly group: TransactionGroup
  writer(subtask?: number): Promise<SinkWriter>
  /** Ends the process's part without aborting anything, as `kill -9` would. */
  die(): Promise<void>
}

/** One start of a job with one exactly-once sink; nothing is recovered yet. */
export function attempt(
  config: SinkConfig,
  overrides: Partial<JobContext> = {},
  layout = keyedLayout,
): Attempt {
  const job = testJob(overrides)
  const sink = new KafkaSink(config, layout, job)
  return {
    job,
    sink,
    group: sink.committer as TransactionGroup,
    writer: (subtask = 0) => sink.createWriter({ subtask, parallelism: 1 }),
    die: async () => {
      await sink.close()
      await job.close()
    },
  }
}

export const recovery = (overrides: Partial<RecoveryRequest> = {}): RecoveryRequest => ({
  jobId: 'job-a',
  writtenBy: overrides.jobId ?? 'job-a',
  incarnation: 1,
  prepared: [],
  newestCheckpoint: 0,
  lastConfirmed: 0,
  mayTakeOver: false,
  fresh: true,
  explicit: false,
  claimed: overrides.fresh === false,
  ...overrides,
})

/** Recovered from nothing and begun. */
export async function startFresh(
  config: SinkConfig,
  overrides: Partial<JobContext> = {},
): Promise<Attempt & { main: SinkWriter }> {
  const started = attempt(config, overrides)
  await started.group.recover(recovery())
  await started.group.begin(1)
  return { ...started, main: await started.writer() }
}

/** Flush and prepare one checkpoint; as stored in a manifest and read back. */
export async function prepare(
  group: TransactionGroup,
  writers: readonly SinkWriter[],
  id: number,
): Promise<PreparedTransaction[]> {
  await Promise.all(writers.map(writer => writer.flush(id)))
  return JSON.parse(JSON.stringify(await group.prepare(id)))
}
