/**
 * CREATE TABLE → CatalogTable: types, computed columns, watermark and key are checked here; the connector's options
 * only when a statement uses the table, as in Flink (a table may be a template for LIKE).
 */
import {
  type CatalogTable,
  splitTableOptions,
  type TableColumn,
  type TableSchema,
} from '../../catalog/index.ts'
import { MillraceError, nearestName, type SourcePosition } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import {
  type ColumnDefinition,
  type CreateTable,
  type PrimaryKeyDefinition,
  printExpression,
  type WatermarkDefinition,
} from '../../parser/index.ts'
import { type LogicalType, typeToString, withNullable } from '../../types/index.ts'
import { inputRef } from '../expression-rewrite.ts'
import { at, bindError, unsupported } from './bind-error.ts'
import { bindExpression } from './bind-expression.ts'
import { bindLike, type LikeParts } from './bind-like.ts'
import { bindStored, schemaSite } from './bind-table.ts'
import { bindType } from './bind-type.ts'
import type { Environment } from './environment.ts'

export function bindCreateTable(statement: CreateTable, environment: Environment): CatalogTable {
  refuseClauses(statement)
  const like = statement.like && bindLike(statement.like, environment)
  const schema = bindSchema(statement, like)
  const names = statement.name.map(part => part.name)
  const path = at(statement.name[0].position, () => environment.catalog.resolvePath(names))
  const partitionedBy = statement.partitionedBy.map(column => {
    if (schema.columns.some(c => c.kind === 'physical' && c.name === column.name)) return column.name
    throw unknownColumn(column.name, schema.columns, column.position, 'PARTITIONED BY')
  })
  const table: CatalogTable = {
    kind: 'table',
    path,
    temporary: statement.temporary,
    schema,
    options: bindOptions(statement, like),
    partitionedBy: partitionedBy.length > 0 ? partitionedBy : (like?.partitionedBy ?? []),
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
  }
  checkMetadata(statement, table, environment)
  return table
}

/**
 * A metadata key the connector does not have is told at once, if the connector can be asked: a table may be made
 * before its options are complete (as a template for LIKE), and then the statement that uses it tells.
 */
function checkMetadata(statement: CreateTable, table: CatalogTable, environment: Environment): void {
  const definitions = statement.columns.filter(c => c.kind === 'MetadataColumn')
  if (definitions.length === 0) return
  const known = knownMetadata(table, environment)
  for (const definition of definitions) {
    const key = definition.key?.value ?? definition.name.name
    if (known === undefined || known.includes(key)) continue
    throw bindError(
      'MR_BIND_UNKNOWN_METADATA',
      `the connector '${table.options['connector']}' has no metadata '${key}'`,
      definition.key?.position ?? definition.name.position,
      { nearest: nearestName(key, known), expected: known },
    )
  }
}

function knownMetadata(table: CatalogTable, environment: Environment): readonly string[] | undefined {
  try {
    const { source, sink } = environment.findCapabilities({
      name: table.path.join('.'),
      options: splitTableOptions(table.options).connector,
      schema: table.schema,
    })
    return [...new Set([...(source?.metadata ?? []), ...(sink?.metadata ?? [])].map(m => m.key))]
  } catch (error) {
    if (error instanceof MillraceError) return undefined
    throw error
  }
}

function refuseClauses(statement: CreateTable): void {
  if (statement.query !== undefined || statement.replace !== undefined) {
    throw unsupported(
      'CREATE TABLE … AS SELECT is not supported here',
      statement.name[0].position,
      'CREATE TABLE with its columns, then INSERT INTO … SELECT',
    )
  }
  if (statement.distribution !== undefined) {
    throw unsupported(
      'DISTRIBUTED BY is not supported',
      statement.distribution.position,
      'leave it out: the PRIMARY KEY or key.fields decides the partition',
    )
  }
}

function bindOptions(statement: CreateTable, like: LikeParts | undefined): Readonly<Record<string, string>> {
  const options: Record<string, string> = { ...like?.options }
  const own = new Set<string>()
  for (const { key, value } of statement.options) {
    if (own.has(key.value)) {
      throw bindError('MR_BIND_DUPLICATE_OPTION', `option '${key.value}' is given twice`, key.position)
    }
    own.add(key.value)
    if (key.value in options && like?.mayOverwrite.OPTIONS === false) {
      throw bindError(
        'MR_BIND_LIKE',
        `option '${key.value}' comes from the LIKE table already`,
        key.position,
        {
          hint: 'say OVERWRITING OPTIONS',
        },
      )
    }
    options[key.value] = value.value
  }
  return options
}

/** What a schema is made of: CREATE TABLE, or a table after ALTER TABLE. */
export type SchemaDefinition = Pick<CreateTable, 'name' | 'columns' | 'watermarks' | 'primaryKeys'>

