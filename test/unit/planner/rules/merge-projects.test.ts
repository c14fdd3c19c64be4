import { expect, test } from 'vitest'
import { inputRef } from '../../../../src/planner/expression-rewrite.ts'
import { project } from '../../../../src/planner/logical/index.ts'
import { mergeProjects } from '../../../../src/planner/rules/merge-projects.ts'
import { doubleType } from '../../../../src/types/index.ts'
import { a, after, b, fn, int, random, tableScan, unchanged } from './plans.ts'

test('two projections become one under the outer names', () => {
  const inner = project(tableScan(), [fn('+', [a, int(1)]), b], ['x', 'y'])
  expect(after(mergeProjects, project(inner, [b, fn('*', [a, int(2)])], ['p', 'q']))[0]).toBe(
    'Project(select=[b AS p, (a + 1) * 2 AS q])',
  )
})

test('a volatile column is not evaluated twice', () => {
  const inner = project(tableScan(), [random], ['r'])
  const r = inputRef(0, doubleType(false))
  expect(unchanged(mergeProjects, project(inner, [r, r], ['r1', 'r2']))).toBe(true)
  expect(after(mergeProjects, project(inner, [r], ['once']))[0]).toBe('Project(select=[RAND() AS once])')
})

test('layers that double a column stop merging before it explodes', () => {
  let plan = project(tableScan(), [fn('+', [a, b])], ['x'])
  for (let layer = 0; layer < 20; layer++) plan = project(plan, [fn('+', [a, a])], ['x'])
  const merged = after(mergeProjects, plan)
  expect(merged.length).toBeGreaterThan(2)
  expect(Math.max(...merged.map(line => line.length))).toBeLessThan(2000)
})
