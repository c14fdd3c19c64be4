import type { CatalogObject, CatalogTable, TableColumn } from '../../catalog/index.ts'
import { validationError } from '../../errors/index.ts'
import type { Describe } from '../../parser/index.ts'
import { typeToString, withNullable } from '../../types/index.ts'
import type { StatementResult } from '../statement-result.ts'
import { namesOf } from './create-drop.ts'
import type { ExecutionContext } from './execution-context.ts'

/** Flink's columns of DESCRIBE. */
export const describeColumns = ['name', 'type', 'null', 'key', 'extras', 'watermark'] as const

export function describe(statement: Describe, { session }: ExecutionContext): StatementResult {
  if (statement.object !== 'TABLE') {
    throw validationError('MR_STATEMENT_UNSUPPORTED', `DESCRIBE ${statement.object} is not supported`, {
      position: statement.position,
      hint: 'DESCRIBE a table or view',
    })
  }
  const object = session.catalog.get(session.catalog.resolvePath(namesOf(statement.name)))
  return { kind: 'table', columns: describeColumns, rows: describeRows(object) }
}

export function describeRows(object: CatalogObject): readonly (readonly (string | null)[])[] {
  if (object.kind === 'table') return object.schema.columns.map(column => describeColumn(column, object))
  return object.columns.map(({ name, type, timeAttribute }) => [
    name,
    typeToString(withNullable(type, true)) + mark(timeAttribute === 'rowtime', timeAttribute === 'proctime'),
    String(type.nullable).toUpperCase(),
    null,
    null,
    null,
  ])
}

const mark = (isRowtime: boolean, isProctime: boolean) =>
  isRowtime ? ' *ROWTIME*' : isProctime ? ' *PROCTIME*' : ''

function describeColumn(column: TableColumn, { schema }: CatalogTable): readonly (string | null)[] {
  const isRowtime = schema.watermark?.column === column.name
  const isProctime = column.kind === 'computed' && /^PROCTIME\(\)$/i.test(column.expression)
  const isKey = schema.primaryKey?.columns.includes(column.name) === true
  return [
    column.name,
    typeToString(withNullable(column.type, true)) + mark(isRowtime, isProctime),
    String(column.type.nullable).toUpperCase(),
    isKey ? `PRI(${schema.primaryKey!.columns.join(', ')})` : null,
    extrasOf(column),
    isRowtime ? schema.watermark!.expression : null,
  ]
}

function extrasOf(column: TableColumn): string | null {
  switch (column.kind) {
    case 'physical':
      return null
    case 'metadata':
      return `METADATA${column.key === column.name ? '' : ` FROM '${column.key}'`}${column.virtual ? ' VIRTUAL' : ''}`
    case 'computed':
      return `AS ${column.expression}`
  }
}
