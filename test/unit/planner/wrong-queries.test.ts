import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../src/errors/index.ts'
import { plannerContext, planScript } from '../../plan/support/plan-script.ts'
import * as cases from './wrong-queries.ts'

const tables = `
CREATE TABLE clicks (
  ip STRING, user_id BIGINT, url STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE users (
  id BIGINT, name STRING, nested ROW<street STRING>, tags ARRAY<STRING>, born TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED
) WITH ('connector' = 'upsert-kafka');
CREATE TABLE per_ip (ip STRING, cnt BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE upserted (ip STRING, cnt BIGINT, PRIMARY KEY (ip) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE TABLE with_meta (ip STRING, part INT METADATA FROM 'partition' VIRTUAL, shout AS UPPER(ip))
  WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE generated (n INT) WITH ('connector' = 'datagen');
CREATE TABLE printed (n INT) WITH ('connector' = 'print');
CREATE VIEW a_view AS SELECT ip FROM clicks;
`

function failureOf(sql: string): MillraceError {
  const context = plannerContext()
  planScript(tables, context)
  try {
    planScript(sql, context)
  } catch (error) {
    if (error instanceof MillraceError) return error
    throw error
  }
  throw new Error(`no error for: ${sql}`)
}

for (const [group, list] of Object.entries(cases)) {
  describe(group, () => {
    test.each(list.map(one => [one.sql, one] as const))('%s', (sql, { code, at, says }) => {
      const error = failureOf(sql)
      const { position } = error.details
      const marked =
        position === undefined ? '' : sql.slice(position.offset, position.offset + position.length)
      expect({ code: error.code, at: marked, family: error.family }).toEqual({
        code,
        at,
        family: 'validation',
      })
      const text = error.render()
      for (const part of says) expect(text).toContain(part)
    })
  })
}

test('options of watermarks are checked by the planner', () => {
  const table = (option: string) =>
    `CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'format' = 'json', ${option}); SELECT a FROM t`
  expect(failureOf(table("'scan.watermark.idle-timeot' = '1 s'"))).toMatchObject({
    code: 'MR_CONFIG_UNKNOWN_OPTION',
    details: { nearest: 'scan.watermark.idle-timeout' },
  })
  expect(failureOf(table("'scan.watermark.emit.strategy' = 'never'"))).toMatchObject({
    code: 'MR_CONFIG_OPTION_VALUE',
    details: { expected: ['on-periodic', 'on-event'] },
  })
})
