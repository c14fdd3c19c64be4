import { expect, test } from 'vitest'
import { project } from '../../../../src/planner/logical/index.ts'
import { mergeProjects } from '../../../../src/planner/rules/merge-projects.ts'
import { a, after, b, fn, int, random, tableScan, unchanged } from './plans.ts'

test('two projections become one under the outer names', () => {
  const inner = project(tableScan(), [fn('+', [a, int(1)]), b], ['x', 'y'])
  expect(after(mergeProjects, project(inner, [b, fn('*', [a, int(2)])], ['p', 'q']))[0]).toBe(
    'Project(select=[b AS p, (a + 1) * 2 AS q])',
  )
})

test('a volatile column is not evaluated twice', () => {
  const inner = project(tableScan(), [random], ['r'])
  expect(unchanged(mergeProjects, project(inner, [a, a], ['r1', 'r2']))).toBe(true)
  expect(after(mergeProjects, project(inner, [a], ['once']))[0]).toBe('Project(select=[RAND() AS once])')
})
