import { describe, expect, test } from 'vitest'
import type { CatalogTable } from '../../../src/catalog/index.ts'
import { type AlterTable, parseStatement } from '../../../src/parser/index.ts'
import { bindAlterTable } from '../../../src/planner/index.ts'
import { typeToString } from '../../../src/types/index.ts'
import { plannerContext, planScript } from '../../plan/support/plan-script.ts'

const table = `CREATE TABLE t (
  id BIGINT, name STRING COMMENT 'who', r ROW<a INT>, up AS UPPER(name), \`timestamp\` TIMESTAMP_LTZ(3) METADATA,
  ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, CONSTRAINT pk PRIMARY KEY (id) NOT ENFORCED
) WITH ('connector' = 'kafka', 'topic' = 'x');
CREATE VIEW v AS SELECT id FROM t;`

function altered(sql: string): CatalogTable {
  const context = plannerContext()
  planScript(table, context)
  return bindAlterTable(parseStatement({ text: sql, name: 'alter' }) as AlterTable, context)
}
const names = (t: CatalogTable) => t.schema.columns.map(c => c.name)
const typeOf = (t: CatalogTable, name: string) =>
  typeToString(t.schema.columns.find(c => c.name === name)!.type)

test('columns are added at a place, modified, dropped and renamed', () => {
  const added = altered('ALTER TABLE t ADD (a INT FIRST, b AS id + 1 AFTER name, c STRING)')
  expect(names(added)).toEqual(['a', 'id', 'name', 'b', 'r', 'up', 'timestamp', 'ts', 'c'])
  expect(typeOf(added, 'b')).toBe('BIGINT NOT NULL')
  const modified = altered('ALTER TABLE t MODIFY (r ROW<a INT, b STRING> AFTER ts)')
  expect(names(modified)).toEqual(['id', 'name', 'up', 'timestamp', 'ts', 'r'])
  expect(typeOf(modified, 'r')).toBe('ROW<`a` INT, `b` STRING>')
  expect(names(altered('ALTER TABLE t DROP (r, up)'))).toEqual(['id', 'name', 'timestamp', 'ts'])
  const renamed = altered('ALTER TABLE t RENAME id TO key_id')
  expect(names(renamed)[0]).toBe('key_id')
  expect(renamed.schema.primaryKey).toEqual({ name: 'pk', columns: ['key_id'] })
})

test('what is not touched stays as it was', () => {
  const { schema } = altered('ALTER TABLE t ADD x INT')
  expect(schema.columns.slice(0, -1)).toEqual(altered("ALTER TABLE t SET ('a' = 'b')").schema.columns)
  expect(schema.watermark).toEqual({ column: 'ts', expression: "ts - INTERVAL '5' SECOND" })
})

test('a renamed metadata column keeps its key', () => {
  expect(altered('ALTER TABLE t RENAME `timestamp` TO at_time').schema.columns[4]).toMatchObject({
    name: 'at_time',
    key: 'timestamp',
  })
})

test('watermark, key, options and the name', () => {
  expect(altered('ALTER TABLE t DROP WATERMARK').schema).not.toHaveProperty('watermark')
  expect(altered('ALTER TABLE t MODIFY WATERMARK FOR ts AS ts').schema.watermark?.expression).toBe('ts')
  expect(altered('ALTER TABLE t DROP PRIMARY KEY').schema).not.toHaveProperty('primaryKey')
  expect(altered('ALTER TABLE t DROP CONSTRAINT pk').schema).not.toHaveProperty('primaryKey')
  expect(altered("ALTER TABLE t SET ('topic' = 'y', 'format' = 'json')").options).toEqual({
    connector: 'kafka',
    topic: 'y',
    format: 'json',
  })
  expect(altered("ALTER TABLE t RESET ('topic')").options).toEqual({ connector: 'kafka' })
  expect(altered('ALTER TABLE t RENAME TO u').path).toEqual(['default_catalog', 'default_database', 'u'])
})

describe('refused', () => {
  test.each([
    ['ALTER TABLE nope ADD x INT', 'MR_CATALOG_UNKNOWN_TABLE', "'nope' does not exist"],
    ['ALTER TABLE v ADD x INT', 'MR_BIND_ALTER', 'is a view'],
    ['ALTER TABLE t ADD id INT', 'MR_BIND_DUPLICATE_COLUMN', "has a column 'id' already"],
    ['ALTER TABLE t MODIFY idd INT', 'MR_BIND_UNKNOWN_COLUMN', "no column 'idd'"],
    ['ALTER TABLE t ADD x INT AFTER nope', 'MR_BIND_UNKNOWN_COLUMN', "no column 'nope'"],
    ['ALTER TABLE t DROP name', 'MR_BIND_UNKNOWN_COLUMN', "no column 'name' for the computed column 'up'"],
    ['ALTER TABLE t DROP ts', 'MR_BIND_UNKNOWN_COLUMN', "no column 'ts' for WATERMARK"],
    ['ALTER TABLE t RENAME name TO id', 'MR_BIND_DUPLICATE_COLUMN', "a column 'id' already"],
    ['ALTER TABLE t RENAME r.a TO b', 'MR_PLAN_UNSUPPORTED', 'fields inside ROW'],
    ['ALTER TABLE t ADD WATERMARK FOR ts AS ts', 'MR_BIND_ALTER', 'has a WATERMARK already'],
    ['ALTER TABLE t ADD PRIMARY KEY (name) NOT ENFORCED', 'MR_BIND_ALTER', 'has a PRIMARY KEY already'],
    ['ALTER TABLE t DROP CONSTRAINT other', 'MR_BIND_ALTER', "no constraint 'other'"],
    ["ALTER TABLE t RESET ('connector')", 'MR_BIND_ALTER', "'connector' cannot be reset"],
  ])('%s', (sql, code, message) => {
    expect(() => altered(sql)).toThrow(message)
    expect(() => altered(sql)).toThrow(expect.objectContaining({ code }))
  })
})
