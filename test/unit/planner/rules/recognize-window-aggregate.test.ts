import { expect, test } from 'vitest'
import { inputRef } from '../../../../src/planner/expression-rewrite.ts'
import type { AggregateCall } from '../../../../src/planner/index.ts'
import { aggregate, type LogicalPlan, project } from '../../../../src/planner/logical/index.ts'
import { recognizeWindowAggregate } from '../../../../src/planner/rules/recognize-window-aggregate.ts'
import { bigintType, timestampType } from '../../../../src/types/index.ts'
import { a, after, tableScan, tumbled, unchanged } from './plans.ts'

const bound = timestampType(3, false)
const [start, end] = [inputRef(3, bound), inputRef(4, bound)]
const count: AggregateCall = {
  function: 'COUNT',
  arguments: [],
  distinct: false,
  filter: null,
  type: bigintType(false),
}
const grouped = (input: LogicalPlan, keys: readonly number[], call = count) =>
  aggregate(input, keys, [call], ['n'], undefined, new Set())

test('grouped by both bounds, the aggregate assigns windows itself', () => {
  const below = project(tumbled(tableScan()), [start, end, a], ['window_start', 'window_end', 'a'])
  expect(after(recognizeWindowAggregate, grouped(below, [0, 1, 2]))).toEqual([
    'Project(select=[window_start, window_end, a, n])',
    '+- WindowAggregate(groupBy=[a], window=[tumble(1 min) on ts], select=[COUNT(*), start, end])',
    '   +- Project(select=[a, ts])',
    '      +- Scan(columns=[a, b, ts], watermark=[ts], select=[a, b, ts])',
  ])
})

test('an aggregate that reads a bound gets rows with their bounds attached', () => {
  const min = { ...count, function: 'MIN', arguments: [0], type: timestampType(3) }
  const below = project(tumbled(tableScan()), [start, end], ['window_start', 'window_end'])
  expect(after(recognizeWindowAggregate, grouped(below, [0, 1], min))[1]).toBe(
    '+- WindowAggregate(window=[attached, bounds window_start, window_end], select=[MIN(window_start), start, end])',
  )
})

test('grouped by one bound only, it is no window aggregate', () => {
  expect(unchanged(recognizeWindowAggregate, grouped(tumbled(tableScan()), [3, 0]))).toBe(true)
})
