/** DuckDB as the oracle: the batch answer of a query over rows that are given, computed by an engine that is not ours. */
import { DuckDBInstance } from '@duckdb/node-api'

export type OracleValue = string | number | bigint | boolean | null

export interface OracleTable {
  readonly name: string
  /** Column name and DuckDB type, in order. */
  readonly columns: readonly (readonly [string, string])[]
  /** Values as text that DuckDB casts to the column's type, or null. */
  readonly rows: readonly (readonly (string | null)[])[]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Runs the statements, the last of which is a query; its values are given out as text, NULL as null. */
export async function askOracle(
  tables: readonly OracleTable[],
  query: string,
  setup: readonly string[] = [],
): Promise<(string | null)[][]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    for (const statement of setup) await connection.run(statement)
    for (const { name, columns, rows } of tables) {
      const definition = columns.map(([column, type]) => `${quoted(column)} ${type}`).join(', ')
      await connection.run(`CREATE TABLE ${quoted(name)} (${definition})`)
      if (rows.length === 0) continue
      // One JSON parameter instead of a statement per row.
      const casts = columns.map(([, type], i) => `CAST(r->>${i} AS ${type})`).join(', ')
      await connection.run(
        `INSERT INTO ${quoted(name)} SELECT ${casts} FROM (SELECT unnest(CAST($1 AS JSON[])) AS r)`,
        [JSON.stringify(rows)],
      )
    }
    const reader = await connection.runAndReadAll(query)
    return reader.getRows().map(row => row.map(value => (value === null ? null : String(value))))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
