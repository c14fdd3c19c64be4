import { expect, test } from 'vitest'
import { filter, project } from '../../../../src/planner/logical/index.ts'
import { pushFilterThroughProject } from '../../../../src/planner/rules/push-filter-through-project.ts'
import { a, after, b, fn, greater, int, random, tableScan, unchanged } from './plans.ts'

test('a filter moves below a projection, over its expressions', () => {
  const plan = filter(project(tableScan(), [b, fn('+', [a, int(1)])], ['x', 'y']), greater(b, int(3)))
  expect(after(pushFilterThroughProject, plan).slice(0, 2)).toEqual([
    'Project(select=[b AS x, a + 1 AS y])',
    '+- Filter(condition=[(a + 1) > 3])',
  ])
})

test('a filter on a volatile column stays: the column would be computed twice', () => {
  const plan = filter(project(tableScan(), [random], ['r']), greater(a, int(3)))
  expect(unchanged(pushFilterThroughProject, plan)).toBe(true)
})
