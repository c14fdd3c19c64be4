import { expect, test } from 'vitest'
import { filter, project } from '../../../../src/planner/logical/index.ts'
import { pruneWatermark } from '../../../../src/planner/rules/prune-watermark.ts'
import { timestampType } from '../../../../src/types/index.ts'
import { a, after, fn, greater, tableScan, ts, tumbled, unchanged } from './plans.ts'

test('no watermark where nothing uses event time', () => {
  expect(after(pruneWatermark, project(tableScan(), [a], ['a'])).at(-1)).toBe(
    '+- Scan(columns=[a, b, ts], select=[a, b, ts])',
  )
})

test('windows and CURRENT_WATERMARK keep it', () => {
  expect(unchanged(pruneWatermark, project(tumbled(tableScan()), [a], ['a']))).toBe(true)
  const late = greater(fn('CURRENT_WATERMARK', [ts], timestampType(3)), ts)
  expect(unchanged(pruneWatermark, filter(tableScan(), late))).toBe(true)
})
