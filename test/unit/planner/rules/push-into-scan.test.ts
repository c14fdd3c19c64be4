import { expect, test } from 'vitest'
import { filter, project } from '../../../../src/planner/logical/index.ts'
import { pruneScanColumns } from '../../../../src/planner/rules/prune-scan-columns.ts'
import { pushFilterIntoScan } from '../../../../src/planner/rules/push-filter-into-scan.ts'
import { pushProjectIntoScan } from '../../../../src/planner/rules/push-project-into-scan.ts'
import { a, after, b, fn, greater, int, tableScan, unchanged } from './plans.ts'

test('a filter and a projection go into the scan', () => {
  expect(after(pushFilterIntoScan, filter(tableScan(), greater(a, int(1))))).toEqual([
    'Scan(columns=[a, b, ts], watermark=[ts], where=[a > 1], select=[a, b, ts])',
  ])
  expect(after(pushProjectIntoScan, project(tableScan(), [fn('+', [b, int(1)])], ['x']))).toEqual([
    'Scan(columns=[a, b, ts], watermark=[ts], select=[b + 1 AS x])',
  ])
})

test('an upsert source takes neither: its old rows are known only above', () => {
  expect(unchanged(pushFilterIntoScan, filter(tableScan('upsert'), greater(a, int(1))))).toBe(true)
  expect(unchanged(pushProjectIntoScan, project(tableScan('upsert'), [b], ['b']))).toBe(true)
})

test('the connector is asked only for columns that are read; the watermark reads too', () => {
  const scan = { ...tableScan(), condition: greater(b, int(1)), projections: [int(5)] }
  expect(after(pruneScanColumns, { ...scan, output: scan.output.slice(0, 1) })).toEqual([
    'Scan(columns=[b, ts], watermark=[ts], where=[b > 1], select=[5 AS a])',
  ])
})