export function bindSchema(statement: SchemaDefinition, like: LikeParts | undefined): TableSchema {
  const columns: TableColumn[] = [...(like?.columns ?? [])]
  const inherited = new Set(columns.map(c => c.name))
  const computed: (ColumnDefinition & { readonly kind: 'ComputedColumn' })[] = []
  for (const definition of statement.columns) {
    checkDuplicate(definition, columns, inherited, like)
    const old = columns.findIndex(c => c.name === definition.name.name)
    if (old >= 0) columns.splice(old, 1)
    if (definition.kind === 'ComputedColumn') {
      computed.push(definition)
      columns.push({
        kind: 'computed',
        name: definition.name.name,
        type: { kind: 'NULL', nullable: true },
        expression: '',
      })
    } else columns.push(plainColumn(definition))
  }
  if (columns.length === 0) {
    throw bindError('MR_BIND_NO_COLUMNS', 'a table needs columns', statement.name[0].position)
  }
  const primaryKey = bindPrimaryKey(statement.primaryKeys, columns) ?? like?.primaryKey
  checkOneKey(statement, like)
  if (primaryKey !== undefined) makeNotNull(columns, primaryKey.columns)
  for (const definition of computed) settleComputed(definition, columns)
  const watermark = bindWatermark(statement.watermarks, columns, like)
  return {
    columns,
    ...(watermark === undefined ? {} : { watermark }),
    ...(primaryKey === undefined ? {} : { primaryKey }),
  }
}

const featureOf = {
  MetadataColumn: 'METADATA',
  ComputedColumn: 'GENERATED',
  PhysicalColumn: undefined,
} as const

function checkDuplicate(
  definition: ColumnDefinition,
  columns: readonly TableColumn[],
  inherited: ReadonlySet<string>,
  like: LikeParts | undefined,
): void {
  const { name, position } = definition.name
  const old = columns.find(c => c.name === name)
  if (old === undefined) return
  const feature = featureOf[definition.kind]
  const sameKind = `${old.kind}column` === definition.kind.toLowerCase()
  if (inherited.has(name) && feature !== undefined && sameKind && like?.mayOverwrite[feature] === true) return
  if (inherited.has(name)) {
    throw bindError('MR_BIND_LIKE', `column '${name}' comes from the LIKE table already`, position, {
      hint: feature === undefined ? 'physical columns cannot be overwritten' : `say OVERWRITING ${feature}`,
    })
  }
  throw bindError('MR_BIND_DUPLICATE_COLUMN', `column '${name}' is declared twice`, position)
}

function plainColumn(definition: Exclude<ColumnDefinition, { kind: 'ComputedColumn' }>): TableColumn {
  const name = definition.name.name
  const type = bindType(definition.type)
  const comment = definition.comment === undefined ? {} : { comment: definition.comment.value }
  if (definition.kind === 'PhysicalColumn') return { kind: 'physical', name, type, ...comment }
  const key = definition.key?.value ?? name
  return { kind: 'metadata', name, type, key, virtual: definition.virtual, ...comment }
}

/** Physical and metadata columns: what computed columns may use. */
const givenValues = (columns: readonly TableColumn[]): { name: string; e: BoundExpression }[] =>
  columns.filter(c => c.kind !== 'computed').map((c, i) => ({ name: c.name, e: inputRef(i, c.type) }))

function settleComputed(
  definition: ColumnDefinition & { readonly kind: 'ComputedColumn' },
  columns: TableColumn[],
): void {
  const name = definition.name.name
  const { expression } = definition
  const clause = `the computed column '${name}'`
  if (expression.kind === 'ColumnReference') {
    const other = columns.find(c => c.kind === 'computed' && c.name === expression.path[0].name)
    if (other !== undefined) throw computedOfComputed(name, other.name, expression.position)
  }
  const e = bindExpression(expression, schemaSite(givenValues(columns), clause))
  if (e.type.kind === 'NULL') {
    throw bindError('MR_BIND_TYPE', `${clause} has no type`, expression.position, { hint: 'CAST the NULL' })
  }
  const at = columns.findIndex(c => c.name === name)
  columns[at] = {
    kind: 'computed',
    name,
    type: e.type,
    expression: printExpression(expression),
    ...(definition.comment === undefined ? {} : { comment: definition.comment.value }),
  }
}

const computedOfComputed = (name: string, other: string, position: SourcePosition) =>
  bindError(
    'MR_BIND_COMPUTED_COLUMN',
    `computed column '${name}' cannot use the computed column '${other}'`,
    position,
    {
      hint: 'repeat its expression',
    },
  )

