/** Asks DuckDB the query of a case over the rows of its inputs; window table functions are rewritten for it. */
import { jsonOf } from '../../../src/cli/row-printer.ts'
import { foldChanges } from '../../../src/testing/index.ts'
import type { JsRow, LogicalType } from '../../../src/types/index.ts'
import { typeToString } from '../../../src/types/type-to-string.ts'
import { askOracle, type OracleTable } from '../../support/oracle.ts'
import type { ScriptSession } from '../../support/script/script-session.ts'
import type { SqlCase, SqlFile } from './sql-file.ts'

function duckType(type: LogicalType): string {
  const text = typeToString({ ...type, nullable: true })
  if (text === 'STRING') return 'VARCHAR'
  return text.startsWith('TIMESTAMP') ? 'TIMESTAMP' : text
}

const interval = String.raw`INTERVAL\s+'(\d+)'\s+(\w+)`
const tvf = new RegExp(
  String.raw`TABLE\(\s*(TUMBLE|HOP|CUMULATE)\(\s*TABLE\s+(\w+),\s*DESCRIPTOR\((\w+)\),\s*${interval}(?:,\s*${interval})?\s*\)\s*\)`,
  'gi',
)

/** `(SELECT *, … AS window_start, … AS window_end)`; sizes are multiples of slides and steps in the tests. */
export function rewriteWindows(sql: string): string {
  return sql.replace(tvf, (_, kind, table, time, n1, unit1, n2, unit2) => {
    const first = `INTERVAL '${n1}' ${unit1}`
    const second = `INTERVAL '${n2}' ${unit2}`
    const bucket = (size: string) => `time_bucket(${size}, ${time}, TIMESTAMP '1970-01-01')`
    const windows = {
      TUMBLE: `SELECT *, ${bucket(first)} AS window_start, ${bucket(first)} + ${first} AS window_end FROM ${table}`,
      HOP: `SELECT *, window_start + ${second} AS window_end FROM (SELECT *, unnest(generate_series(${bucket(first)} - ${second} + ${first}, ${bucket(first)}, ${first})) AS window_start FROM ${table})`,
      CUMULATE: `SELECT *, ${bucket(second)} AS window_start, unnest(generate_series(${bucket(first)} + ${first}, ${bucket(second)} + ${second}, ${first})) AS window_end FROM ${table}`,
    }[String(kind).toUpperCase() as 'TUMBLE' | 'HOP' | 'CUMULATE']
    return `(SELECT *, window_end - INTERVAL '1' MILLISECOND AS window_time FROM (${windows}))`
  })
}

function oracleTables(file: SqlFile, session: ScriptSession): OracleTable[] {
  return [...file.inputs].map(([name, { splits }]) => {
    const table = session.session.catalog.find(['default_catalog', 'default_database', name])
    if (table?.kind !== 'table') throw new Error(`no table ${name}`)
    const columns = table.schema.columns.filter(column => column.kind !== 'computed')
    const changes = splits
      .flat()
      .flatMap(({ element }) =>
        'values' in element
          ? [{ kind: element.kind, row: Object.fromEntries(element.values.entries()) as unknown as JsRow }]
          : [],
      )
    const key = table.options['changelog-mode'] === 'upsert' ? table.schema.primaryKey!.columns : undefined
    const positions = key?.map(column => String(columns.findIndex(({ name: other }) => other === column)))
    return {
      name,
      columns: columns.map(({ name: column, type }) => [column, duckType(type)] as const),
      rows: foldChanges(changes, positions).map(row =>
        Object.values(row).map(value => (value === null ? null : String(value))),
      ),
    }
  })
}

const statementsOf = (sql: string): string[] =>
  sql
    .split(/;\s*$/m)
    .map(text => text.trim())
    .filter(text => text !== '')

/** Rows as text, in the order of columns, sorted. */
export async function duckdbRows(file: SqlFile, sqlCase: SqlCase, session: ScriptSession): Promise<string[]> {
  const text = sqlCase.duckdb === 'same' ? sqlCase.sql : sqlCase.duckdb!
  const query = statementsOf(text)
    .at(-1)!
    .replace(/^INSERT\s+INTO\s+\w+/i, '')
    .replaceAll('`', '"')
  const rows = await askOracle(oracleTables(file, session), rewriteWindows(query))
  return rows.map(row => JSON.stringify(row)).toSorted()
}

/** Our rows in the same spelling. */
export const asOracleRows = (rows: readonly JsRow[]): string[] =>
  rows
    .map(row =>
      JSON.stringify(
        Object.values(row).map(value =>
          value === null || typeof value === 'string' ? value : jsonOf(value),
        ),
      ),
    )
    .toSorted()
