/**
 * A catalog table read by a query → Scan: physical and metadata columns are what the connector gives, computed
 * columns and the watermark are expressions over them.
 */
import type { CatalogTable, SourceCapabilities, TableCapabilities } from '../../catalog/index.ts'
import { type OptionValues, pathToString, splitTableOptions } from '../../catalog/index.ts'
import { nearestName, type SourcePosition, validationError } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { parseExpression } from '../../parser/index.ts'
import type { LogicalType } from '../../types/index.ts'
import { castTo, inputRef } from '../expression-rewrite.ts'
import { field, type Scan, scan } from '../logical/index.ts'
import type { OutputField, ScanColumn, ScanWatermark } from '../plan-graph/plan-graph.ts'
import { at, bindError } from './bind-error.ts'
import { bindExpression, type ExpressionSite } from './bind-expression.ts'
import type { Environment } from './environment.ts'
import { accessPath } from './field-access.ts'

/** What the connector can do with this table, asked with the options in force. */
export function capabilitiesOf(
  table: CatalogTable,
  environment: Environment,
  position: SourcePosition,
): TableCapabilities {
  return at(position, () =>
    environment.findCapabilities({
      name: pathToString(table.path),
      options: splitTableOptions(table.options).connector,
      schema: table.schema,
    }),
  )
}

export function bindTable(table: CatalogTable, environment: Environment, position: SourcePosition): Scan {
  const { source } = capabilitiesOf(table, environment, position)
  if (source === undefined) {
    throw bindError(
      'MR_BIND_NOT_READABLE',
      `table '${table.path[2]}' cannot be read: its connector '${table.options['connector']}' is a sink only`,
      position,
    )
  }
  checkUpsertKey(table, source, position)
  const columns = scanColumns(table, source)
  const values = at(position, () => columnValues(table, columns))
  const { watermark } = table.schema
  const expression =
    watermark === undefined ? null : at(position, () => bindStored(watermark.expression, values, 'WATERMARK'))
  const output = table.schema.columns.map((column, i) => outputField(table, column.name, values[i]!.e))
  const options = splitTableOptions(table.options)
  return scan({
    table: { path: table.path, options: options.connector, schema: table.schema },
    identity: JSON.stringify([table.path, table.options]),
    columns: columns.map(c => c.column),
    watermark: expression === null ? null : scanWatermark(expression, options.watermark, environment),
    condition: null,
    projections: values.map(v => v.e),
    source: { bounded: source.bounded, changelogMode: source.changelogMode },
    output,
  })
}

function checkUpsertKey(table: CatalogTable, source: SourceCapabilities, position: SourcePosition): void {
  if (source.changelogMode !== 'upsert' || table.schema.primaryKey !== undefined) return
  throw bindError(
    'MR_BIND_UPSERT_SOURCE',
    `table '${table.path[2]}' is read as updates by key but has no PRIMARY KEY`,
    position,
    { hint: 'declare PRIMARY KEY (…) NOT ENFORCED in its CREATE TABLE' },
  )
}

interface NamedColumn {
  readonly name: string
  readonly column: ScanColumn
  /** The declared type; metadata is cast to it. */
  readonly type: LogicalType
}

function scanColumns(table: CatalogTable, source: SourceCapabilities): readonly NamedColumn[] {
  return table.schema.columns.flatMap((column): NamedColumn[] => {
    if (column.kind === 'computed') return []
    const { name, type } = column
    if (column.kind === 'physical') return [{ name, type, column: { kind: 'physical', name, type } }]
    const known = source.metadata.find(m => m.key === column.key)
    if (known === undefined) throw unknownMetadata(column.key, source)
    return [{ name, type, column: { kind: 'metadata', key: column.key, type: known.type } }]
  })
}

const unknownMetadata = (key: string, source: SourceCapabilities) => {
  const keys = source.metadata.map(m => m.key)
  return validationError('MR_BIND_UNKNOWN_METADATA', `the connector has no metadata '${key}' to read`, {
    nearest: nearestName(key, keys),
    expected: keys,
  })
}

interface NamedValue {
  readonly name: string
  readonly e: BoundExpression
}

/** One value per column of the schema, in its order; computed columns may use all others but each other. */
function columnValues(table: CatalogTable, columns: readonly NamedColumn[]): readonly NamedValue[] {
  const given = columns.map(
    (c, i): NamedValue => ({ name: c.name, e: castTo(inputRef(i, c.column.type), c.type) }),
  )
  return table.schema.columns.map(column => {
    if (column.kind !== 'computed') return given.find(g => g.name === column.name)!
    return { name: column.name, e: bindStored(column.expression, given, `the column '${column.name}'`) }
  })
}

/** Binds an expression of a schema, which is kept as SQL text, over the values of its columns. */
export function bindStored(text: string, values: readonly NamedValue[], clause: string): BoundExpression {
  return bindExpression(parseExpression({ text, name: clause }), schemaSite(values, clause))
}

/** Where computed columns and watermarks stand: the table's columns by name. */
export function schemaSite(values: readonly NamedValue[], clause: string): ExpressionSite {
  return {
    clause,
    column: reference => {
      const name = reference.path[0].name
      const found = values.find(v => v.name === name)
      if (found !== undefined) return accessPath(found.e, reference.path.slice(1))
      throw bindError(
        'MR_BIND_UNKNOWN_COLUMN',
        `there is no column '${name}' for ${clause}`,
        reference.position,
        {
          nearest: nearestName(
            name,
            values.map(v => v.name),
          ),
          expected: values.map(v => v.name),
        },
      )
    },
  }
}

function outputField(table: CatalogTable, name: string, e: BoundExpression): OutputField {
  if (table.schema.watermark?.column === name) return field(name, e.type, 'rowtime')
  if (e.kind === 'Call' && e.function === 'PROCTIME') return field(name, e.type, 'proctime')
  return field(name, e.type)
}

function scanWatermark(
  expression: BoundExpression,
  options: OptionValues,
  { config }: Environment,
): ScanWatermark {
  const idleTimeoutMs =
    options.optionalDuration('scan.watermark.idle-timeout') ??
    config.durationMs('table.exec.source.idle-timeout')
  const onEvent = options.string('scan.watermark.emit.strategy') === 'on-event'
  return { expression, idleTimeoutMs, emit: onEvent ? 'on-event' : 'on-periodic' }
}
