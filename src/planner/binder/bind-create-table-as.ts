/**
 * CREATE TABLE … AS SELECT: a table whose columns come from the query, and the INSERT that fills it. Declared
 * columns come first; one that has a query column's name gives its type, else the query's type holds.
 */
import type { CatalogTable } from '../../catalog/index.ts'
import { nearestName, type SourcePosition } from '../../errors/index.ts'
import {
  type ColumnDefinition,
  type CreateTable,
  type Identifier,
  type Insert,
  parseTypeName,
  type Query,
} from '../../parser/index.ts'
import { typeToString } from '../../types/index.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'
import { bindCreateTable } from './bind-create-table.ts'
import { bindError, unsupported } from './bind-error.ts'
import { bindQuery } from './bind-query.ts'
import type { Environment } from './environment.ts'
import { identifierOf, standingAt } from './table-definitions.ts'

export interface TableWithQuery {
  readonly table: CatalogTable
  /** To be planned after the table is in the catalog. */
  readonly insert: Insert
}

export function bindCreateTableAs(
  statement: CreateTable & { readonly query: Query },
  environment: Environment,
): TableWithQuery {
  const position = statement.name[0].position
  if (statement.replace !== undefined) {
    throw unsupported(
      `${statement.replace} TABLE is not supported`,
      position,
      'DROP TABLE first, then CREATE TABLE',
    )
  }
  if (statement.temporary) {
    throw bindError('MR_BIND_CREATE_AS', 'a TEMPORARY table cannot be made AS a query', position, {
      hint: 'leave TEMPORARY out, or CREATE TEMPORARY VIEW',
    })
  }
  const query = bindQuery(statement.query, environment).output
  const output = ordered(query, statement.columnNames)
  const declared = new Set(statement.columns.map(c => c.name.name))
  const derived = output
    .filter(f => !declared.has(f.name))
    .map((f): ColumnDefinition => {
      if (f.type.kind === 'NULL') {
        throw bindError('MR_BIND_TYPE', `column '${f.name}' has no type`, statement.query.position, {
          hint: 'CAST the NULL',
        })
      }
      return physicalColumn(f, position)
    })
  const table = bindCreateTable(
    { ...statement, query: undefined, columnNames: [], columns: [...statement.columns, ...derived] },
    environment,
  )
  return { table, insert: insertInto(statement, query) }
}

const physicalColumn = (f: OutputField, position: SourcePosition): ColumnDefinition => ({
  kind: 'PhysicalColumn',
  position,
  name: identifierOf(f.name, position),
  type: standingAt(parseTypeName({ text: typeToString(f.type), name: 'type' }), position),
  comment: undefined,
})

/** The query's columns in the order `CREATE TABLE t (b, a) AS …` asks for. */
function ordered(output: readonly OutputField[], names: readonly Identifier[]): readonly OutputField[] {
  if (names.length === 0) return output
  const found = names.map(({ name, position }) => {
    const column = output.find(f => f.name === name)
    if (column !== undefined) return column
    const known = output.map(f => f.name)
    throw bindError('MR_BIND_UNKNOWN_COLUMN', `the query has no column '${name}'`, position, {
      nearest: nearestName(name, known),
      expected: known,
    })
  })
  if (new Set(found).size === output.length && found.length === output.length) return found
  throw bindError(
    'MR_BIND_COLUMN_COUNT',
    `${names.length} column names are given, but the query has ${output.length} columns`,
    names[0]!.position,
    { expected: output.map(f => f.name) },
  )
}

function insertInto(
  statement: CreateTable & { readonly query: Query },
  query: readonly OutputField[],
): Insert {
  const { position } = statement
  return {
    kind: 'Insert',
    position,
    target: statement.name,
    hints: [],
    overwrite: false,
    partition: [],
    columns: query.map(f => identifierOf(f.name, position)),
    query: statement.query,
    onConflict: undefined,
  }
}
