/** INSERT INTO: the query's columns → the sink's, with implicit casts, NULLs for what is not given. */
import {
  type CatalogTable,
  type SinkCapabilities,
  splitTableOptions,
  type TableColumn,
} from '../../catalog/index.ts'
import { nearestName, type SourcePosition } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Insert } from '../../parser/index.ts'
import { canCastImplicitly, type LogicalType, typeToString } from '../../types/index.ts'
import { castTo, inputRef, nullLiteral } from '../expression-rewrite.ts'
import { type LogicalPlan, project, type Sink, sink } from '../logical/index.ts'
import type { OutputField, SinkColumn } from '../plan-graph/plan-graph.ts'
import { at, bindError, unsupported } from './bind-error.ts'
import { bindQuery } from './bind-query.ts'
import { withHints } from './bind-relation.ts'
import { capabilitiesOf } from './bind-table.ts'
import type { Environment } from './environment.ts'

export function bindInsert(insert: Insert, environment: Environment): Sink {
  refuseClauses(insert)
  const position = insert.target[0].position
  const table = withHints(targetTable(insert, environment), insert.hints, environment)
  const { sink: capabilities } = capabilitiesOf(table, environment, position)
  if (capabilities === undefined) {
    throw bindError(
      'MR_BIND_NOT_WRITABLE',
      `table '${table.path[2]}' cannot be written: its connector '${table.options['connector']}' is a source only`,
      position,
    )
  }
  const query = bindQuery(insert.query, environment)
  const targets = targetColumns(insert, table, capabilities)
  checkCount(query, targets, table, insert)
  const written = writtenColumns(query, targets, table, insert.query.position)
  const names = written.map(w => w.name)
  const input = project(
    query,
    written.map(w => w.e),
    names,
  )
  const key = table.schema.primaryKey?.columns
  return sink({
    input,
    table: {
      path: table.path,
      options: splitTableOptions(table.options).connector,
      schema: table.schema,
    },
    columns: written.map(w => w.column),
    primaryKey: key === undefined ? null : key.map(name => names.indexOf(name)),
    changelogMode: capabilities.changelogMode,
    position,
  })
}

function refuseClauses(insert: Insert): void {
  const position = insert.target[0].position
  if (insert.overwrite) {
    throw unsupported('INSERT OVERWRITE exists for batch jobs only', position, 'use INSERT INTO')
  }
  const [partition] = insert.partition
  if (partition !== undefined) {
    throw unsupported(
      'PARTITION of INSERT is not supported',
      partition.column.position,
      'select the partition columns as values',
    )
  }
  if (insert.onConflict !== undefined) {
    throw unsupported(
      'ON CONFLICT is not supported yet',
      position,
      "make the query's upsert key the PRIMARY KEY",
    )
  }
}

function targetTable(insert: Insert, environment: Environment): CatalogTable {
  const position = insert.target[0].position
  const object = at(position, () => {
    const names = insert.target.map(part => part.name)
    return environment.catalog.get(environment.catalog.resolvePath(names, environment.database))
  })
  if (object.kind === 'table') return object
  throw bindError(
    'MR_BIND_NOT_WRITABLE',
    `'${object.path[2]}' is a view: only tables can be written`,
    position,
  )
}

type Persisted = Exclude<TableColumn, { kind: 'computed' }>

const isPersisted = (column: TableColumn): column is Persisted =>
  column.kind === 'physical' || (column.kind === 'metadata' && !column.virtual)

