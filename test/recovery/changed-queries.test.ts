/** A job stopped with a savepoint and started with another query, parallelism or set of columns goes on with its state. */
import { expect, test } from 'vitest'
import { Stage } from './support/stage.ts'

const tables = `
CREATE TABLE t (ts TIMESTAMP(3), k STRING, v INT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND);
CREATE TABLE counts (s TIMESTAMP(3), k STRING, n BIGINT);
CREATE TABLE copies (k STRING, v INT);
CREATE TABLE totals (k STRING, n BIGINT, total INT);
`
const at = (second: number) => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString().slice(0, 23)
/** Two rows of each second: a with v = the second, and b with v = 1. */
const rows = Array.from({ length: 40 }, (_, i) =>
  i % 2 === 0 ? [at(i / 2), 'a', i / 2] : [at((i - 1) / 2), 'b', 1],
)
const windowed = (where = '') => `
INSERT INTO counts SELECT window_start, k, COUNT(*)
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) ${where}
GROUP BY window_start, window_end, k;`
const copy = 'INSERT INTO copies SELECT k, v FROM t;'
const set = (...inserts: readonly string[]) =>
  `${tables} EXECUTE STATEMENT SET BEGIN ${inserts.join('\n')} END;`

const row = (second: number, ...rest: readonly unknown[]) =>
  [at(second).replace('T', ' ').replace('.000', ''), ...rest].join(' ')
const unchangedAnswer = [row(0, 'a', 10), row(0, 'b', 10), row(10, 'a', 10), row(10, 'b', 10)]

test('the same query goes on inside an open window', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(tables + windowed(), 13)
  expect(stage.values('counts')).toEqual([])
  await stage.readToEnd(tables + windowed())
  expect(stage.values('counts')).toEqual(unchangedAnswer)
})

test('a WHERE that reads one more column', async () => {
  await using stage = await Stage.create(rows)
  const before = await stage.readAndStop(tables + windowed(), 10)
  // From the sixth second on, only rows of v = 1: b, and nothing of a.
  const after = await stage.readAndStop(tables + windowed('WHERE v = 1'), 30)
  expect(await Stage.nodeIds(after)).toEqual(await Stage.nodeIds(before))
  await stage.readToEnd(tables + windowed('WHERE v = 1'))
  expect(stage.values('counts')).toEqual([row(0, 'a', 5), row(0, 'b', 10), row(10, 'b', 10)])
})

test('a WHERE taken away: its column is not read any more', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(tables + windowed('WHERE v = 1'), 10)
  await stage.readToEnd(tables + windowed())
  // Of a, the second 1 has v = 1; from second 5 on every row counts.
  expect(stage.values('counts')).toEqual([
    row(0, 'a', 6),
    row(0, 'b', 10),
    row(10, 'a', 10),
    row(10, 'b', 10),
  ])
})

test('an INSERT appended to a statement set starts where the shared scan stands', async () => {
  await using stage = await Stage.create(rows)
  const before = await stage.readAndStop(set(windowed()), 30)
  const after = await stage.readAndStop(set(windowed(), copy), 36)
  expect(await Stage.nodeIds(after)).toEqual(expect.arrayContaining([...(await Stage.nodeIds(before))]))
  await stage.readToEnd(set(windowed(), copy))
  expect(stage.values('counts')).toEqual(unchangedAnswer)
  expect(stage.values('copies')).toEqual([
    'a 15',
    'a 16',
    'a 17',
    'a 18',
    'a 19',
    'b 1',
    'b 1',
    'b 1',
    'b 1',
    'b 1',
  ])
})

test('an INSERT without state can be taken out of a statement set', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(set(windowed(), copy), 30)
  await stage.readToEnd(set(windowed()))
  expect(stage.values('counts')).toEqual(unchangedAnswer)
  expect(stage.values('copies')).toHaveLength(30)
})

test('a second bare INSERT in the file is a job of its own; the first goes on', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(tables + windowed(), 30)
  await stage.readToEnd(tables + windowed() + copy)
  expect(stage.values('counts')).toEqual(unchangedAnswer)
  expect(stage.values('copies')).toHaveLength(rows.length)
})

test('another parallelism, up and down, with several splits', async () => {
  await using stage = await Stage.create(rows, 4)
  const parallelism = (n: number) => ({ config: { 'parallelism.default': String(n) } })
  await stage.readAndStop(tables + windowed(), 2, parallelism(1))
  await stage.readAndStop(tables + windowed(), 4, parallelism(3))
  await stage.readAndStop(tables + windowed(), 7, parallelism(4))
  await stage.readToEnd(tables + windowed(), parallelism(2))
  expect(stage.values('counts')).toEqual(unchangedAnswer)
})

test('plain GROUP BY keeps its groups at another parallelism', async () => {
  await using stage = await Stage.create(rows, 3)
  const sql = `${tables} INSERT INTO totals SELECT k, COUNT(*), SUM(v) FROM t GROUP BY k;`
  await stage.readAndStop(sql, 5, { config: { 'parallelism.default': '2' } })
  await stage.readToEnd(sql, { config: { 'parallelism.default': '3' } })
  expect(stage.values('totals')).toEqual(expect.arrayContaining(['a 20 190', 'b 20 20']))
})

test('a row behind the stored watermark is late after the restart too', async () => {
  const late = [at(3), 'a', 3]
  await using stage = await Stage.create([...rows.slice(0, 30), late, ...rows.slice(30)])
  await stage.readAndStop(tables + windowed(), 30)
  expect(stage.values('counts')).toEqual([row(0, 'a', 10), row(0, 'b', 10)])
  await stage.readToEnd(tables + windowed())
  expect(stage.values('counts')).toEqual(unchangedAnswer)
})
