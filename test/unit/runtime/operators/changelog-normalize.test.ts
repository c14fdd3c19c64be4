import { describe, expect, test } from 'vitest'
import type { ChangelogNormalizeNode } from '../../../../src/planner/plan-graph/plan-graph.ts'
import { createChangelogNormalizeOperator } from '../../../../src/runtime/operators/changelog-normalize.ts'
import { bigintType, integerType, stringType } from '../../../../src/types/index.ts'
import { OperatorHarness } from '../../../support/operator-harness.ts'

const types = [integerType(), stringType(), bigintType()]

function harnessOf(changes: Partial<ChangelogNormalizeNode> = {}, subtask = 0, parallelism = 1) {
  const node: ChangelogNormalizeNode = {
    kind: 'ChangelogNormalize',
    id: 'normalize',
    label: 'ChangelogNormalize',
    inputs: [],
    output: types.map((type, c) => ({ name: `c${c}`, type })),
    changes: { updateBefore: true, updateAfter: true, delete: true },
    parallelism: 1,
    keys: [1],
    stateTtlMs: 0,
    ...changes,
  }
  return new OperatorHarness(context => createChangelogNormalizeOperator(node, types, context), {
    inputTypes: types,
    outputTypes: types,
    subtask,
    parallelism,
  })
}

describe('an upsert stream', () => {
  test('becomes a full changelog; deletes carry the whole row that was', () => {
    const harness = harnessOf()
    harness.push(['+U', 1, 'a', 10n], ['+U', 2, 'a', null], ['+U', 2, 'a', null], ['-D', null, 'a', null])
    harness.push(['+I', 3, 'a', 5n], ['-D', null, 'unknown', null], ['+U', null, null, 1n])
    expect(harness.take()).toEqual([
      ['+I', 1, 'a', 10n],
      ['-U', 1, 'a', 10n],
      ['+U', 2, 'a', null],
      ['-D', 2, 'a', null],
      ['+I', 3, 'a', 5n],
      ['+I', null, null, 1n],
    ])
    expect(harness.gauges.get('stateRows')).toBe(2)
  })

  test('keeps the last rows through a snapshot at another parallelism', () => {
    const before = harnessOf()
    const keys = Array.from({ length: 50 }, (_, k) => `key-${k}`)
    before.push(...keys.map((key, k) => ['+U', k, key, 1n] as const))
    const frozen = before.freeze()
    before.push(...keys.map(key => ['-D', null, key, null] as const))
    const snapshot = frozen.materialize()
    const counts = [0, 1].map(subtask => {
      const after = harnessOf({}, subtask, 2)
      after.restore([snapshot])
      after.push(...keys.map(key => ['-D', null, key, null] as const))
      return after.take()
    })
    expect(counts.flat()).toHaveLength(50)
    expect(counts[0]!.length).toBeGreaterThan(0)
    expect(counts.flat().find(row => row[2] === 'key-7')).toEqual(['-D', 7, 'key-7', 1n])
  })

  test('forgets rows after the time to live', () => {
    const harness = harnessOf({ stateTtlMs: 10 })
    harness.push(['+U', 1, 'a', 1n])
    harness.now = 9
    harness.push(['+U', 1, 'a', 1n])
    harness.now = 19
    harness.push(['+U', 1, 'a', 1n])
    expect(harness.take().map(([kind]) => kind)).toEqual(['+I', '-U', '+U', '+I'])
    harness.now = 40
    harness.push(['+U', 1, 'b', 1n])
    expect(harness.gauges.get('stateRows')).toBe(1)
  })
})
