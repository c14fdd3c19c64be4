/** Tables, job contexts and loops for tests that drive one connector without the runtime. */
import type {
  Connector,
  JobContext,
  SinkRequest,
  SourceReader,
  SourceRequest,
  SplitState,
  TableDefinition,
} from '../../src/connectors/contract/index.ts'
import { findFormat } from '../../src/formats/index.ts'
import { silentLogger } from '../../src/logger/logger.ts'
import {
  BatchBuilder,
  fromJsValue,
  type JsRow,
  type LogicalType,
  rowKindNames,
  rowToJs,
  writePlain,
} from '../../src/types/index.ts'

export type Columns = Readonly<Record<string, LogicalType>>

export function tableOf(options: Readonly<Record<string, string>>, columns: Columns): TableDefinition {
  return {
    name: 'T',
    options,
    schema: {
      columns: Object.entries(columns).map(([name, type]) => ({ kind: 'physical', name, type })),
    },
  }
}

export function sourceRequest(table: TableDefinition, names?: readonly string[]): SourceRequest {
  const columns = table.schema.columns
    .filter(column => names === undefined || names.includes(column.name))
    .map(({ name, type }) => ({ kind: 'physical' as const, name, type }))
  return { table, columns, id: 'scan' }
}

export function sinkRequest(table: TableDefinition, updating = false): SinkRequest {
  const columns = table.schema.columns.map(({ name, type }) => ({ kind: 'physical' as const, name, type }))
  return { table, columns, primaryKey: null, updating }
}

export function jobContext(overrides: Partial<JobContext> = {}): JobContext {
  const shared = new Map<string, { close(): Promise<void> }>()
  return {
    jobName: 'job',
    timeZone: 'UTC',
    logger: silentLogger,
    checkpointIntervalMs: 0,
    checkpointTimeoutMs: 600_000,
    config: {},
    findFormat,
    shared: <T extends { close(): Promise<void> }>(key: string, create: () => T) => {
      if (!shared.has(key)) shared.set(key, create())
      return shared.get(key) as T
    },
    checkLease: async () => {},
    fail: error => {
      throw error
    },
    ...overrides,
  }
}

/** One step of a source: a change, or a watermark. */
export type Step =
  | { readonly kind: string; readonly split: string; readonly row: JsRow }
  | { readonly watermark: number }

/** Polls until the reader is finished, or until `limit` rows came. */
export async function drain(
  reader: SourceReader,
  columns: SourceRequest['columns'],
  limit = Number.POSITIVE_INFINITY,
): Promise<Step[]> {
  const steps: Step[] = []
  let numRows = 0
  while (numRows < limit) {
    const next = reader.poll()
    if (next === null) {
      if (reader.finished) break
      await reader.ready()
      continue
    }
    const { batch } = next
    for (let row = 0; row < batch.length; row++) {
      steps.push({
        kind: rowKindNames[batch.kinds?.[row] ?? 0]!,
        split: next.split,
        row: rowToJs(batch, row, columns),
      })
    }
    numRows += batch.length
    if (next.watermark !== undefined) steps.push({ watermark: next.watermark })
  }
  return steps
}

export const rowsOf = (steps: readonly Step[]): JsRow[] =>
  steps.flatMap(step => ('row' in step ? [step.row] : []))

/** Reads a whole bounded table with one subtask, or goes on from a snapshot. */
export async function readAll(
  connector: Connector,
  request: SourceRequest,
  restored: readonly SplitState[] | null = null,
): Promise<JsRow[]> {
  const source = connector.createSource!(request, jobContext())
  const reader = await source.createReader({
    subtask: 0,
    parallelism: 1,
    restored: restored ?? (await source.initialSplits()),
  })
  try {
    return rowsOf(await drain(reader, request.columns))
  } finally {
    await reader.close()
    await source.close()
  }
}

/** A batch of rows given as JavaScript values in column order. */
export function batchOf(
  types: readonly LogicalType[],
  rows: readonly (readonly unknown[])[],
  kinds: readonly number[] = [],
): BatchBuilder {
  const batch = new BatchBuilder(types, Math.max(1, rows.length))
  rows.forEach((values, i) => {
    const row = batch.addRow(kinds[i] ?? 0)
    types.forEach((type, c) => {
      writePlain(batch.columns[c]!, row, fromJsValue(values[c], type))
    })
  })
  return batch
}
