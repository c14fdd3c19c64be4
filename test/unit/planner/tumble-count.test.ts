import { expect, test } from 'vitest'
import type { PlanNodeOf } from '../../../src/planner/index.ts'
import { planOne } from '../../plan/support/plan-script.ts'

const tables = `
CREATE TABLE ip_source (
  ip STRING, user_id BIGINT, ts TIMESTAMP(3), extra STRING,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 't', 'format' = 'json');
CREATE TABLE ip_count (
  window_start TIMESTAMP(3), window_end TIMESTAMP(3), ip STRING, cnt BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
`
const count = `
INSERT INTO ip_count
SELECT window_start, window_end, ip, COUNT(*)
FROM TABLE(TUMBLE(TABLE ip_source, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, ip;
`

test('a tumbling count becomes scan, window aggregate, calc and sink', () => {
  const { graph } = planOne(tables + count)
  expect(graph.nodes.map(node => node.kind)).toEqual(['Scan', 'WindowAggregate', 'Calc', 'Sink'])
  const [scan, aggregate, calc, sink] = graph.nodes as [
    PlanNodeOf<'Scan'>,
    PlanNodeOf<'WindowAggregate'>,
    PlanNodeOf<'Calc'>,
    PlanNodeOf<'Sink'>,
  ]
  expect(scan.columns.map(column => column.kind === 'physical' && column.name)).toEqual(['ip', 'ts'])
  expect(scan.output.map(f => [f.name, f.timeAttribute])).toEqual([
    ['ip', undefined],
    ['ts', 'rowtime'],
  ])
  expect(scan.watermark).toMatchObject({ idleTimeoutMs: 0, emit: 'on-periodic' })
  expect(aggregate.time).toEqual({
    kind: 'assign',
    window: { kind: 'tumble', sizeMs: 60_000, offsetMs: 0 },
    timeColumn: 1,
    attribute: 'rowtime',
    localTimeZone: false,
  })
  expect(aggregate.keys).toEqual([0])
  expect(aggregate.properties).toEqual(['start', 'end'])
  expect(aggregate.output.map(f => f.name)).toEqual(['ip', 'COUNT(*)', 'window_start', 'window_end'])
  expect(calc.projections.map(e => e.kind === 'InputRef' && e.index)).toEqual([2, 3, 0, 1])
  expect(sink.columns.map(column => column.kind === 'physical' && column.name)).toEqual([
    'window_start',
    'window_end',
    'ip',
    'cnt',
  ])
})

test('the graph survives JSON', () => {
  const { graph } = planOne(tables + count)
  expect(JSON.parse(JSON.stringify(graph))).toEqual(graph)
})

test('one subtask needs no exchange, several are hashed by the group key', () => {
  const exchanges = (text: string) =>
    planOne(text).graph.nodes.flatMap(n => n.inputs.map(i => i.exchange.kind))
  expect(exchanges(tables + count)).toEqual(['forward', 'forward', 'forward'])
  expect(exchanges(`SET 'parallelism.default' = '4'; ${tables} ${count}`)).toEqual([
    'hash',
    'forward',
    'forward',
  ])
})

test('the job is named by pipeline.name, else by the caller', () => {
  expect(planOne(tables + count).graph.name).toBe('test')
  expect(planOne(`SET 'pipeline.name' = 'ips'; ${tables} ${count}`).graph.name).toBe('ips')
})
