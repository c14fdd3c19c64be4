import { expect, test } from 'vitest'
import { collect, type LogicalPlan, type Scan } from '../../../../src/planner/logical/index.ts'
import { pruneScanColumns } from '../../../../src/planner/rules/prune-scan-columns.ts'
import { shareScans } from '../../../../src/planner/rules/share-scans.ts'
import { a, b, greater, int, tableScan } from './plans.ts'

const reading = (projection: typeof a, condition: Scan['condition']): LogicalPlan => {
  const scan = tableScan()
  const narrow = { ...scan, projections: [projection], output: [scan.output[projection.index]!], condition }
  return collect(pruneScanColumns.rewrite(narrow, {} as never))
}

const scansOf = (plan: LogicalPlan): readonly Scan[] =>
  plan.kind === 'Scan' ? [plan] : 'input' in plan ? scansOf(plan.input) : []

test('scans of one table become one object that reads the union of columns without a condition', () => {
  const plans = shareScans([reading(a, null), reading(b, greater(b, int(1)))])
  const [first, second] = plans.flatMap(scansOf)
  expect(first).toBe(second)
  expect(first!.columns.map(c => c.kind === 'physical' && c.name)).toEqual(['a', 'ts', 'b'])
  expect(first!.condition).toBeNull()
  expect(plans[1]).toMatchObject({
    input: { kind: 'Project', projections: [{ index: 2 }], input: { kind: 'Filter' } },
  })
})

test('tables with other options, and a single scan, stay apart', () => {
  const one = reading(a, null)
  const hinted = collect({ ...tableScan(), identity: 't with a hint' })
  const plans = [one, hinted]
  expect(shareScans(plans)).toBe(plans)
})
