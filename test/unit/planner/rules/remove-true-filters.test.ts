import { expect, test } from 'vitest'
import { filter } from '../../../../src/planner/logical/index.ts'
import { removeTrueFilters } from '../../../../src/planner/rules/remove-true-filters.ts'
import { a, greater, int, tableScan, trueLiteral, unchanged } from './plans.ts'

test('a filter of TRUE goes, any other stays', () => {
  const scan = tableScan()
  expect(removeTrueFilters.rewrite(filter(scan, trueLiteral), {} as never)).toBe(scan)
  expect(unchanged(removeTrueFilters, filter(scan, greater(a, int(1))))).toBe(true)
})
