import { expect, test } from 'vitest'
import { filter, project, union } from '../../../../src/planner/logical/index.ts'
import { pushThroughUnion } from '../../../../src/planner/rules/push-through-union.ts'
import { a, after, b, greater, int, tableScan } from './plans.ts'

test('filters and projections go into every branch', () => {
  const both = union([tableScan(), tableScan()])
  expect(after(pushThroughUnion, project(filter(both, greater(a, int(1))), [b], ['x']))).toEqual([
    'Union(all=[true], columns=[x])',
    ':- Project(select=[b AS x])',
    ':  +- Filter(condition=[a > 1])',
    ':     +- Scan(columns=[a, b, ts], watermark=[ts], select=[a, b, ts])',
    '+- Project(select=[b AS x])',
    '   +- Filter(condition=[a > 1])',
    '      +- Scan(columns=[a, b, ts], watermark=[ts], select=[a, b, ts])',
  ])
})
