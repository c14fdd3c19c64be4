/** Joins options, formats and columns into the sink of a table. */
import { configError, internalError } from '../../errors/index.ts'
import type { Encoder } from '../../formats/format.ts'
import type { JobContext, Sink, SinkRequest } from '../contract/index.ts'
import { type RecordField, recordFields } from './options/record-fields.ts'
import { sinkConfig } from './options/sink-options.ts'
import { type FormatUse, problem, readTable } from './options/table-options.ts'
import { KafkaSink } from './sink/kafka-sink.ts'
import type { RecordLayout } from './sink/sink-config.ts'
import { effectiveTimeouts } from './transaction/timeouts.ts'

export function createKafkaSink(request: SinkRequest, job: JobContext, upsert: boolean): Sink {
  const table = readTable(request.table, upsert, name => job.findFormat(name))
  const config = sinkConfig(table, job.jobName)
  if (table.ignored.length > 0)
    job.logger.info('options without effect', { table: table.name, options: table.ignored })
  if (config.guarantee === 'exactly-once') checkCheckpointing(config.transactionTimeoutMs, table.name, job)
  const fields = recordFields(request.table, table)
  const physical = (name: string): number =>
    request.columns.findIndex(c => c.kind === 'physical' && c.name === name)
  const metadata = (key: string): number =>
    request.columns.findIndex(c => c.kind === 'metadata' && c.name === key)
  const encoderOf = (use: FormatUse, list: readonly RecordField[]): Encoder => {
    const positions = list.map(({ column }) => {
      const position = physical(column)
      if (position < 0) throw internalError(`the rows for table '${table.name}' have no column '${column}'`)
      return position
    })
    return use.format.createEncoder(list, positions, { options: use.options, timeZone: job.timeZone })
  }
  const topicColumn = metadata('topic')
  if (topicColumn < 0 && (config.topics === null || config.topics.length > 1)) {
    throw problem(
      table,
      'writes to several topics but has no writable metadata column for the topic',
      'Add a column such as `topic` STRING METADATA, or name a single topic.',
    )
  }
  const headersColumn = metadata('headers')
  const headerListColumn = metadata('header-list')
  if (headersColumn >= 0 && headerListColumn >= 0)
    throw problem(table, "writes both 'headers' and 'header-list'", 'Make one of the columns VIRTUAL.')
  const { key, value } = table
  const layout: RecordLayout = {
    createKeyEncoder: () => (key === null ? null : encoderOf(key, fields.key)),
    createValueEncoder: () => encoderOf(value, fields.value),
    timestampColumn: metadata('timestamp'),
    topicColumn,
    headersColumn,
    headerListColumn,
  }
  return new KafkaSink(config, layout, job)
}

function checkCheckpointing(transactionTimeoutMs: number, table: string, job: JobContext): void {
  const { checkpointIntervalMs, checkpointTimeoutMs } = job
  if (checkpointIntervalMs === 0) {
    throw configError(
      'MR_KAFKA_NO_CHECKPOINTS',
      `table '${table}' is exactly-once, but checkpointing is off: nothing would ever be committed`,
      { hint: "SET 'execution.checkpointing.interval' = '5 s'." },
    )
  }
  effectiveTimeouts({ checkpointIntervalMs, checkpointTimeoutMs, transactionTimeoutMs })
}
