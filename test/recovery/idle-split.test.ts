/** A split that was idle when a savepoint was taken holds time back again after it; a window that has fired stays closed. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Stage } from './support/stage.ts'

const sql = `
  CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts);
  CREATE TABLE counts (s TIMESTAMP(3), n BIGINT) WITH ('sink.changelog-mode' = 'insert');
  INSERT INTO counts SELECT window_start, COUNT(*)
  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`

const splitOf = (seconds: readonly number[]) =>
  seconds.map((s, at) => ({
    at,
    element: { kind: '+I' as const, values: [`2025-01-01 00:00:${String(s).padStart(2, '0')}`] },
  }))

test('rows behind a split that holds time back again are as late as before', async () => {
  await using stage = await Stage.create([])
  stage.world.tables.set('t', { splits: [splitOf([40, 50]), splitOf([5, 3, 3, 4, 4])] })
  stage.world.allow(1)
  const options = { config: { 'parallelism.default': '2', 'table.exec.source.idle-timeout': '20 ms' } }
  const [job] = stage.start(sql, options)
  await job!.started()
  const fortieth = Date.UTC(2025, 0, 1, 0, 0, 40)
  await until(() => {
    stage.world.clockMs += 10
    const windows = job!.metrics().operators.filter(({ node }) => node.includes('WindowAggregate'))
    return windows.some(({ values }) => values['currentOutputWatermark'] === fortieth)
  })
  await job!.stopWithSavepoint()
  expect(stage.rows('counts').map(({ n }) => n)).toEqual([1n])
  await stage.readToEnd(sql, options)
  // The window of the first ten seconds once, then those of 40 and 50.
  expect(stage.rows('counts').map(({ n }) => n)).toEqual([1n, 1n, 1n])
})
