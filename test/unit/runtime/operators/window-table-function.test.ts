import { expect, test } from 'vitest'
import type { WindowSpec } from '../../../../src/planner/plan-graph/plan-graph.ts'
import { createWindowTableFunctionOperator } from '../../../../src/runtime/operators/window-table-function.ts'
import { stringType, timestampLtzType, timestampType } from '../../../../src/types/index.ts'
import { OperatorHarness } from '../../../support/operator-harness.ts'

function harnessOf(window: WindowSpec, timeZone?: string) {
  const timeType = timeZone === undefined ? timestampType(3) : timestampLtzType(3)
  const inputTypes = [stringType(), timeType]
  const types = [...inputTypes, timestampType(3), timestampType(6), timeType]
  return new OperatorHarness(
    context =>
      createWindowTableFunctionOperator(
        {
          kind: 'WindowTableFunction',
          id: 'tvf',
          label: 'Tumble',
          inputs: [],
          output: types.map((type, c) => ({ name: `c${c}`, type })),
          changes: { updateBefore: false, updateAfter: false, delete: false },
          parallelism: 1,
          time: { window, timeColumn: 1, attribute: 'rowtime', localTimeZone: timeZone !== undefined },
        },
        inputTypes,
        context,
      ),
    { inputTypes, outputTypes: types, ...(timeZone !== undefined && { timeZone }) },
  )
}

test('TUMBLE appends the bounds and keeps row kinds', () => {
  const harness = harnessOf({ kind: 'tumble', sizeMs: 10, offsetMs: 0 })
  harness.push(['a', 3], ['-D', 'b', 12], ['c', 19])
  expect(harness.take()).toEqual([
    ['+I', 'a', 3, 0, 10_000n, 9],
    ['-D', 'b', 12, 10, 20_000n, 19],
    ['+I', 'c', 19, 10, 20_000n, 19],
  ])
})

test('a NULL time is dropped and counted', () => {
  const harness = harnessOf({ kind: 'tumble', sizeMs: 10, offsetMs: 0 })
  harness.push(['a', 3], ['b', null])
  expect(harness.take()).toEqual([['+I', 'a', 3, 0, 10_000n, 9]])
  expect(harness.gauges.get('nullTimeRowsDropped')).toBe(1)
})

test('HOP gives a row per window, latest first; CUMULATE earliest first', () => {
  const hop = harnessOf({ kind: 'hop', slideMs: 5, sizeMs: 10, offsetMs: 0 })
  hop.push(['a', 7])
  expect(hop.take().map(row => [row[3], row[4]])).toEqual([
    [5, 15_000n],
    [0, 10_000n],
  ])
  const cumulate = harnessOf({ kind: 'cumulate', stepMs: 5, sizeMs: 15, offsetMs: 0 })
  cumulate.push(['a', 7])
  expect(cumulate.take().map(row => [row[3], row[4]])).toEqual([
    [0, 10_000n],
    [0, 15_000n],
  ])
})

test('days over TIMESTAMP_LTZ are local days, also those of 23 and 25 hours', () => {
  const day = { kind: 'tumble', sizeMs: 86_400_000, offsetMs: 0 } as const
  const harness = harnessOf(day, 'America/New_York')
  // Clocks go forward on 2024-03-10 and back on 2024-11-03, at 2 o'clock.
  harness.push(
    ['spring', Date.parse('2024-03-10T05:00:00Z')],
    ['spring', Date.parse('2024-03-11T03:59:59.999Z')],
  )
  harness.push(
    ['autumn', Date.parse('2024-11-03T04:00:00Z')],
    ['autumn', Date.parse('2024-11-04T04:59:59.999Z')],
  )
  const local = (text: string) => Date.parse(`${text}Z`)
  const spring = [local('2024-03-10T00:00'), BigInt(local('2024-03-11T00:00')) * 1000n]
  const autumn = [local('2024-11-03T00:00'), BigInt(local('2024-11-04T00:00')) * 1000n]
  expect(harness.take().map(row => row.slice(3))).toEqual([
    [...spring, Date.parse('2024-03-11T03:59:59.999Z')],
    [...spring, Date.parse('2024-03-11T03:59:59.999Z')],
    [...autumn, Date.parse('2024-11-04T04:59:59.999Z')],
    [...autumn, Date.parse('2024-11-04T04:59:59.999Z')],
  ])
})
