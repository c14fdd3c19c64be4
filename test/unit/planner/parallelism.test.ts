import { expect, test } from 'vitest'
import { planOne } from '../../plan/support/plan-script.ts'

const tables = (source = '', sink = '') => `
CREATE TABLE events (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'kafka', 'format' = 'json' ${source});
CREATE TABLE keyed (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka' ${sink});
CREATE TABLE appended (k STRING, n BIGINT) WITH ('connector' = 'kafka', 'format' = 'json' ${sink});
SET 'parallelism.default' = '4';
`
/** `Kind×parallelism` with the exchanges in front. */
const shape = (sql: string) =>
  planOne(sql).graph.nodes.map(node => {
    const exchanges = node.inputs.map(({ exchange }) =>
      exchange.kind === 'hash' ? `hash(${exchange.keys}) ` : `${exchange.kind} `,
    )
    return `${exchanges.join('')}${node.kind}×${node.parallelism}`
  })

test('rows are hashed to the aggregate and lie right for the sink', () => {
  expect(shape(`${tables()} INSERT INTO keyed SELECT k, COUNT(*) FROM events GROUP BY k`)).toEqual([
    'Scan×4',
    'hash(0) GroupAggregate×4',
    'forward Sink×4',
  ])
})

test('a global aggregate and what follows run once', () => {
  expect(shape(`${tables()} SELECT COUNT(*) FROM events`)).toEqual([
    'Scan×4',
    'singleton GroupAggregate×1',
    'forward Calc×1',
    'forward Collect×1',
  ])
})

test('an upsert sink gets rows by primary key, also unchanged ones', () => {
  expect(shape(`${tables()} INSERT INTO keyed SELECT k, v FROM events`)).toEqual(['Scan×4', 'hash(0) Sink×4'])
  expect(
    shape(
      `SET 'table.exec.sink.keyed-shuffle' = 'NONE'; ${tables()} INSERT INTO keyed SELECT k, v FROM events`,
    ),
  ).toEqual(['Scan×4', 'forward Sink×4'])
})

test('scan.parallelism and sink.parallelism', () => {
  const sql = 'INSERT INTO appended SELECT k, v FROM events'
  expect(shape(`${tables(", 'scan.parallelism' = '2'")} ${sql}`)).toEqual(['Scan×2', 'forward Sink×2'])
  expect(shape(`${tables('', ", 'sink.parallelism' = '1'")} ${sql}`)).toEqual(['Scan×4', 'singleton Sink×1'])
  expect(shape(`${tables('', ", 'sink.parallelism' = '8'")} ${sql}`)).toEqual(['Scan×4', 'rebalance Sink×8'])
  expect(
    shape(
      `${tables('', ", 'sink.parallelism' = '2'")} INSERT INTO keyed SELECT k, COUNT(*) FROM events GROUP BY k`,
    ).at(-1),
  ).toBe('hash(0) Sink×2')
})

test('table.exec.resource.default-parallelism is the stronger one', () => {
  const sql = `${tables()} SET 'table.exec.resource.default-parallelism' = '3'; INSERT INTO appended SELECT k, v FROM events`
  expect(shape(sql)[0]).toBe('Scan×3')
})

test('constants run once', () => {
  expect(shape(`${tables()} INSERT INTO appended VALUES ('a', 1)`)).toEqual([
    'Values×1',
    'forward Calc×1',
    'forward Sink×1',
  ])
})

test('a key that lies right for another operator but in another order is hashed again', () => {
  const inner = '(SELECT k, v, COUNT(*) AS n FROM events GROUP BY k, v)'
  expect(
    shape(`${tables()} SELECT v, k, SUM(n) FROM ${inner} GROUP BY v, k`).filter(s => s.includes('Group')),
  ).toEqual(['hash(0,1) GroupAggregate×4', 'hash(0,1) GroupAggregate×4'])
  expect(
    shape(`${tables()} SELECT k, v, SUM(n) FROM ${inner} GROUP BY k, v`).filter(s => s.includes('Group')),
  ).toEqual(['hash(0,1) GroupAggregate×4', 'forward GroupAggregate×4'])
})
