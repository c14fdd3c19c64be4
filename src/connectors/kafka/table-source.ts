/** Joins options, formats and columns into the source of a table. */
import { internalError } from '../../errors/index.ts'
import type { FormatField } from '../../formats/format.ts'
import { batchRowsOf, type Column, createColumnFor } from '../../types/index.ts'
import { columnMemory } from '../../wasm/arena-memory.ts'
import type { JobContext, Source, SourceRequest } from '../contract/index.ts'
import { recordFields } from './options/record-fields.ts'
import { sourceConfig } from './options/source-options.ts'
import { type FormatUse, readTable } from './options/table-options.ts'
import { KafkaSource } from './source/kafka-source.ts'
import { type MetadataTarget, type ReadableKey, readableKeys } from './source/metadata-columns.ts'
import type { RowLayout } from './source/row-assembler.ts'

export function createKafkaSource(request: SourceRequest, job: JobContext, upsert: boolean): Source {
  const table = readTable(request.table, upsert, name => job.findFormat(name))
  const config = sourceConfig(table, job.jobName)
  if (table.ignored.length > 0)
    job.logger.info('options without effect', { table: table.name, options: table.ignored })
  const fields = recordFields(request.table, table)
  const decoderOf = (use: FormatUse, all: readonly FormatField[], wanted: readonly number[]) =>
    use.format.createDecoder({ fields: all, wanted }, { options: use.options, timeZone: job.timeZone })

  const createLayout = (): RowLayout => {
    const memory = columnMemory()
    const batchRows = batchRowsOf(request.columns.map(({ type }) => type))
    const columns: Column[] = []
    const valueColumns: Column[] = []
    const valueWanted: number[] = []
    const keyColumns: Column[] = []
    const keyWanted: number[] = []
    const metadata: MetadataTarget[] = []
    for (const { kind, name, type } of request.columns) {
      const column = createColumnFor(type, batchRows, memory)
      columns.push(column)
      if (kind === 'metadata') {
        metadata.push({ key: readableKey(name), column })
        continue
      }
      const inValue = fields.value.findIndex(field => field.column === name)
      const inKey = fields.key.findIndex(field => field.column === name)
      // As in Flink the value wins where both have the column; a delete of upsert-kafka has only the key.
      if (inKey >= 0 && (inValue < 0 || upsert)) {
        keyWanted.push(inKey)
        keyColumns.push(column)
      } else if (inValue >= 0) {
        valueWanted.push(inValue)
        valueColumns.push(column)
      } else throw internalError(`table '${table.name}' has no physical column '${name}'`)
    }
    return {
      columns,
      batchRows,
      valueColumns,
      valueDecoder: decoderOf(table.value, fields.value, valueWanted),
      keyColumns,
      keyDecoder:
        keyColumns.length === 0 || table.key === null ? null : decoderOf(table.key, fields.key, keyWanted),
      metadata,
      valuePrefix: table.value.prefix === 'value.' ? 'value.' : '',
      upsert,
    }
  }
  return new KafkaSource(config, createLayout, job)
}

function readableKey(name: string): ReadableKey {
  const key = readableKeys.find(candidate => candidate === name)
  if (key === undefined) throw internalError(`a Kafka table has no metadata key '${name}'`)
  return key
}