function bindWatermark(
  definitions: readonly WatermarkDefinition[],
  columns: readonly TableColumn[],
  like: LikeParts | undefined,
): TableSchema['watermark'] {
  const [definition, second] = definitions
  if (second !== undefined) {
    throw bindError('MR_BIND_WATERMARK', 'a table has at most one WATERMARK', second.position)
  }
  if (definition === undefined) return like?.watermark
  if (like?.watermark !== undefined && !like.mayOverwrite.WATERMARKS) {
    throw bindError('MR_BIND_LIKE', 'the LIKE table has a WATERMARK already', definition.position, {
      hint: 'say OVERWRITING WATERMARKS',
    })
  }
  const [first, ...rest] = definition.column
  if (rest.length > 0) {
    throw bindError(
      'MR_BIND_WATERMARK',
      'the WATERMARK must be for a column of the table, not a nested field',
      first.position,
      {
        hint: `add a computed column: ts AS ${definition.column.map(part => part.name).join('.')}`,
      },
    )
  }
  const column = columns.find(c => c.name === first.name)
  if (column === undefined) throw unknownColumn(first.name, columns, first.position, 'WATERMARK')
  checkTimeType(column.name, column.type, first.position)
  checkWatermarkType(definition, columns)
  return { column: column.name, expression: printExpression(definition.expression) }
}

function checkTimeType(name: string, type: LogicalType, position: SourcePosition): void {
  const isTime = type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
  if (isTime && type.precision <= 3) return
  const text = typeToString(withNullable(type, true))
  throw bindError(
    'MR_BIND_WATERMARK',
    `a WATERMARK needs a TIMESTAMP(3) or TIMESTAMP_LTZ(3) column, but '${name}' is ${text}`,
    position,
    {
      hint: isTime
        ? `declare '${name}' with precision 3, or add a computed column CAST(${name} AS ${type.kind}(3))`
        : type.kind === 'BIGINT'
          ? `add a computed column: ts AS TO_TIMESTAMP_LTZ(${name}, 3)`
          : `add a computed column: ts AS TO_TIMESTAMP(${name})`,
    },
  )
}

function checkWatermarkType(definition: WatermarkDefinition, columns: readonly TableColumn[]): void {
  const given = givenValues(columns)
  const values = columns.flatMap(c =>
    c.kind === 'computed'
      ? [{ name: c.name, e: bindStored(c.expression, given, c.name) }]
      : given.filter(g => g.name === c.name),
  )
  const e = bindExpression(definition.expression, schemaSite(values, 'WATERMARK'))
  if ((e.type.kind === 'TIMESTAMP' || e.type.kind === 'TIMESTAMP_LTZ') && e.type.precision <= 3) return
  throw bindError(
    'MR_BIND_WATERMARK',
    `the WATERMARK expression must be TIMESTAMP(3) or TIMESTAMP_LTZ(3), not ${typeToString(withNullable(e.type, true))}`,
    definition.expression.position,
    { hint: `for example ${definition.column[0].name} - INTERVAL '5' SECOND` },
  )
}

function bindPrimaryKey(
  definitions: readonly PrimaryKeyDefinition[],
  columns: readonly TableColumn[],
): TableSchema['primaryKey'] {
  const [definition, second] = definitions
  if (second !== undefined) {
    throw bindError('MR_BIND_PRIMARY_KEY', 'a table has at most one PRIMARY KEY', second.position)
  }
  if (definition === undefined) return undefined
  const names = definition.columns.map(({ name, position }, i) => {
    const column = columns.find(c => c.name === name)
    if (column === undefined) throw unknownColumn(name, columns, position, 'PRIMARY KEY')
    if (column.kind !== 'physical') {
      throw bindError(
        'MR_BIND_PRIMARY_KEY',
        `column '${name}' of the PRIMARY KEY is ${column.kind}: only physical columns can be keys`,
        position,
      )
    }
    if (definition.columns.findIndex(c => c.name === name) < i) {
      throw bindError('MR_BIND_PRIMARY_KEY', `column '${name}' is in the PRIMARY KEY twice`, position)
    }
    return name
  })
  return { ...(definition.name === undefined ? {} : { name: definition.name.name }), columns: names }
}

function checkOneKey(statement: SchemaDefinition, like: LikeParts | undefined): void {
  const [definition] = statement.primaryKeys
  if (definition === undefined || like?.primaryKey === undefined) return
  throw bindError('MR_BIND_LIKE', 'the LIKE table has a PRIMARY KEY already', definition.position, {
    hint: 'say EXCLUDING CONSTRAINTS',
  })
}

function makeNotNull(columns: TableColumn[], key: readonly string[]): void {
  columns.forEach((column, i) => {
    if (key.includes(column.name)) columns[i] = { ...column, type: withNullable(column.type, false) }
  })
}

function unknownColumn(
  name: string,
  columns: readonly TableColumn[],
  position: SourcePosition,
  clause: string,
) {
  const names = columns.map(c => c.name)
  return bindError('MR_BIND_UNKNOWN_COLUMN', `there is no column '${name}' for ${clause}`, position, {
    nearest: nearestName(name, names),
    expected: names,
  })
}
