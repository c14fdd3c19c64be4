import { expect, test } from 'vitest'
import { simplify } from '../../../../src/expressions/index.ts'
import { filter, project } from '../../../../src/planner/logical/index.ts'
import { simplifyExpressions } from '../../../../src/planner/rules/simplify-expressions.ts'
import { a, after, fn, greater, int, random, tableScan } from './plans.ts'

test('constants fold in filters and projections, volatile calls do not', () => {
  const environment = { timeZone: 'UTC', now: () => 0, currentWatermark: () => 0 }
  const rule = simplifyExpressions(e => simplify(e, environment))
  const plan = project(filter(tableScan(), greater(a, fn('+', [int(1), int(2)]))), [random], ['r'])
  expect(after(rule, plan).slice(0, 2)).toEqual([
    'Project(select=[RAND() AS r])',
    '+- Filter(condition=[a > 3])',
  ])
})
