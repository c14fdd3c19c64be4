import { expect, test } from 'vitest'
import { planOne } from '../../plan/support/plan-script.ts'

const tables = `
CREATE TABLE clicks (
  ip STRING, user_id BIGINT, url STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 't', 'format' = 'json');
CREATE TABLE per_ip (window_start TIMESTAMP(3), ip STRING, cnt BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE copies (ip STRING, url STRING) WITH ('connector' = 'kafka', 'format' = 'json');
`
const windowed = (where: string, extra = '') => `
INSERT INTO per_ip SELECT window_start, ip, COUNT(*) ${extra}
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) ${where}
GROUP BY window_start, window_end, ip;`
const copy = 'INSERT INTO copies SELECT ip, url FROM clicks;'
const set = (...inserts: readonly string[]) =>
  `${tables} EXECUTE STATEMENT SET BEGIN ${inserts.join('\n')} END;`

const stateful = ['Scan', 'WindowAggregate', 'Sink']
const idsOf = (script: string) =>
  planOne(script)
    .graph.nodes.filter(node => stateful.includes(node.kind))
    .map(node => node.id)

const before = idsOf(tables + windowed(''))

test('ids name table, sink, keys and window', () => {
  expect(before).toEqual([
    'scan:default_catalog.default_database.clicks',
    'default_catalog.default_database.per_ip/WindowAggregate(ip; tumble(1 min))',
    'sink:default_catalog.default_database.per_ip',
  ])
})

test('ids stay when a WHERE reads one more column', () => {
  expect(idsOf(tables + windowed("WHERE url = 'a' OR user_id > 3"))).toEqual(before)
})

test('ids stay when columns are pruned or added to the table', () => {
  const wider = tables.replace('url STRING,', 'url STRING, referrer STRING,')
  expect(idsOf(wider + windowed(''))).toEqual(before)
})

test('ids stay when another INSERT is appended', () => {
  expect(idsOf(set(windowed(''), copy))).toEqual(expect.arrayContaining([...before]))
})

test('two INSERTs into one table have different ids, and the first keeps its own', () => {
  const ids = idsOf(set(windowed(''), windowed('WHERE user_id > 1')))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.slice(0, 3)).toEqual(before)
})
