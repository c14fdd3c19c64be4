import { type CatalogObject, pathToString, redactOptions, type TableColumn } from '../../catalog/index.ts'
import { validationError } from '../../errors/index.ts'
import { aggregateFunctionNames, scalarFunctionNames } from '../../functions/registry.ts'
import type { Show, ShowCreate, ShowLike } from '../../parser/index.ts'
import { typeToString } from '../../types/index.ts'
import type { Session } from '../session.ts'
import type { StatementResult } from '../statement-result.ts'
import { namesOf } from './create-drop.ts'
import { describeColumns, describeRows } from './describe.ts'
import type { ExecutionContext } from './execution-context.ts'

export function show(statement: Show, { session }: ExecutionContext): StatementResult {
  if (statement.object === 'COLUMNS') return showColumns(statement, session)
  const { column, names } = listOf(statement, session)
  const rows = names.filter(name => matches(name, statement.like)).map(name => [name])
  return { kind: 'table', columns: [column], rows }
}

function showColumns(statement: Show, session: Session): StatementResult {
  const from = statement.from
  if (from === undefined) {
    throw validationError('MR_STATEMENT_SHOW_FROM', 'SHOW COLUMNS needs a table', {
      position: statement.position,
      expected: ['SHOW COLUMNS FROM table'],
    })
  }
  const object = session.catalog.get(session.catalog.resolvePath(namesOf(from)))
  const rows = describeRows(object).filter(([name]) => matches(name ?? '', statement.like))
  return { kind: 'table', columns: describeColumns, rows }
}

function listOf(
  statement: Show,
  { catalog }: Session,
): { readonly column: string; readonly names: readonly string[] } {
  const database = (): readonly [string, string] =>
    statement.from === undefined
      ? [catalog.currentCatalog, catalog.currentDatabase]
      : catalog.resolveDatabase(namesOf(statement.from))
  const objects = (kinds: readonly CatalogObject['kind'][]) =>
    catalog
      .list(database())
      .filter(object => kinds.includes(object.kind))
      .map(object => object.path[2])
  switch (statement.object) {
    case 'TABLES':
      return { column: 'table name', names: objects(['table', 'view']) }
    case 'VIEWS':
      return { column: 'view name', names: objects(['view']) }
    case 'CATALOGS':
      return { column: 'catalog name', names: [...catalog.catalogNames()].sort() }
    case 'CURRENT CATALOG':
      return { column: 'current catalog name', names: [catalog.currentCatalog] }
    case 'DATABASES':
      return {
        column: 'database name',
        names: [
          ...catalog.getCatalog(statement.from?.[0].name ?? catalog.currentCatalog).databaseNames(),
        ].sort(),
      }
    case 'CURRENT DATABASE':
      return { column: 'current database name', names: [catalog.currentDatabase] }
    case 'FUNCTIONS':
      return {
        column: 'function name',
        names: [...scalarFunctionNames(), ...aggregateFunctionNames()].sort(),
      }
    case 'USER FUNCTIONS':
      return { column: 'function name', names: [] }
    default:
      throw validationError('MR_STATEMENT_UNSUPPORTED', `SHOW ${statement.object} is not supported`, {
        position: statement.position,
        expected: [
          'TABLES',
          'VIEWS',
          'COLUMNS',
          'FUNCTIONS',
          'CATALOGS',
          'DATABASES',
          'CREATE TABLE',
          'CREATE VIEW',
        ],
      })
  }
}

/** SQL LIKE over names: % and _. */
function matches(name: string, like: ShowLike | undefined): boolean {
  if (like === undefined) return true
  const pattern = [...like.pattern.value]
    .map(char => (char === '%' ? '.*' : char === '_' ? '.' : char.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
  return new RegExp(`^${pattern}$`, like.caseInsensitive ? 'isu' : 'su').test(name) !== like.negated
}

export function showCreate(statement: ShowCreate, { session }: ExecutionContext): StatementResult {
  const object = session.catalog.get(session.catalog.resolvePath(namesOf(statement.name)))
  const wanted = statement.object === 'VIEW' ? 'view' : 'table'
  if (statement.object !== 'TABLE' && statement.object !== 'VIEW') {
    throw validationError('MR_STATEMENT_UNSUPPORTED', `SHOW CREATE ${statement.object} is not supported`, {
      position: statement.position,
    })
  }
  if (object.kind !== wanted) {
    throw validationError('MR_STATEMENT_WRONG_KIND', `'${object.path[2]}' is a ${object.kind}`, {
      position: statement.name[0].position,
      hint: `SHOW CREATE ${object.kind.toUpperCase()} ${object.path[2]}`,
    })
  }
  return { kind: 'table', columns: ['result'], rows: [[createText(object)]] }
}

const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const commentText = (comment: string | undefined) =>
  comment === undefined ? '' : ` COMMENT ${literal(comment)}`

/** The statement that makes the object again; secrets replaced. */
function createText(object: CatalogObject): string {
  const temporary = object.temporary ? 'TEMPORARY ' : ''
  const name = object.path.map(quote).join('.')
  if (object.kind === 'view') {
    const columns = object.columns.map(column => `  ${quote(column.name)}`).join(',\n')
    return `CREATE ${temporary}VIEW ${name} (\n${columns}\n)${commentText(object.comment)} AS ${object.query}`
  }
  const { schema } = object
  const lines = schema.columns.map(columnText)
  if (schema.watermark !== undefined)
    lines.push(`WATERMARK FOR ${quote(schema.watermark.column)} AS ${schema.watermark.expression}`)
  if (schema.primaryKey !== undefined)
    lines.push(`PRIMARY KEY (${schema.primaryKey.columns.map(quote).join(', ')}) NOT ENFORCED`)
  const options = Object.entries(redactOptions(object.options)).map(
    ([key, value]) => `  ${literal(key)} = ${literal(value)}`,
  )
  return [
    `CREATE ${temporary}TABLE ${pathToString(object.path.map(quote))} (`,
    lines.map(line => `  ${line}`).join(',\n'),
    `)${commentText(object.comment)} WITH (`,
    options.join(',\n'),
    ')',
  ].join('\n')
}

function columnText(column: TableColumn): string {
  const name = quote(column.name)
  const comment = commentText(column.comment)
  switch (column.kind) {
    case 'physical':
      return `${name} ${typeToString(column.type)}${comment}`
    case 'metadata':
      return `${name} ${typeToString(column.type)} METADATA${column.key === column.name ? '' : ` FROM ${literal(column.key)}`}${column.virtual ? ' VIRTUAL' : ''}${comment}`
    case 'computed':
      return `${name} AS ${column.expression}${comment}`
  }
}
