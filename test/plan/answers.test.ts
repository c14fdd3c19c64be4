/** What planned queries answer when they run, in one subtask and in three: the same rows. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Millrace } from '../../src/session/millrace.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'millrace-answers-'))
afterAll(() => rmSync(stateDir, { recursive: true, force: true }))

const second = (s: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, s))
const clicks = [
  { ip: 'a', user_id: 6n, url: 'u', price: 1.5, ts: second(1), r: { x: 1, y: 'q' } },
  { ip: 'b', user_id: 7n, url: 'u', price: 2.5, ts: second(2), r: { x: 2, y: 'q' } },
  { ip: 'a', user_id: 7n, url: '', price: 200, ts: second(70), r: null },
  { ip: 'a', user_id: 1n, url: 'v', price: 0.5, ts: second(71), r: { x: 4, y: 'z' } },
]

/** The rows as `value, value` lines, sorted. */
async function answer(sql: string, parallelism: number): Promise<readonly string[]> {
  const config = { 'table.local-time-zone': 'UTC', 'parallelism.default': String(parallelism) }
  await using millrace = new Millrace({ stateDir, config })
  millrace.createSource('clicks', {
    columns: `ip STRING, user_id BIGINT, url STRING, price DOUBLE, ts TIMESTAMP(3), r ROW<x INT, y STRING>,
      WATERMARK FOR ts AS ts - INTERVAL '5' SECOND`,
    rows: (async function* () {
      yield* clicks
    })(),
  })
  const lines: string[] = []
  for await (const row of millrace.query(sql)) {
    lines.push(
      Object.values(row as Record<string, unknown>)
        .map(String)
        .join(', '),
    )
  }
  return lines.sort()
}

const tumble = "TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"
const perIp = `SELECT window_start, window_end, ip, COUNT(*) AS n FROM ${tumble} GROUP BY window_start, window_end, ip`
const [zero, one, two] = ['2024-01-01 00:00:00', '2024-01-01 00:01:00', '2024-01-01 00:02:00']

const cases: readonly (readonly [sql: string, rows: readonly string[]])[] = [
  [perIp, [`${zero}, ${one}, a, 1`, `${zero}, ${one}, b, 1`, `${one}, ${two}, a, 2`]],
  [
    `SELECT window_time, ip, COUNT(DISTINCT user_id), COUNT(*) FILTER (WHERE price > 1)
     FROM ${tumble} GROUP BY window_start, window_end, window_time, ip HAVING COUNT(*) > 1`,
    ['2024-01-01 00:01:59.999, a, 2, 1'],
  ],
  [
    `SELECT ip, MIN(window_start) FROM ${tumble} GROUP BY window_start, window_end, ip`,
    [`a, ${zero}`, `a, ${one}`, `b, ${zero}`],
  ],
  [
    `SELECT window_start, ip, n, rn FROM (
       SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, ip DESC) AS rn FROM (${perIp})
     ) WHERE rn <= 1`,
    [`${zero}, b, 1, 1`, `${one}, a, 2, 1`],
  ],
  [
    `SELECT window_start, SUM(n) FROM TABLE(TUMBLE((
       SELECT window_time AS rt, COUNT(*) AS n FROM ${tumble} GROUP BY window_start, window_end, window_time, ip
     ), DESCRIPTOR(rt), INTERVAL '1' HOUR)) GROUP BY window_start, window_end`,
    [`${zero}, 4`],
  ],
  [
    `SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), COUNT(*) FROM clicks GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)`,
    [`${zero}, 2`, `${one}, 2`],
  ],
  ['SELECT DISTINCT ip FROM clicks', ['a', 'b']],
  [
    "SELECT ip, user_id FROM clicks WHERE price > 2 UNION ALL SELECT 'x', 1 FROM clicks WHERE url = ''",
    ['a, 7', 'b, 7', 'x, 1'],
  ],
  [
    'SELECT r.x, r.y, CASE WHEN r.x > 1 THEN r.y END FROM clicks WHERE r.y IS NOT NULL',
    ['1, q, null', '2, q, q', '4, z, z'],
  ],
  ["SELECT -user_id, FLOOR(ts TO HOUR), 1 + 1 FROM clicks WHERE ip IN ('b', 'c')", [`-7, ${zero}, 2`]],
  ["VALUES (1, 'a'), (2, NULL)", ['1, a', '2, null']],
]

describe.each([1, 3])('in %i subtasks', parallelism => {
  test.each(cases)('%s', async (sql, rows) => {
    expect(await answer(sql, parallelism)).toEqual([...rows].sort())
  })
})
