/**
 * The same variants over thousands of seeded rows and keys, so that tables have many pages, indexes grow and
 * snapshots are not small; DuckDB has the answer.
 */
import { describe, expect, test } from 'vitest'
import { Random } from '../support/random.ts'
import { asOracleRows, duckdbRows } from './support/duckdb-case.ts'
import { finalRows, runCase } from './support/run-case.ts'
import { parseSqlFile, type SqlFile } from './support/sql-file.ts'
import type { Variant } from './support/variants.ts'

const NUM_ROWS = 6_000
const NUM_SPLITS = 3
const START = Date.UTC(2025, 0, 1)

const queries = `
-- query tumble
-- duckdb same
SELECT window_start, k, COUNT(*) AS n, SUM(v) AS s, MIN(d) AS lo, MAX(d) AS hi
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k;

-- query hop-distinct
-- duckdb same
SELECT window_start, COUNT(DISTINCT k) AS ks, COUNT(DISTINCT v) AS vs
FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '40' SECOND)) GROUP BY window_start, window_end;

-- query cumulate
-- duckdb same
SELECT window_start, window_end, COUNT(*) AS n, MAX(k) AS top
FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;

-- query top-n
-- duckdb SELECT s, k, n, rn FROM (SELECT *, row_number() OVER (PARTITION BY s ORDER BY n DESC, k ASC NULLS FIRST) AS rn FROM (SELECT time_bucket(INTERVAL '10' SECOND, ts) AS s, k, count(*) AS n FROM t GROUP BY ALL)) WHERE rn <= 5
SELECT window_start, k, n, rn FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, k ASC) AS rn FROM (
    SELECT window_start, window_end, k, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k
  )
) WHERE rn <= 5;

-- query group-by
-- duckdb same
SELECT k, COUNT(*) AS n, SUM(v) AS s, COUNT(DISTINCT v) AS vs, SUM(d) AS total FROM t GROUP BY k;

-- query nested-group-by
-- duckdb same
SELECT n, COUNT(*) AS ks, MIN(s) AS lo, MAX(s) AS hi FROM (SELECT k, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY k) GROUP BY n;

-- query projection
-- duckdb same
SELECT k, v * 3 - 1 AS w, d + 1 AS e FROM t WHERE v % 7 <> 0 OR k IS NULL;
`

/** Half of the rows on a few hot keys, the others on thousands; out of order by up to 20 s. */
function input(): string[] {
  const random = new Random(77)
  const lines = Array.from({ length: NUM_ROWS }, (_, i) => {
    const time = START + Math.floor(i * 25) + 20_000 - random.below(20_000)
    const key = random.chance(0.02)
      ? null
      : random.chance(0.5)
        ? `hot${random.below(20)}`
        : `k${random.below(2500)}é`
    const ts = new Date(time).toISOString().slice(0, 23).replace('T', ' ')
    const v = random.chance(0.05) ? null : random.below(1000) - 500
    const d = random.chance(0.05) ? null : (random.below(2_000_000) - 1_000_000) / 1000
    return {
      split: random.below(NUM_SPLITS),
      text: JSON.stringify([ts, key, v, d === null ? null : d.toFixed(3)]),
    }
  })
  let split = 0
  return lines.flatMap(line => {
    const change = line.split === split ? [] : [`-- split ${line.split}`]
    split = line.split
    return [...change, `-- ${line.text}`]
  })
}

const file: SqlFile = parseSqlFile(
  [
    'CREATE TABLE t (ts TIMESTAMP(3), k STRING, v INT, d DECIMAL(10, 3),',
    "  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND);",
    '-- input t',
    ...input(),
    queries,
  ].join('\n'),
)

const volumeVariants: readonly Variant[] = [
  { name: 'plain', parallelism: 1, rowsPerBatch: 1024 },
  { name: 'parallel', parallelism: 3, rowsPerBatch: 100 },
  { name: 'crashes', parallelism: 2, rowsPerBatch: 400, chaosSeed: 5 },
  {
    name: 'rescaled',
    parallelism: 2,
    rowsPerBatch: 500,
    stops: [
      { elements: 700, parallelism: 3 },
      { elements: 1_500, parallelism: 1 },
    ],
  },
]

describe.each(file.cases)('$name', sqlCase => {
  test.each(volumeVariants)('$name', async variant => {
    const result = await runCase(file, sqlCase, variant)
    const expected = await duckdbRows(file, sqlCase, result.session)
    expect(expected.length).toBeGreaterThan(5)
    expect(asOracleRows(finalRows(result, 'result'))).toEqual(expected)
    expect(result.late).toBe(0)
  })
})
