import { expect, test } from 'vitest'
import { project } from '../../../../src/planner/logical/index.ts'
import { removeIdentityProjects } from '../../../../src/planner/rules/remove-identity-projects.ts'
import { a, b, tableScan, ts, unchanged } from './plans.ts'

test('a projection of all columns as they are goes; a renaming one stays', () => {
  const scan = tableScan()
  const same = project(scan, [a, b, ts], ['a', 'b', 'ts'])
  expect(removeIdentityProjects.rewrite(same, {} as never)).toBe(scan)
  expect(unchanged(removeIdentityProjects, project(scan, [a, b, ts], ['a', 'x', 'ts']))).toBe(true)
  expect(unchanged(removeIdentityProjects, project(scan, [b, a, ts], ['a', 'b', 'ts']))).toBe(true)
})
