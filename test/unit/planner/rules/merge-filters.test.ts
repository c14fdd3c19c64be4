import { expect, test } from 'vitest'
import { filter } from '../../../../src/planner/logical/index.ts'
import { mergeFilters } from '../../../../src/planner/rules/merge-filters.ts'
import { a, after, b, greater, int, tableScan } from './plans.ts'

test('two filters become one, the inner condition first', () => {
  const plan = filter(filter(tableScan(), greater(a, int(1))), greater(b, int(2)))
  expect(after(mergeFilters, plan)[0]).toBe('Filter(condition=[a > 1 AND b > 2])')
})