/** The columns the query's columns go to, in order. */
function targetColumns(
  insert: Insert,
  table: CatalogTable,
  capabilities: SinkCapabilities,
): readonly Target[] {
  const persisted = table.schema.columns.filter(isPersisted)
  if (insert.columns.length === 0) {
    return persisted.map(column => target(column, capabilities, insert.target[0].position))
  }
  const seen = new Set<string>()
  return insert.columns.map(({ name, position }) => {
    if (seen.has(name))
      throw bindError('MR_BIND_DUPLICATE_COLUMN', `column '${name}' is listed twice`, position)
    seen.add(name)
    const column = table.schema.columns.find(c => c.name === name)
    if (column === undefined) {
      const names = persisted.map(c => c.name)
      throw bindError(
        'MR_BIND_UNKNOWN_COLUMN',
        `table '${table.path[2]}' has no column '${name}'`,
        position,
        {
          nearest: nearestName(name, names),
          expected: names,
        },
      )
    }
    if (!isPersisted(column)) {
      const what = column.kind === 'computed' ? 'a computed column' : 'a VIRTUAL metadata column'
      throw bindError('MR_BIND_NOT_WRITABLE', `column '${name}' is ${what}: it is never written`, position)
    }
    return target(column, capabilities, position)
  })
}

interface Target {
  readonly name: string
  /** What the user declared. */
  readonly type: LogicalType
  readonly column: SinkColumn
}

function target(column: Persisted, capabilities: SinkCapabilities, position: SourcePosition): Target {
  const { name, type } = column
  if (column.kind === 'physical') return { name, type, column: { kind: 'physical', name, type } }
  const known = capabilities.metadata.find(m => m.key === column.key && m.writable)
  if (known === undefined) {
    throw bindError(
      'MR_BIND_UNKNOWN_METADATA',
      `the connector cannot write the metadata '${column.key}'`,
      position,
      {
        expected: capabilities.metadata.filter(m => m.writable).map(m => m.key),
        hint: `declare the column '${name}' as METADATA … VIRTUAL`,
      },
    )
  }
  return { name, type, column: { kind: 'metadata', key: column.key, type: known.type } }
}

function checkCount(
  query: LogicalPlan,
  targets: readonly Target[],
  table: CatalogTable,
  insert: Insert,
): void {
  if (query.output.length === targets.length) return
  throw bindError(
    'MR_BIND_SINK_SCHEMA',
    `the query has ${query.output.length} columns, but ${insert.columns.length === 0 ? `'${table.path[2]}' takes` : 'the column list has'} ${targets.length}. ${schemas(query.output, targets)}`,
    insert.query.position,
    {
      hint:
        insert.columns.length === 0
          ? 'columns go by position; or list them: INSERT INTO t (a, b)'
          : undefined,
    },
  )
}

const schemas = (query: readonly OutputField[], targets: readonly Target[]): string => {
  const list = (columns: readonly { name: string; type: LogicalType }[]) =>
    columns.map(c => `${c.name}: ${typeToString(c.type)}`).join(', ')
  return `Query schema: [${list(query)}]. Sink schema: [${list(targets)}].`
}

interface Written {
  readonly e: BoundExpression
  readonly name: string
  readonly column: SinkColumn
}

/** Given columns cast; physical columns not given are NULL, metadata not given is left to the connector. */
function writtenColumns(
  query: LogicalPlan,
  targets: readonly Target[],
  table: CatalogTable,
  position: SourcePosition,
): readonly Written[] {
  const given = targets.map((to, i): Written => {
    const from = query.output[i]!
    if (!canCastImplicitly(from.type, to.type)) {
      throw bindError(
        'MR_BIND_SINK_SCHEMA',
        `column ${i + 1} of the query ('${from.name}', ${typeToString(from.type)}) does not fit '${to.name}' (${typeToString(to.type)}) of '${table.path[2]}'. ${schemas(query.output, targets)}`,
        position,
        { hint: `CAST it to ${typeToString({ ...to.type, nullable: true } as LogicalType)}` },
      )
    }
    const declared = castTo(inputRef(i, from.type), to.type)
    return { e: castTo(declared, to.column.type), name: to.name, column: to.column }
  })
  return table.schema.columns.flatMap((column): Written[] => {
    const found = given.find(w => w.name === column.name)
    if (found !== undefined) return [found]
    if (column.kind !== 'physical') return []
    if (!column.type.nullable) {
      throw bindError('MR_BIND_NOT_NULL', `column '${column.name}' is NOT NULL but gets no value`, position, {
        hint: `add '${column.name}' to the column list`,
      })
    }
    const { name, type } = column
    return [{ e: nullLiteral(type), name, column: { kind: 'physical', name, type } }]
  })
}
