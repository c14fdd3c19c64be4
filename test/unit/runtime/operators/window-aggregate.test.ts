import { describe, expect, test } from 'vitest'
import type {
  AggregateCall,
  OutputField,
  WindowAggregateNode,
  WindowAssignment,
  WindowProperty,
  WindowSpec,
} from '../../../../src/planner/plan-graph/plan-graph.ts'
import { createWindowAggregateOperator } from '../../../../src/runtime/operators/window-aggregate.ts'
import {
  bigintType,
  integerType,
  type LogicalType,
  stringType,
  timestampType,
} from '../../../../src/types/index.ts'
import { OperatorHarness } from '../../../support/operator-harness.ts'

const inputTypes = [stringType(), timestampType(3), integerType(), bigintType()]
const count: AggregateCall = {
  function: 'COUNT',
  arguments: [],
  distinct: false,
  filter: null,
  type: bigintType(false),
}
const sum: AggregateCall = {
  function: 'SUM',
  arguments: [3],
  distinct: false,
  filter: null,
  type: bigintType(),
}
const finalOnly = { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null }

interface Setup {
  readonly window?: WindowSpec
  readonly time?: WindowAssignment
  readonly aggregates?: readonly AggregateCall[]
  readonly properties?: readonly WindowProperty[]
}

function nodeOf(setup: Setup): WindowAggregateNode {
  const aggregates = setup.aggregates ?? [count, sum]
  const properties = setup.properties ?? ['start', 'end']
  const types: LogicalType[] = [
    stringType(),
    ...aggregates.map(call => call.type),
    ...properties.map(() => timestampType(3)),
  ]
  return {
    kind: 'WindowAggregate',
    id: 'window',
    label: 'Window',
    inputs: [],
    output: types.map((type, c): OutputField => ({ name: `c${c}`, type })),
    changes: { updateBefore: false, updateAfter: false, delete: false },
    parallelism: 1,
    time: setup.time ?? {
      kind: 'assign',
      window: setup.window ?? { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
      timeColumn: 1,
      attribute: 'rowtime',
      localTimeZone: false,
    },
    keys: [0],
    aggregates,
    properties,
    emit: finalOnly,
    inputRetracts: false,
  }
}

const harnessOf = (node: WindowAggregateNode, subtask = 0, parallelism = 1) =>
  new OperatorHarness(context => createWindowAggregateOperator(node, inputTypes, context), {
    inputTypes,
    outputTypes: node.output.map(field => field.type),
    subtask,
    parallelism,
  })

describe('tumbling windows', () => {
  test('fire when the watermark reaches the last millisecond, in order of end and first appearance', () => {
    const harness = harnessOf(nodeOf({}))
    harness.push(['b', 13, 0, 5n], ['a', 1, 0, 1n], ['b', 2, 0, 2n], ['a', 9, 0, -4n], [null, 9, 0, null])
    harness.watermark(8)
    expect(harness.take()).toEqual([])
    harness.watermark(9)
    expect(harness.take()).toEqual([
      ['+I', 'a', 2n, -3n, 0, 10],
      ['+I', 'b', 1n, 2n, 0, 10],
      ['+I', null, 1n, null, 0, 10],
    ])
    harness.watermark(Number.MAX_SAFE_INTEGER)
    expect(harness.take()).toEqual([['+I', 'b', 1n, 5n, 10, 20]])
    expect(harness.watermarks).toEqual([8, 9, Number.MAX_SAFE_INTEGER])
    expect(harness.gauges.get('stateRows')).toBe(0)
  })

  test('drop and count late rows', () => {
    const harness = harnessOf(nodeOf({}))
    harness.push(['a', 5, 0, 1n])
    harness.watermark(9)
    harness.push(['a', 9, 0, 1n], ['a', 10, 0, 7n], ['b', 0, 0, 1n])
    harness.watermark(100)
    expect(harness.take().slice(1)).toEqual([['+I', 'a', 1n, 7n, 10, 20]])
    expect(harness.numLate).toBe(2)
  })

  test('align to negative times and offsets', () => {
    const harness = harnessOf(nodeOf({ window: { kind: 'tumble', sizeMs: 10, offsetMs: -3 } }))
    harness.push(['a', -4, 0, 1n], ['a', -3, 0, 1n], ['a', 6, 0, 1n], ['a', 7, 0, 1n])
    harness.watermark(100)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 1n, -13, -3],
      ['+I', 'a', 2n, 2n, -3, 7],
      ['+I', 'a', 1n, 1n, 7, 17],
    ])
  })

  test('survive a snapshot, which later rows do not change, at another parallelism', () => {
    const node = nodeOf({})
    const before = harnessOf(node)
    const keys = Array.from({ length: 100 }, (_, k) => `key-${k}`)
    before.push(...keys.map(key => [key, 3, 0, 1n] as const))
    before.watermark(4)
    const frozen = before.freeze()
    before.push(...keys.map(key => [key, 3, 0, 100n] as const), ['new', 3, 0, 1n])
    before.watermark(50)
    const snapshot = frozen.materialize()

    const results = [0, 1, 2].flatMap(subtask => {
      const harness = harnessOf(node, subtask, 3)
      harness.restore([snapshot])
      harness.watermark(9)
      return harness.take()
    })
    expect(results.toSorted()).toEqual(keys.map(key => ['+I', key, 1n, 1n, 0, 10]).toSorted())
  })

  test('keep the watermark in the snapshot: a window that has fired stays closed', () => {
    const node = nodeOf({})
    const before = harnessOf(node)
    before.push(['a', 5, 0, 1n])
    before.watermark(9)
    const after = harnessOf(node)
    after.restore([before.snapshot()])
    after.push(['a', 6, 0, 1n])
    after.watermark(30)
    expect(after.take()).toEqual([])
    expect(after.numLate).toBe(1)
  })

  test('refuse a NULL time', () => {
    const harness = harnessOf(nodeOf({}))
    expect(() => harness.push(['a', null, 0, 1n])).toThrow(
      expect.objectContaining({ code: 'MR_WINDOW_NULL_TIME' }),
    )
  })
})
