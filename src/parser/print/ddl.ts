import { assertNever } from '../../errors/index.ts'
import type {
  AlteredElements,
  AlterMaterializedTable,
  AlterOptionsAction,
  AlterTableAction,
  ColumnDefinition,
  CreateFunction,
  CreateMaterializedTable,
  CreateTable,
  DdlStatement,
  Distribution,
  LikeClause,
  PartitionEntry,
  PartitionSpec,
  PrimaryKeyDefinition,
  WatermarkDefinition,
} from '../ast/index.ts'
import { printExpression } from './expression.ts'
import { printQuery } from './query.ts'
import { printType } from './type.ts'
import {
  clause,
  listed,
  type Piece,
  parenthesized,
  printComment,
  printIdentifier,
  printName,
  printNames,
  printProperties,
  printString,
  spaced,
} from './words.ts'

export function printDdl(ddl: DdlStatement): string {
  switch (ddl.kind) {
    case 'CreateTable':
      return printCreateTable(ddl)
    case 'CreateMaterializedTable':
      return printCreateMaterializedTable(ddl)
    case 'CreateView':
      return spaced(
        'CREATE',
        ddl.temporary && 'TEMPORARY',
        'VIEW',
        ddl.ifNotExists && 'IF NOT EXISTS',
        printName(ddl.name),
        ddl.columns.length > 0 && printNames(ddl.columns),
        printComment(ddl.comment),
        `AS ${printQuery(ddl.query)}`,
      )
    case 'CreateCatalog':
      return spaced(
        'CREATE CATALOG',
        ddl.ifNotExists && 'IF NOT EXISTS',
        printIdentifier(ddl.name),
        printComment(ddl.comment),
        clause('WITH', ddl.options, printProperties),
      )
    case 'CreateDatabase':
      return spaced(
        'CREATE DATABASE',
        ddl.ifNotExists && 'IF NOT EXISTS',
        printName(ddl.name),
        printComment(ddl.comment),
        clause('WITH', ddl.options, printProperties),
      )
    case 'CreateFunction':
      return printCreateFunction(ddl)
    default:
      return printAlterOrDrop(ddl)
  }
}

type Created = Extract<DdlStatement, { kind: `Create${string}` }>

function printAlterOrDrop(ddl: Exclude<DdlStatement, Created>): string {
  switch (ddl.kind) {
    case 'AlterTable':
      return spaced(
        'ALTER TABLE',
        ddl.ifExists && 'IF EXISTS',
        printName(ddl.name),
        printTableAction(ddl.action),
      )
    case 'AlterView':
      return spaced(
        'ALTER VIEW',
        printName(ddl.name),
        ddl.action.kind === 'RenameView'
          ? `RENAME TO ${printName(ddl.action.to)}`
          : `AS ${printQuery(ddl.action.query)}`,
      )
    case 'AlterCatalog':
      return spaced('ALTER CATALOG', printIdentifier(ddl.name), printOptionsAction(ddl.action))
    case 'AlterDatabase':
      return spaced('ALTER DATABASE', printName(ddl.name), printOptionsAction(ddl.action))
    case 'AlterFunction':
      return spaced(
        'ALTER',
        ddl.temporary && 'TEMPORARY',
        ddl.system && 'SYSTEM',
        'FUNCTION',
        ddl.ifExists && 'IF EXISTS',
        printName(ddl.name),
        `AS ${printString(ddl.identifier)}`,
        ddl.language && `LANGUAGE ${ddl.language}`,
      )
    case 'AlterMaterializedTable':
      return spaced('ALTER MATERIALIZED TABLE', printName(ddl.name), printMaterializedAction(ddl.action))
    case 'DropTable':
    case 'DropView':
      return spaced(
        'DROP',
        ddl.temporary && 'TEMPORARY',
        ddl.kind === 'DropTable' ? 'TABLE' : 'VIEW',
        ddl.ifExists && 'IF EXISTS',
        printName(ddl.name),
      )
    case 'DropMaterializedTable':
      return spaced('DROP MATERIALIZED TABLE', ddl.ifExists && 'IF EXISTS', printName(ddl.name))
    case 'DropCatalog':
      return spaced('DROP CATALOG', ddl.ifExists && 'IF EXISTS', printIdentifier(ddl.name))
    case 'DropDatabase':
      return spaced(
        'DROP DATABASE',
        ddl.ifExists && 'IF EXISTS',
        printName(ddl.name),
        ddl.cascade && 'CASCADE',
      )
    case 'DropFunction':
      return spaced(
        'DROP',
        ddl.temporary && 'TEMPORARY',
        ddl.system && 'SYSTEM',
        'FUNCTION',
        ddl.ifExists && 'IF EXISTS',
        printName(ddl.name),
      )
    default:
      return assertNever(ddl, 'DDL statement')
  }
}

