import { expect, test } from 'vitest'
import { inputRef } from '../../../../src/planner/expression-rewrite.ts'
import { filter } from '../../../../src/planner/logical/index.ts'
import { pushFilterThroughWindow } from '../../../../src/planner/rules/push-filter-through-window.ts'
import { timestampType } from '../../../../src/types/index.ts'
import { a, after, fn, greater, int, tableScan, ts, tumbled, unchanged } from './plans.ts'

const bounds = greater(inputRef(3, timestampType(3, false)), ts)

test('conditions on rows move below, conditions on windows stay', () => {
  const plan = filter(tumbled(tableScan()), fn('AND', [greater(a, int(1)), bounds]))
  expect(after(pushFilterThroughWindow, plan).slice(0, 3)).toEqual([
    'Filter(condition=[window_start > ts])',
    '+- WindowTableFunction(window=[tumble(1 min)], time=[ts])',
    '   +- Filter(condition=[a > 1])',
  ])
})

test('nothing moves when every condition reads the window', () => {
  expect(unchanged(pushFilterThroughWindow, filter(tumbled(tableScan()), bounds))).toBe(true)
})
