import { describe, expect, test } from 'vitest'
import { printBound } from '../../../src/planner/explain/print-expression.ts'
import type { CalcNode, ScanNode } from '../../../src/planner/index.ts'
import { typeToString } from '../../../src/types/index.ts'
import { planOne } from '../../plan/support/plan-script.ts'

const table = `CREATE TABLE t (
  i INT, b BIGINT NOT NULL, d DECIMAL(10, 2), f DOUBLE, s STRING, ok BOOLEAN, ts TIMESTAMP(3), dt DATE,
  r ROW<a INT, n ROW<x STRING>>, l ARRAY<INT>, m MAP<STRING, INT>
) WITH ('connector' = 'kafka', 'format' = 'json');`
const names = ['i', 'b', 'd', 'f', 's', 'ok', 'ts', 'dt', 'r', 'l', 'm']

/** The expression as planned over all columns of `t`, and its type. */
function bound(expression: string): string {
  const { graph } = planOne(`${table} SELECT ${names.join(', ')}, ${expression} FROM t;`)
  const node = graph.nodes[0] as ScanNode | CalcNode
  const e = node.projections.at(-1)!
  return `${printBound(e, names)}: ${typeToString(e.type)}`
}

const cases: readonly (readonly [sql: string, bound: string])[] = [
  ['1', '1: INT NOT NULL'],
  ['3000000000', '3000000000: BIGINT NOT NULL'],
  ['-2147483648', '-2147483648: INT NOT NULL'],
  ['12.50', '12.50: DECIMAL(4, 2) NOT NULL'],
  ['1e3', '1000: DOUBLE NOT NULL'],
  ["'it''s'", "'it''s': CHAR(4) NOT NULL"],
  ["DATE '2024-02-29'", "DATE '2024-02-29': DATE NOT NULL"],
  ["TIMESTAMP '2024-01-02 03:04:05.678'", "TIMESTAMP '2024-01-02 03:04:05.678': TIMESTAMP(3) NOT NULL"],
  ["INTERVAL '1 02:03:04.5' DAY TO SECOND", 'INTERVAL 93784.5 SECOND: INTERVAL DAY(3) TO SECOND(3) NOT NULL'],
  ["INTERVAL '1-2' YEAR TO MONTH", 'INTERVAL 14 MONTH: INTERVAL YEAR(4) TO MONTH NOT NULL'],
  ["INTERVAL -'1:30' HOUR TO MINUTE", 'INTERVAL -5400 SECOND: INTERVAL DAY(3) TO SECOND(3) NOT NULL'],
  ['1 + 2 * 3', '7: INT NOT NULL'],
  ['-i', '-i: INT'],
  ['i + b', 'CAST(i AS BIGINT) + b: BIGINT'],
  ['i BETWEEN 1 AND 3', 'i >= 1 AND i <= 3: BOOLEAN'],
  ['i NOT BETWEEN 1 AND 3', 'NOT (i >= 1 AND i <= 3): BOOLEAN'],
  ['i BETWEEN SYMMETRIC 3 AND 1', '(i >= 3 AND i <= 1) OR (i >= 1 AND i <= 3): BOOLEAN'],
  ["s IN ('a', 'b')", "s IN ('a', 'b'): BOOLEAN"],
  ["s NOT LIKE 'a%'", "NOT (s LIKE 'a%'): BOOLEAN"],
  ['s IS NOT NULL', 's IS NOT NULL: BOOLEAN NOT NULL'],
  ['ok IS NOT TRUE', 'ok IS NOT TRUE: BOOLEAN NOT NULL'],
  ['CASE i WHEN 1 THEN s END', 'CASE WHEN i = 1 THEN s ELSE NULL END: STRING'],
  ['CAST(i AS BIGINT)', 'CAST(i AS BIGINT): BIGINT'],
  ['TRY_CAST(s AS INT)', 'TRY_CAST(s AS INT): INT'],
  ['r.n.x', 'r.n.x: STRING'],
  ['t.r.a', 'r.a: INT'],
  ['l[1]', 'l[1]: INT'],
  ["m['k']", "m['k']: INT"],
  ['CARDINALITY(ARRAY[1, 2])', 'CARDINALITY(ARRAY(1, 2)): INT NOT NULL'],
  ['EXTRACT(HOUR FROM ts)', "EXTRACT('HOUR', ts): BIGINT"],
  ['FLOOR(ts TO HOUR)', "FLOOR_TO(ts, 'HOUR'): TIMESTAMP(3)"],
  ['FLOOR(f)', 'FLOOR(f): DOUBLE'],
  ['TIMESTAMPDIFF(DAY, ts, ts)', "TIMESTAMPDIFF('DAY', ts, ts): INT"],
  ["TRIM(LEADING 'x' FROM s)", "TRIM('LEADING', 'x', s): STRING"],
  ["ts - INTERVAL '5' SECOND", 'ts - INTERVAL 5 SECOND: TIMESTAMP(3)'],
  [
    "JSON_VALUE(s, '$.a' RETURNING INT)",
    "CAST(JSON_VALUE(s, '$.a', 'NULL', NULL, 'NULL', NULL) AS INT): INT",
  ],
  ["JSON_EXISTS(s, '$.a')", "JSON_EXISTS(s, '$.a', 'FALSE'): BOOLEAN"],
  ['s IS NOT JSON OBJECT', 'NOT IS JSON OBJECT(s): BOOLEAN'],
  ['COALESCE(i, b)', 'COALESCE(CAST(i AS BIGINT), b): BIGINT NOT NULL'],
  ['UPPER(s) || LOWER(s)', 'CONCAT(UPPER(s), LOWER(s)): STRING'],
]

describe('expressions bind to canonical calls with types', () => {
  test.each(cases)('%s', (sql, expected) => {
    expect(bound(sql)).toBe(expected)
  })
})
