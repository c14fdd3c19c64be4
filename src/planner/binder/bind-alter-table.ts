/**
 * ALTER TABLE: the table is written out as definitions again, changed, and bound like a CREATE TABLE, so that every
 * rule of CREATE TABLE holds afterwards. Nothing is written here: the session puts the result into the catalog.
 */
import type { CatalogTable } from '../../catalog/index.ts'
import { assertNever, nearestName, type SourcePosition } from '../../errors/index.ts'
import type {
  AlterTable,
  AlterTableAction,
  ColumnDefinition,
  Identifier,
  Property,
  QualifiedName,
  StringLiteral,
} from '../../parser/index.ts'
import { bindSchema } from './bind-create-table.ts'
import { at, bindError, unsupported } from './bind-error.ts'
import type { Environment } from './environment.ts'
import { type Definitions, definitionsOf } from './table-definitions.ts'

/** The table after the change; its path differs after RENAME TO. */
export function bindAlterTable(statement: AlterTable, environment: Environment): CatalogTable {
  const position = statement.name[0].position
  const table = alteredTable(statement, environment)
  const { action } = statement
  switch (action.kind) {
    case 'RenameTable': {
      const names = action.to.map(part => part.name)
      const path = at(action.to[0].position, () =>
        environment.catalog.resolvePath(names, [table.path[0], table.path[1]]),
      )
      return { ...table, path }
    }
    case 'SetOptions':
      return { ...table, options: setOptions(table, action.options) }
    case 'ResetOptions':
      return { ...table, options: resetOptions(table, action.keys, position) }
    case 'AddPartitions':
    case 'DropPartitions':
      throw unsupported(
        'ALTER TABLE … PARTITION is not supported',
        position,
        'partitions are found by their folders',
      )
    default: {
      const changed = change(definitionsOf(table, position), action, position)
      return { ...table, schema: bindSchema({ ...changed, name: statement.name }, undefined) }
    }
  }
}

function alteredTable(statement: AlterTable, environment: Environment): CatalogTable {
  const position = statement.name[0].position
  const object = at(position, () => {
    const names = statement.name.map(part => part.name)
    return environment.catalog.get(environment.catalog.resolvePath(names, environment.database))
  })
  if (object.kind === 'table') return object
  throw bindError('MR_BIND_ALTER', `'${object.path[2]}' is a view`, position, { hint: 'use ALTER VIEW' })
}

function setOptions(table: CatalogTable, options: readonly Property[]): CatalogTable['options'] {
  return { ...table.options, ...Object.fromEntries(options.map(o => [o.key.value, o.value.value])) }
}

function resetOptions(
  table: CatalogTable,
  keys: readonly StringLiteral[],
  position: SourcePosition,
): CatalogTable['options'] {
  if (keys.length === 0) throw bindError('MR_BIND_ALTER', 'RESET needs at least one key', position)
  const left: Record<string, string> = { ...table.options }
  for (const { value, position: where } of keys) {
    if (value === 'connector') {
      throw bindError('MR_BIND_ALTER', "'connector' cannot be reset", where, {
        hint: 'drop the table and create it anew',
      })
    }
    delete left[value]
  }
  return left
}

type SchemaAction = Exclude<
  AlterTableAction,
  {
    kind: 'RenameTable' | 'SetOptions' | 'ResetOptions' | 'AddPartitions' | 'DropPartitions'
  }
>

function change(table: Definitions, action: SchemaAction, position: SourcePosition): Definitions {
  switch (action.kind) {
    case 'Add':
    case 'Modify':
      return addOrModify(table, action)
    case 'RenameColumn':
      return renameColumn(table, topLevel(action.from), action.to)
    case 'DropColumns': {
      const names = action.columns.map(topLevel)
      for (const name of names) placeOf(table, name)
      const dropped = new Set(names.map(name => name.name))
      return { ...table, columns: table.columns.filter(c => !dropped.has(c.name.name)) }
    }
    case 'DropWatermark':
      if (table.watermarks.length > 0) return { ...table, watermarks: [] }
      throw bindError('MR_BIND_ALTER', 'the table has no WATERMARK', position)
    case 'DropPrimaryKey':
      if (table.primaryKeys.length > 0) return { ...table, primaryKeys: [] }
      throw bindError('MR_BIND_ALTER', 'the table has no PRIMARY KEY', position)
    case 'DropDistribution':
      throw unsupported(
        'tables have no distribution',
        position,
        'the PRIMARY KEY or key.fields decides the partition',
      )
    case 'DropConstraint': {
      const left = table.primaryKeys.filter(key => key.name?.name !== action.name.name)
      if (left.length < table.primaryKeys.length) return { ...table, primaryKeys: left }
      throw bindError(
        'MR_BIND_ALTER',
        `the table has no constraint '${action.name.name}'`,
        action.name.position,
      )
    }
    default:
      return assertNever(action, 'ALTER TABLE action')
  }
}

