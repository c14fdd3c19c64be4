import { describe, expect, test } from 'vitest'
import type { AggregateCall, GroupAggregateNode } from '../../../../src/planner/plan-graph/plan-graph.ts'
import { createGroupAggregateOperator } from '../../../../src/runtime/operators/group-aggregate.ts'
import { TOUCH_ROWS } from '../../../../src/state/table/touch.ts'
import { bigintType, integerType, stringType } from '../../../../src/types/index.ts'
import { OperatorHarness } from '../../../support/operator-harness.ts'

const inputTypes = [stringType(), integerType(), stringType()]
const call = (name: string, args: readonly number[], distinct = false): AggregateCall => ({
  function: name,
  arguments: args,
  distinct,
  filter: null,
  type: name === 'COUNT' ? bigintType(false) : inputTypes[args[0]!]!,
})

function harnessOf(aggregates: readonly AggregateCall[], changes: Partial<GroupAggregateNode> = {}) {
  const keys = changes.keys ?? [0]
  const types = [...keys.map(key => inputTypes[key]!), ...aggregates.map(aggregate => aggregate.type)]
  const node: GroupAggregateNode = {
    kind: 'GroupAggregate',
    id: 'group',
    label: 'GroupAggregate',
    inputs: [],
    output: types.map((type, c) => ({ name: `c${c}`, type })),
    changes: { updateBefore: true, updateAfter: true, delete: true },
    parallelism: 1,
    keys,
    aggregates,
    inputRetracts: true,
    stateTtlMs: 0,
    ...changes,
  }
  return new OperatorHarness(context => createGroupAggregateOperator(node, inputTypes, context), {
    inputTypes,
    outputTypes: types,
  })
}

