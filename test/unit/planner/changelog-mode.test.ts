import { describe, expect, test } from 'vitest'
import { kindsText } from '../../../src/planner/explain/print-graph.ts'
import { planOne } from '../../plan/support/plan-script.ts'

const tables = `
CREATE TABLE events (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE cdc (k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'kafka', 'format' = 'debezium-json');
CREATE TABLE upserts (k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE TABLE keyed (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE TABLE log (k STRING, n BIGINT) WITH ('connector' = 'kafka', 'format' = 'debezium-json');
CREATE TABLE appended (k STRING, n BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
`
/** `Kind I,UB,UA,D` of every node, sources first. */
const kinds = (sql: string) =>
  planOne(tables + sql).graph.nodes.map(node => `${node.kind} ${kindsText(node.changes)}`)

describe('Flink’s table of change kinds', () => {
  test('an aggregate into an upsert sink keyed by its group needs no -U', () => {
    expect(kinds('INSERT INTO keyed SELECT k, COUNT(*) FROM events GROUP BY k')).toEqual([
      'Scan I',
      'GroupAggregate I,UA',
      'Sink I,UA',
    ])
  })

  test('a changelog sink wants -U', () => {
    expect(kinds('INSERT INTO log SELECT k, COUNT(*) FROM events GROUP BY k')).toEqual([
      'Scan I',
      'GroupAggregate I,UB,UA',
      'Sink I,UB,UA',
    ])
  })

  test('a filter on a result needs -U, one on the key does not', () => {
    const grouped = '(SELECT k, COUNT(*) AS n FROM events GROUP BY k)'
    expect(kinds(`INSERT INTO keyed SELECT k, n FROM ${grouped} WHERE n > 1`)[1]).toBe(
      'GroupAggregate I,UB,UA',
    )
    expect(kinds(`INSERT INTO keyed SELECT k, n FROM ${grouped} WHERE k <> ''`)[1]).toBe(
      'GroupAggregate I,UA',
    )
  })

  test('aggregates of aggregates retract and delete', () => {
    const inner = '(SELECT k, COUNT(*) AS n FROM events GROUP BY k)'
    expect(kinds(`SELECT n, COUNT(*) FROM ${inner} GROUP BY n`)).toEqual([
      'Scan I',
      'GroupAggregate I,UB,UA',
      'Calc I,UB,UA',
      'GroupAggregate I,UB,UA,D',
      'Calc I,UB,UA,D',
      'Collect I,UB,UA,D',
    ])
  })

  test('DISTINCT over inserts makes inserts, over a changelog inserts and deletes', () => {
    expect(kinds('SELECT DISTINCT k FROM events')[1]).toBe('GroupAggregate I')
    expect(kinds('SELECT DISTINCT v FROM cdc')[1]).toBe('GroupAggregate I,D')
  })

  test('sources carry what their format does; upserts are normalized', () => {
    expect(kinds('SELECT k, v FROM cdc')[0]).toBe('Scan I,UB,UA,D')
    expect(kinds('INSERT INTO keyed SELECT k, v FROM upserts').slice(0, 2)).toEqual([
      'Scan I,UA,D',
      'ChangelogNormalize I,UA,D',
    ])
    expect(kinds('INSERT INTO log SELECT k, v FROM upserts')[1]).toBe('ChangelogNormalize I,UB,UA,D')
  })

  test('table.exec.source.cdc-events-duplicate normalizes a changelog source with a key', () => {
    const set = "SET 'table.exec.source.cdc-events-duplicate' = 'true'; "
    expect(kinds(`${set} SELECT k FROM cdc`)[1]).toBe('ChangelogNormalize I,UB,UA,D')
  })

  test('a window aggregate makes inserts whatever comes in, updates only with lateness or early firing', () => {
    const window = `SELECT window_start, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
      GROUP BY window_start, window_end, k`
    expect(kinds(window)[1]).toBe('WindowAggregate I')
    expect(kinds(`SET 'table.exec.emit.allow-lateness' = '1 min'; ${window}`)[1]).toBe(
      'WindowAggregate I,UB,UA',
    )
  })
})

const tumble = "TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"
const lateness = "SET 'table.exec.emit.allow-lateness' = '1 min'; "

test('an append sink behind an updating window is refused and says which setting does it', () => {
  const sql = `${lateness} INSERT INTO appended SELECT k, COUNT(*) FROM ${tumble} GROUP BY window_start, window_end, k`
  expect(() => kinds(sql)).toThrow('the window aggregate with early firing or allowed lateness makes updates')
  expect(() => kinds(sql)).toThrow(
    expect.objectContaining({
      code: 'MR_PLAN_APPEND_SINK',
      details: expect.objectContaining({
        hint: expect.stringContaining("RESET 'table.exec.emit.allow-lateness'"),
      }),
    }),
  )
})

test('a window Top-N over updating windows is refused', () => {
  const ranked = `SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n) AS rn FROM (
    SELECT window_start, window_end, k, COUNT(*) AS n FROM ${tumble} GROUP BY window_start, window_end, k)) WHERE rn < 3`
  expect(kinds(ranked)).toContain('WindowTopN I')
  expect(() => kinds(lateness + ranked)).toThrow(expect.objectContaining({ code: 'MR_PLAN_UPDATING_INPUT' }))
})

test('half a setting is an error', () => {
  expect(() => kinds("SET 'table.exec.emit.early-fire.enabled' = 'true'; SELECT k FROM events")).toThrow(
    expect.objectContaining({
      code: 'MR_CONFIG_EMIT',
      details: expect.objectContaining({ hint: expect.stringContaining('early-fire.delay') }),
    }),
  )
  expect(() =>
    kinds(
      "SET 'table.exec.emit.late-fire.enabled' = 'true'; SET 'table.exec.emit.late-fire.delay' = '1 s'; SELECT k FROM events",
    ),
  ).toThrow('needs an allowed lateness')
})
