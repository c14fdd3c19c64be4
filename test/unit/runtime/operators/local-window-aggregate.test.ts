import { expect, it } from 'vitest'
import type { WindowAggregateNode } from '../../../../src/planner/plan-graph/plan-graph.ts'
import { partialRows } from '../../../../src/runtime/aggregates/partial-rows.ts'
import { LocalWindowAggregate } from '../../../../src/runtime/operators/local-window-aggregate.ts'
import { createWindowAggregateOperator } from '../../../../src/runtime/operators/window-aggregate.ts'
import { bigintType, integerType, timestampType } from '../../../../src/types/index.ts'
import { OperatorHarness } from '../../../support/operator-harness.ts'

const inputTypes = [integerType(), timestampType(3)]
const outputTypes = [integerType(), bigintType(false)]
const node: WindowAggregateNode = {
  kind: 'WindowAggregate',
  id: 'window',
  label: 'WindowAggregate',
  inputs: [],
  output: outputTypes.map((type, c) => ({ name: `c${c}`, type })),
  changes: { updateBefore: false, updateAfter: false, delete: false },
  parallelism: 2,
  time: {
    kind: 'assign',
    window: { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
    timeColumn: 1,
    attribute: 'rowtime',
    localTimeZone: false,
  },
  keys: [0],
  aggregates: [{ function: 'COUNT', arguments: [], distinct: false, filter: null, type: bigintType(false) }],
  properties: [],
  emit: { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null },
  inputRetracts: false,
  localPhase: true,
}
const { types } = partialRows(node, inputTypes)

const local = () =>
  new OperatorHarness(context => new LocalWindowAggregate(node, inputTypes, context), {
    inputTypes,
    outputTypes: types,
  })
const global = () =>
  new OperatorHarness(context => createWindowAggregateOperator(node, inputTypes, context), {
    inputTypes: types,
    outputTypes,
  })

it('sends a group of each key when the window ends, with the last millisecond of the window', () => {
  const phase = local()
  phase.push([1, 3], [2, 4], [1, 5], [1, 12])
  expect(phase.take()).toEqual([])
  phase.watermark(9)
  expect(phase.take()).toEqual([
    ['+I', 1, 9, 2n],
    ['+I', 2, 9, 1n],
  ])
  expect(phase.watermarks).toEqual([9])
})

it('holds a late row back no longer than its batch; all rows of its group are counted where they are dropped', () => {
  const phase = local()
  phase.watermark(30)
  phase.push([7, 1], [7, 2], [7, 3], [8, 35])
  const late = phase.take()
  expect(late).toEqual([['+I', 7, 9, 3n]])
  const windows = global()
  windows.watermark(30)
  windows.push(...late)
  windows.watermark(100)
  expect(windows.take()).toEqual([])
  expect(windows.numLate).toBe(3)
})

it('holds no more groups than fit', () => {
  const phase = local()
  const numKeys = 70_000
  for (let key = 0; key < numKeys; key += 1000)
    phase.push(...Array.from({ length: 1000 }, (_, i) => [key + i, 5]))
  const sent = phase.take().length
  expect(sent).toBeGreaterThan(65_536)
  phase.watermark(9)
  expect(sent + phase.take().length).toBe(numKeys)
})