function addOrModify(
  table: Definitions,
  action: SchemaAction & { readonly kind: 'Add' | 'Modify' },
): Definitions {
  if (action.distribution !== undefined) {
    throw unsupported('DISTRIBUTED BY is not supported', action.distribution.position, 'leave it out')
  }
  const adds = action.kind === 'Add'
  const columns = [...table.columns]
  for (const { definition, place } of action.columns) {
    const known = columns.findIndex(c => c.name.name === definition.name.name)
    if (adds && known >= 0) {
      throw bindError(
        'MR_BIND_DUPLICATE_COLUMN',
        `the table has a column '${definition.name.name}' already`,
        definition.name.position,
        {
          hint: 'use MODIFY to change it',
        },
      )
    }
    if (!adds) placeOf({ ...table, columns }, definition.name)
    if (known >= 0) columns.splice(known, 1)
    const before = known >= 0 ? known : columns.length
    columns.splice(newPlace(columns, place, before), 0, definition)
  }
  const [watermark] = action.watermarks
  const [primaryKey] = action.primaryKeys
  if (watermark !== undefined)
    checkPresence(adds, table.watermarks.length > 0, 'WATERMARK', watermark.position)
  if (primaryKey !== undefined)
    checkPresence(adds, table.primaryKeys.length > 0, 'PRIMARY KEY', primaryKey.position)
  return {
    columns,
    watermarks: action.watermarks.length > 0 ? action.watermarks : table.watermarks,
    primaryKeys: action.primaryKeys.length > 0 ? action.primaryKeys : table.primaryKeys,
  }
}

function checkPresence(adds: boolean, present: boolean, what: string, position: SourcePosition): void {
  if (adds !== present) return
  throw bindError(
    'MR_BIND_ALTER',
    present ? `the table has a ${what} already` : `the table has no ${what}`,
    position,
    {
      hint: present ? 'use MODIFY to change it' : 'use ADD',
    },
  )
}

function newPlace(
  columns: readonly ColumnDefinition[],
  place: { readonly kind: 'First' } | { readonly kind: 'After'; readonly column: Identifier } | undefined,
  otherwise: number,
): number {
  if (place === undefined) return otherwise
  return place.kind === 'First' ? 0 : placeOf({ columns }, place.column) + 1
}

function placeOf(table: Pick<Definitions, 'columns'>, name: Identifier): number {
  const place = table.columns.findIndex(c => c.name.name === name.name)
  if (place >= 0) return place
  const names = table.columns.map(c => c.name.name)
  throw bindError('MR_BIND_UNKNOWN_COLUMN', `the table has no column '${name.name}'`, name.position, {
    nearest: nearestName(name.name, names),
    expected: names,
  })
}

function topLevel(path: QualifiedName): Identifier {
  if (path.length === 1) return path[0]
  throw unsupported(
    'fields inside ROW columns cannot be altered alone',
    path[0].position,
    'MODIFY the whole column',
  )
}

function renameColumn(table: Definitions, from: Identifier, to: Identifier): Definitions {
  const place = placeOf(table, from)
  if (table.columns.some(c => c.name.name === to.name)) {
    throw bindError('MR_BIND_DUPLICATE_COLUMN', `the table has a column '${to.name}' already`, to.position)
  }
  const renamed = (column: Identifier) => (column.name === from.name ? to : column)
  return {
    columns: table.columns.map((c, i): ColumnDefinition => (i === place ? renameDefinition(c, to) : c)),
    watermarks: table.watermarks,
    primaryKeys: table.primaryKeys.map(key => ({ ...key, columns: key.columns.map(renamed) })),
  }
}

/** A metadata column keeps its key, which may have come from its name. */
function renameDefinition(column: ColumnDefinition, to: Identifier): ColumnDefinition {
  if (column.kind !== 'MetadataColumn' || column.key !== undefined) return { ...column, name: to }
  const key: StringLiteral = { kind: 'StringLiteral', value: column.name.name, position: to.position }
  return { ...column, name: to, key }
}