describe('the changelog of a group', () => {
  test('is an insert, then updates, then a delete with the last result', () => {
    const harness = harnessOf([call('COUNT', []), call('SUM', [1])])
    harness.push(
      ['a', 1, null],
      ['a', 2, null],
      ['-D', 'a', 1, null],
      ['-U', 'a', 2, null],
      ['+U', 'a', 9, null],
    )
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 1],
      ['-U', 'a', 1n, 1],
      ['+U', 'a', 2n, 3],
      ['-U', 'a', 2n, 3],
      ['+U', 'a', 1n, 2],
      ['-D', 'a', 1n, 2],
      ['+I', 'a', 1n, 9],
    ])
  })

  test('has no −U where nobody needs it', () => {
    const harness = harnessOf([call('COUNT', [])], {
      changes: { updateBefore: false, updateAfter: true, delete: false },
    })
    harness.push(['a', 1, null], ['a', 2, null])
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n],
      ['+U', 'a', 2n],
    ])
  })

  test('is silent when the result stays the same', () => {
    const harness = harnessOf([call('MAX', [1])])
    harness.push(['a', 5, null], ['a', 5, null], ['a', 3, null], ['-D', 'a', 5, null])
    expect(harness.take()).toEqual([['+I', 'a', 5]])
  })

  test('finds the next best value, also of strings, after a retraction', () => {
    const harness = harnessOf([call('MAX', [2]), call('MIN', [1])])
    harness.push(['a', 1, 'x'], ['a', 2, 'z'], ['-D', 'a', 2, 'z'])
    harness.push(['a', 7, 'y'], ['-D', 'a', 1, 'x'])
    expect(harness.take().filter(([kind]) => kind === '+I' || kind === '+U')).toEqual([
      ['+I', 'a', 'x', 1],
      ['+U', 'a', 'z', 1],
      ['+U', 'a', 'x', 1],
      ['+U', 'a', 'y', 1],
      ['+U', 'a', 'y', 7],
    ])
  })

  test('keeps the order of arrival through retractions', () => {
    const harness = harnessOf([call('FIRST_VALUE', [1]), call('LAST_VALUE', [2]), call('LISTAGG', [2])])
    harness.push(['a', 1, 'x'], ['a', 2, 'y'], ['a', 3, null], ['-D', 'a', 1, 'x'], ['-D', 'a', 2, 'y'])
    expect(harness.take().filter(([kind]) => kind !== '-U')).toEqual([
      ['+I', 'a', 1, 'x', 'x'],
      ['+U', 'a', 1, 'y', 'x,y'],
      ['+U', 'a', 2, 'y', 'y'],
      ['+U', 'a', 3, null, null],
    ])
  })

  test('ignores a retraction for a group that is not there', () => {
    const harness = harnessOf([call('COUNT', []), call('COUNT', [1], true)])
    harness.push(['-D', 'a', 1, null], ['a', 1, null])
    expect(harness.take()).toEqual([['+I', 'a', 1n, 1n]])
    expect(harness.gauges.get('stateRows')).toBe(1)
  })

  test('refuses updates where it was planned for inserts', () => {
    const harness = harnessOf([call('COUNT', [])], { inputRetracts: false })
    harness.push(['+I', 'a', 1, null])
    expect(() => harness.push(['+U', 'a', 1, null])).toThrow('planned for inserts but got +U')
  })

  test('of a global aggregate starts with the first row', () => {
    const harness = harnessOf([call('COUNT', [])], { keys: [] })
    harness.push()
    expect(harness.take()).toEqual([])
    harness.push(['a', 1, null], ['b', 1, null])
    expect(harness.take()).toEqual([
      ['+I', 1n],
      ['-U', 1n],
      ['+U', 2n],
    ])
  })

  test('is the same over many groups, more than a page and a batch', () => {
    const harness = harnessOf([call('COUNT', []), call('SUM', [1])])
    const rows = Array.from({ length: 9000 }, (_, i) => [`k${i}`, i, null] as const)
    harness.push(...rows)
    harness.push(...rows)
    const changes = harness.take()
    expect(changes).toHaveLength(27000)
    expect(changes.at(-1)).toEqual(['+U', 'k8999', 2n, 17998])
    harness.push(...rows.map(row => ['-D', ...row] as const), ...rows.map(row => ['-D', ...row] as const))
    expect(harness.gauges.get('stateRows')).toBe(0)
  })

  test('is the same over more groups than the caches hold', () => {
    const harness = harnessOf([call('COUNT', []), call('SUM', [1])])
    const rows = Array.from(
      { length: TOUCH_ROWS + 5000 },
      (_, i) => [i === 7 ? null : `k${i}`, i, null] as const,
    )
    for (let from = 0; from < rows.length; from += 4000) harness.push(...rows.slice(from, from + 4000))
    harness.take()
    const again = Array.from({ length: 7000 }, (_, i) => rows[(i * 7919) % rows.length]!)
    again.push(rows[7]!)
    harness.push(...again)
    expect(harness.take()).toEqual(
      again.flatMap(([key, value]) => [
        ['-U', key, 1n, value],
        ['+U', key, 2n, value * 2],
      ]),
    )
    expect(harness.gauges.get('stateRows')).toBe(rows.length)
  })
})

describe('state time to live', () => {
  test('forgets groups that were not written for so long', () => {
    const harness = harnessOf([call('COUNT', []), call('COUNT', [1], true)], { stateTtlMs: 100 })
    harness.push(['a', 1, null])
    harness.now = 99
    harness.push(['a', 1, null])
    harness.now = 198
    harness.push(['a', 2, null])
    harness.now = 298
    harness.push(['a', 2, null])
    expect(harness.take().filter(([kind]) => kind !== '-U')).toEqual([
      ['+I', 'a', 1n, 1n],
      ['+U', 'a', 2n, 1n],
      ['+U', 'a', 3n, 2n],
      ['+I', 'a', 1n, 1n],
    ])
  })

  test('frees expired groups as other rows come, and sends unchanged results', () => {
    const harness = harnessOf([call('MAX', [1])], { stateTtlMs: 100 })
    harness.push(['a', 1, null], ['b', 1, null], ['c', 1, null])
    harness.now = 100
    harness.push(['d', 1, null], ['d', 1, null])
    expect(harness.gauges.get('stateRows')).toBe(1)
    expect(harness.take().slice(3)).toEqual([
      ['+I', 'd', 1],
      ['-U', 'd', 1],
      ['+U', 'd', 1],
    ])
  })
})