function printCreateTable(table: CreateTable): string {
  return spaced(
    table.replace ?? 'CREATE',
    table.temporary && 'TEMPORARY',
    'TABLE',
    table.ifNotExists && 'IF NOT EXISTS',
    printName(table.name),
    elements(table),
    ...tableClauses(table),
    table.like && printLike(table.like),
    table.query && `AS ${printQuery(table.query)}`,
  )
}

function printCreateMaterializedTable(table: CreateMaterializedTable): string {
  return spaced(
    table.orAlter ? 'CREATE OR ALTER' : 'CREATE',
    'MATERIALIZED TABLE',
    printName(table.name),
    elements(table),
    ...tableClauses(table),
    table.freshness && `FRESHNESS = ${printExpression(table.freshness)}`,
    table.refreshMode && `REFRESH_MODE = ${table.refreshMode}`,
    `AS ${printQuery(table.query)}`,
  )
}

function elements(table: CreateTable | CreateMaterializedTable): Piece {
  const all = [
    ...table.columnNames.map(printIdentifier),
    ...table.columns.map(printColumn),
    ...table.watermarks.map(printWatermark),
    ...table.primaryKeys.map(printPrimaryKey),
  ]
  return all.length > 0 && `(${all.join(', ')})`
}

function tableClauses(table: CreateTable | CreateMaterializedTable): readonly Piece[] {
  return [
    printComment(table.comment),
    table.distribution && printDistribution('DISTRIBUTED', table.distribution),
    clause('PARTITIONED BY', table.partitionedBy, printNames),
    clause('WITH', table.options, printProperties),
  ]
}

/** One column as CREATE TABLE declares it; its key is printed apart, with the table's. */
export function printColumn(column: ColumnDefinition): string {
  const name = printIdentifier(column.name)
  switch (column.kind) {
    case 'PhysicalColumn':
      return spaced(name, printType(column.type), printComment(column.comment))
    case 'MetadataColumn':
      return spaced(
        name,
        printType(column.type),
        'METADATA',
        column.key && `FROM ${printString(column.key)}`,
        column.virtual && 'VIRTUAL',
        printComment(column.comment),
      )
    case 'ComputedColumn':
      return spaced(name, `AS ${printExpression(column.expression)}`, printComment(column.comment))
    default:
      return assertNever(column, 'column')
  }
}

const printWatermark = ({ column, expression }: WatermarkDefinition) =>
  `WATERMARK FOR ${printName(column)} AS ${printExpression(expression)}`

const printPrimaryKey = ({ name, columns }: PrimaryKeyDefinition) =>
  spaced(name && `CONSTRAINT ${printIdentifier(name)}`, 'PRIMARY KEY', printNames(columns), 'NOT ENFORCED')

function printDistribution(word: string, { algorithm, columns, buckets }: Distribution): string {
  return spaced(
    word,
    columns.length > 0 && `BY ${algorithm ?? ''}${printNames(columns)}`,
    buckets !== undefined && `INTO ${buckets} BUCKETS`,
  )
}

