/**
 * Laws of planning, over random queries:
 * 1. a query is planned into a sound graph (check-graph.ts), or refused with a ValidationError that has a position;
 * 2. pruning and pushing keep the names and types of the result;
 * 3. planning is deterministic.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MillraceError } from '../../../src/errors/index.ts'
import { checkGraph } from '../../plan/support/check-graph.ts'
import { plannerContext, planOne, planScript } from '../../plan/support/plan-script.ts'

const tables = `
CREATE TABLE t (a INT, b BIGINT, s STRING, ok BOOLEAN, ts TIMESTAMP(3), r ROW<x INT, y STRING>, twice AS a * 2,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE u (a INT, b BIGINT, s STRING, ok BOOLEAN, ts TIMESTAMP(3), PRIMARY KEY (a) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka');`

const number = fc.constantFrom(
  'a',
  'b',
  '1',
  'a + b',
  'a * 2 + 1',
  'CASE WHEN ok THEN a ELSE 0 END',
  'CHAR_LENGTH(s)',
)
const text = fc.constantFrom('s', "'x'", 'UPPER(s)', "s || 'z'", 'CAST(a AS STRING)')
const condition: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(number, fc.constantFrom('=', '<', '>='), number).map(([l, op, r]) => `${l} ${op} ${r}`),
  fc.tuple(text, text).map(([l, r]) => `${l} <> ${r}`),
  fc.constantFrom('ok', 'NOT ok', 's IS NULL', 'TRUE', '1 = 1', "s IN ('a', 'b')", 'RAND() < 0.5'),
)
const where = fc.option(condition, { nil: undefined }).map(c => (c === undefined ? '' : ` WHERE ${c}`))

/** Relations with the columns a, b, s, ok, ts. */
const relation: fc.Arbitrary<string> = fc.letrec<{ relation: string }>(tie => ({
  relation: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom('t', 'u'),
    fc.tuple(tie('relation'), where).map(([from, w]) => `(SELECT a, b, s, ok, ts FROM ${from}${w})`),
    fc
      .tuple(tie('relation'), number, text, where)
      .map(([from, n, s, w]) => `(SELECT a, CAST(${n} AS BIGINT) AS b, ${s} AS s, ok, ts FROM ${from}${w})`),
    fc
      .tuple(tie('relation'), tie('relation'))
      .map(([l, r]) => `(SELECT a, b, s, ok, ts FROM ${l} UNION ALL SELECT a, b, s, ok, ts FROM ${r})`),
    tie('relation').map(from => `(SELECT DISTINCT a, b, s, ok, ts FROM ${from})`),
    tie('relation').map(
      from =>
        `(SELECT a, SUM(b) AS b, MAX(s) AS s, COUNT(*) > 1 AS ok, MIN(ts) AS ts FROM ${from} GROUP BY a)`,
    ),
  ),
})).relation

const windowed = fc
  .tuple(
    relation,
    fc.constantFrom(
      "TUMBLE(TABLE_, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
      "HOP(TABLE_, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)",
      "CUMULATE(TABLE_, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)",
    ),
    fc.constantFrom('', ', a', ', UPPER(s)', ', window_time'),
    where,
  )
  .map(([from, window, keys, w]) => {
    const data = from.startsWith('(') ? from : `TABLE ${from}`
    return `SELECT window_start${keys}, COUNT(*) AS n, SUM(b) AS total FROM TABLE(${window.replace('TABLE_', data)})${w}
      GROUP BY window_start, window_end${keys}`
  })

const query = fc.oneof(
  fc
    .tuple(relation, number, text, where)
    .map(([from, n, s, w]) => `SELECT ${n} AS n, ${s} AS s2, * FROM ${from}${w}`),
  fc.tuple(relation, where).map(([from, w]) => `SELECT COUNT(*), COUNT(DISTINCT s) FROM ${from}${w}`),
  fc
    .tuple(relation, where, number)
    .map(
      ([from, w, n]) =>
        `SELECT s, MAX(${n}) FILTER (WHERE ok) AS m FROM ${from}${w} GROUP BY s HAVING COUNT(*) > 1`,
    ),
  windowed,
  windowed.map(
    from => `SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS rn
      FROM (SELECT window_start, window_start AS window_end, n FROM (${from}))) WHERE rn <= 2`,
  ),
)

function planned(sql: string) {
  const context = plannerContext()
  planScript(`SET 'parallelism.default' = '3'; ${tables}`, context)
  return planOne(sql, context)
}

test('random queries are planned soundly or refused at a place', () => {
  let numPlanned = 0
  fc.assert(
    fc.property(query, sql => {
      try {
        const job = planned(sql)
        expect(checkGraph(job.graph)).toEqual([])
        expect(JSON.stringify(planned(sql).graph)).toBe(JSON.stringify(job.graph))
        const shape = (fields: readonly { name: string; type: { kind: string } }[]) =>
          fields.map(f => [f.name, f.type.kind])
        expect(shape(job.graph.nodes.at(-1)!.output)).toEqual(shape(job.bound[0]!.output))
        numPlanned++
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error
        expect({ family: error.family, sql }).toEqual({ family: 'validation', sql })
        expect(error.details.position, `${error.message} in ${sql}`).toBeDefined()
      }
    }),
    { numRuns: 200 },
  )
  expect(numPlanned).toBeGreaterThan(50)
})
