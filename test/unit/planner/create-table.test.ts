import { describe, expect, test } from 'vitest'
import type { CatalogTable } from '../../../src/catalog/index.ts'
import { typeToString } from '../../../src/types/index.ts'
import { plannerContext, planScript } from '../../plan/support/plan-script.ts'

/** The last table of a script. */
function created(sql: string): CatalogTable {
  const context = plannerContext()
  planScript(sql, context)
  const name = [...sql.matchAll(/CREATE (?:TEMPORARY )?TABLE (\w+)/g)].at(-1)![1]!
  return context.catalog.get(context.catalog.resolvePath([name])) as CatalogTable
}

const columnTexts = (table: CatalogTable) =>
  table.schema.columns.map(c => {
    const extra =
      c.kind === 'computed' ? ` AS ${c.expression}` : c.kind === 'metadata' ? ` FROM ${c.key}` : ''
    return `${c.name} ${typeToString(c.type)}${extra}`
  })

const base = `CREATE TABLE base (
  id BIGINT, name STRING, up AS UPPER(name), stamp TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (id) NOT ENFORCED
) WITH ('connector' = 'upsert-kafka', 'topic' = 't');`

test('types get defaults, keys become NOT NULL, expressions are kept as SQL', () => {
  const table = created(base)
  expect(columnTexts(table)).toEqual([
    'id BIGINT NOT NULL',
    'name STRING',
    'up STRING AS UPPER(name)',
    'stamp TIMESTAMP_LTZ(3) FROM timestamp',
    'ts TIMESTAMP(3)',
  ])
  expect(table.schema.watermark).toEqual({ column: 'ts', expression: "ts - INTERVAL '5' SECOND" })
  expect(table.schema.primaryKey).toEqual({ columns: ['id'] })
  expect(table.options).toEqual({ connector: 'upsert-kafka', topic: 't' })
})

test('every type of the dialect', () => {
  const table = created(`CREATE TABLE t (
    a CHAR, b VARCHAR(5) NOT NULL, c DECIMAL, d TIME, e TIMESTAMP, f TIMESTAMP(3) WITH LOCAL TIME ZONE, g BYTES,
    h ARRAY<INT NOT NULL>, i MAP<STRING, ROW<x DOUBLE PRECISION>>, j MULTISET<INT>, k BOOLEAN, l DATE, m BINARY(3), n VARCHAR, o VARBINARY)`)
  expect(columnTexts(table)).toEqual([
    'a CHAR(1)',
    'b VARCHAR(5) NOT NULL',
    'c DECIMAL(10, 0)',
    'd TIME(0)',
    'e TIMESTAMP(6)',
    'f TIMESTAMP_LTZ(3)',
    'g BYTES',
    'h ARRAY<INT NOT NULL>',
    'i MAP<STRING, ROW<`x` DOUBLE>>',
    'j MULTISET<INT>',
    'k BOOLEAN',
    'l DATE',
    'm BINARY(3)',
    'n STRING',
    'o BYTES',
  ])
})

test('a watermark may be on a computed or metadata column', () => {
  const computed = created(
    `CREATE TABLE t (ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts)`,
  )
  expect(computed.schema.watermark).toEqual({ column: 'ts', expression: 'ts' })
  const metadata = created(
    `CREATE TABLE t (ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', WATERMARK FOR ts AS ts)`,
  )
  expect(metadata.schema.columns[0]).toMatchObject({ kind: 'metadata', key: 'timestamp', virtual: false })
})

describe('LIKE', () => {
  test('takes everything, and options of the new table win', () => {
    const table = created(`${base} CREATE TABLE t (extra INT) WITH ('topic' = 'other') LIKE base`)
    expect(table.schema.columns.map(c => c.name)).toEqual(['id', 'name', 'up', 'stamp', 'ts', 'extra'])
    expect(table.options).toEqual({ connector: 'upsert-kafka', topic: 'other' })
    expect(table.schema.watermark?.column).toBe('ts')
    expect(table.schema.primaryKey?.columns).toEqual(['id'])
  })

  test('EXCLUDING ALL takes physical columns only', () => {
    const table = created(`${base} CREATE TABLE t LIKE base (EXCLUDING ALL)`)
    expect(table.schema.columns.map(c => c.name)).toEqual(['id', 'name', 'ts'])
    expect(table.schema).not.toHaveProperty('watermark')
    expect(table.schema).not.toHaveProperty('primaryKey')
    expect(table.options).toEqual({})
  })

  test('OVERWRITING lets the new table declare again', () => {
    const table = created(`${base} CREATE TABLE t (
      up AS LOWER(name), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
    ) LIKE base (OVERWRITING GENERATED OVERWRITING WATERMARKS)`)
    expect(table.schema.columns.find(c => c.name === 'up')).toMatchObject({ expression: 'LOWER(name)' })
    expect(table.schema.watermark?.expression).toBe("ts - INTERVAL '1' SECOND")
  })

  test.each([
    ["WITH ('topic' = 'x') LIKE base (INCLUDING OPTIONS)", 'OVERWRITING OPTIONS'],
    ['(up AS LOWER(name)) LIKE base', 'OVERWRITING GENERATED'],
    ['(WATERMARK FOR ts AS ts) LIKE base', 'OVERWRITING WATERMARKS'],
    ['(PRIMARY KEY (name) NOT ENFORCED) LIKE base', 'EXCLUDING CONSTRAINTS'],
  ])('%s is refused and says what to write', (sql, hint) => {
    expect(() => created(`${base} CREATE TABLE t ${sql}`)).toThrow(
      expect.objectContaining({
        code: 'MR_BIND_LIKE',
        details: expect.objectContaining({ hint: `say ${hint}` }),
      }),
    )
  })
})

test('a view keeps its query and the database it was made in', () => {
  const context = plannerContext()
  planScript(`${base} CREATE VIEW v (n) AS SELECT name FROM base WHERE id > 1;`, context)
  context.catalog.createDatabase(['other'], { options: {} })
  context.catalog.useDatabase(['other'])
  const [job] = planScript('SELECT n FROM default_database.v', context)
  expect(job!.graph.nodes.at(-1)!.output.map(f => f.name)).toEqual(['n'])
  expect(context.catalog.get(['default_catalog', 'default_database', 'v'])).toMatchObject({
    kind: 'view',
    query: 'SELECT name FROM base WHERE id > 1',
    context: ['default_catalog', 'default_database'],
  })
})

test('errors inside a view point into its text', () => {
  const context = plannerContext()
  planScript(`${base} CREATE VIEW v AS SELECT name FROM base;`, context)
  context.catalog.remove(context.catalog.get(['default_catalog', 'default_database', 'base']))
  expect(() => planScript('SELECT * FROM v', context)).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({ source: { name: 'view v', text: 'SELECT name FROM base' } }),
    }),
  )
})