function printLike({ source, options }: LikeClause): string {
  const listedOptions = options.map(({ strategy, feature }) => `${strategy} ${feature}`).join(' ')
  return spaced('LIKE', printName(source), options.length > 0 && `(${listedOptions})`)
}

function printCreateFunction(created: CreateFunction): string {
  return spaced(
    'CREATE',
    created.temporary && 'TEMPORARY',
    created.system && 'SYSTEM',
    'FUNCTION',
    created.ifNotExists && 'IF NOT EXISTS',
    printName(created.name),
    `AS ${printString(created.identifier)}`,
    created.language && `LANGUAGE ${created.language}`,
    clause('USING', created.using, resources =>
      listed(resources, ({ type, path }) => `${type} ${printString(path)}`),
    ),
    clause('WITH', created.options, printProperties),
  )
}

function printTableAction(action: AlterTableAction): string {
  switch (action.kind) {
    case 'RenameTable':
      return `RENAME TO ${printName(action.to)}`
    case 'RenameColumn':
      return `RENAME ${printName(action.from)} TO ${printIdentifier(action.to)}`
    case 'Add':
      return `ADD ${printAltered(action)}`
    case 'Modify':
      return `MODIFY ${printAltered(action)}`
    case 'DropColumns':
      return `DROP ${parenthesized(action.columns, printName)}`
    case 'DropPrimaryKey':
      return 'DROP PRIMARY KEY'
    case 'DropWatermark':
      return 'DROP WATERMARK'
    case 'DropDistribution':
      return 'DROP DISTRIBUTION'
    case 'DropConstraint':
      return `DROP CONSTRAINT ${printIdentifier(action.name)}`
    case 'AddPartitions':
      return spaced('ADD', action.ifNotExists && 'IF NOT EXISTS', ...action.partitions.map(printPartition))
    case 'DropPartitions':
      return spaced('DROP', action.ifExists && 'IF EXISTS', action.partitions.map(printPartition).join(', '))
    case 'SetOptions':
    case 'ResetOptions':
      return printOptionsAction(action)
    default:
      return assertNever(action, 'ALTER TABLE action')
  }
}

function printAltered(altered: AlteredElements): string {
  const columns = altered.columns.map(({ definition, place }) =>
    spaced(
      printColumn(definition),
      place?.kind === 'First' && 'FIRST',
      place?.kind === 'After' && `AFTER ${printIdentifier(place.column)}`,
    ),
  )
  const others = [...altered.watermarks.map(printWatermark), ...altered.primaryKeys.map(printPrimaryKey)]
  const distribution = altered.distribution && printDistribution('DISTRIBUTION', altered.distribution)
  return `(${[...columns, ...others, ...(distribution === undefined ? [] : [distribution])].join(', ')})`
}

export const printPartitionEntries = (entries: readonly PartitionEntry[]): string =>
  parenthesized(entries, ({ column, value }) =>
    spaced(printIdentifier(column), value && `= ${printExpression(value)}`),
  )

const printPartition = ({ entries, options }: PartitionSpec) =>
  spaced(`PARTITION ${printPartitionEntries(entries)}`, clause('WITH', options, printProperties))

function printOptionsAction(action: AlterOptionsAction): string {
  switch (action.kind) {
    case 'SetOptions':
      return `SET ${printProperties(action.options)}`
    case 'ResetOptions':
      return `RESET ${parenthesized(action.keys, printString)}`
    case 'SetComment':
      return `COMMENT ${printString(action.comment)}`
    default:
      return assertNever(action, 'options action')
  }
}

function printMaterializedAction(action: AlterMaterializedTable['action']): string {
  switch (action.kind) {
    case 'Suspend':
      return 'SUSPEND'
    case 'Resume':
      return spaced('RESUME', clause('WITH', action.options, printProperties))
    case 'Refresh':
      return spaced('REFRESH', clause('PARTITION', action.partition, printPartitionEntries))
    case 'AsQuery':
      return `AS ${printQuery(action.query)}`
    default:
      return assertNever(action, 'ALTER MATERIALIZED TABLE action')
  }
}
