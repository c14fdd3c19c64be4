import { expect, test } from 'vitest'
import { type CreateTable, parseStatement, type Query } from '../../../src/parser/index.ts'
import { bindCreateTableAs, planInsert } from '../../../src/planner/index.ts'
import { typeToString } from '../../../src/types/index.ts'
import { plannerContext, planScript } from '../../plan/support/plan-script.ts'

const tables = `CREATE TABLE clicks (ip STRING, n INT NOT NULL, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'kafka', 'format' = 'json');`

function created(sql: string) {
  const context = plannerContext()
  planScript(tables, context)
  const statement = parseStatement({ text: sql, name: 'as' }) as CreateTable & { readonly query: Query }
  const { table, insert } = bindCreateTableAs(statement, context)
  context.catalog.create(table)
  const { graph } = planInsert(insert, context, { jobName: 'as' })
  const columns = table.schema.columns.map(c => `${c.name} ${typeToString(c.type)}`)
  return { table, columns, sink: graph.nodes.at(-1)! }
}
const options = "WITH ('connector' = 'kafka', 'format' = 'json')"

test('columns and types come from the query', () => {
  const { columns, sink } = created(`CREATE TABLE t ${options} AS SELECT ip, n + 1 AS m FROM clicks`)
  expect(columns).toEqual(['ip STRING', 'm INT NOT NULL'])
  expect(sink).toMatchObject({ kind: 'Sink', columns: [{ name: 'ip' }, { name: 'm' }] })
})

test('declared columns come first and may give another type, a computed one, a watermark', () => {
  const { columns, table, sink } = created(
    `CREATE TABLE t (n BIGINT, loud AS UPPER(ip), WATERMARK FOR ts AS ts) ${options} AS SELECT ip, n, ts FROM clicks`,
  )
  expect(columns).toEqual(['n BIGINT', 'loud STRING', 'ip STRING', 'ts TIMESTAMP(3)'])
  expect(table.schema.watermark?.column).toBe('ts')
  expect(sink).toMatchObject({ columns: [{ name: 'n' }, { name: 'ip' }, { name: 'ts' }] })
})

test('a list of names reorders', () => {
  expect(created(`CREATE TABLE t (m, ip) ${options} AS SELECT ip, n AS m FROM clicks`).columns).toEqual([
    'm INT NOT NULL',
    'ip STRING',
  ])
})

test.each([
  [`CREATE TABLE t (m, ipp) ${options} AS SELECT ip, n AS m FROM clicks`, 'MR_BIND_UNKNOWN_COLUMN'],
  [`CREATE TABLE t (m) ${options} AS SELECT ip, n AS m FROM clicks`, 'MR_BIND_COLUMN_COUNT'],
  [`CREATE TABLE t ${options} AS SELECT NULL AS x FROM clicks`, 'MR_BIND_TYPE'],
  [`CREATE TEMPORARY TABLE t ${options} AS SELECT ip FROM clicks`, 'MR_BIND_CREATE_AS'],
  [`REPLACE TABLE t ${options} AS SELECT ip FROM clicks`, 'MR_PLAN_UNSUPPORTED'],
])('%s is refused', (sql, code) => {
  expect(() => created(sql)).toThrow(expect.objectContaining({ code }))
})
