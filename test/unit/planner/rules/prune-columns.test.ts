import { expect, test } from 'vitest'
import { inputRef } from '../../../../src/planner/expression-rewrite.ts'
import { aggregate, filter, project, union } from '../../../../src/planner/logical/index.ts'
import { pruneColumns } from '../../../../src/planner/rules/prune-columns.ts'
import { bigintType, integerType } from '../../../../src/types/index.ts'
import { a, after, b, greater, int, tableScan } from './plans.ts'

const sum = (column: number) => ({
  function: 'SUM',
  arguments: [column],
  distinct: false,
  filter: null,
  type: integerType(),
})
const count = { function: 'COUNT', arguments: [], distinct: false, filter: null, type: bigintType(false) }

test('aggregates nobody reads go, with the columns only they read', () => {
  const grouped = aggregate(tableScan(), [0], [sum(1), count], ['s', 'n'], undefined, new Set())
  const plan = project(grouped, [inputRef(2, bigintType(false))], ['n'])
  expect(after(pruneColumns, plan)).toEqual([
    'Project(select=[n])',
    '+- Aggregate(groupBy=[a], select=[COUNT(*)])',
    '   +- Scan(columns=[a, b, ts], watermark=[ts], select=[a])',
  ])
})

test('a global aggregate keeps one result: its row must not be lost', () => {
  const grouped = aggregate(tableScan(), [], [count], ['n'], undefined, new Set())
  expect(after(pruneColumns, project(grouped, [int(1)], ['one']))[1]).toBe('+- Aggregate(select=[COUNT(*)])')
})

test('columns a filter reads are kept below it', () => {
  const plan = project(filter(tableScan(), greater(b, int(1))), [a], ['a'])
  expect(after(pruneColumns, plan).at(-1)).toBe(
    '   +- Scan(columns=[a, b, ts], watermark=[ts], select=[a, b])',
  )
})

test('branches of a union keep the same columns in the same order', () => {
  const left = filter(tableScan(), greater(b, int(1)))
  const plan = project(union([left, tableScan()]), [a], ['a'])
  expect(after(pruneColumns, plan)).toEqual([
    'Project(select=[a])',
    '+- Union(all=[true], columns=[a])',
    '   :- Project(select=[a])',
    '   :  +- Filter(condition=[b > 1])',
    '   :     +- Scan(columns=[a, b, ts], watermark=[ts], select=[a, b])',
    '   +- Scan(columns=[a, b, ts], watermark=[ts], select=[a])',
  ])
})

test('an upsert source keeps its primary key', () => {
  const plan = project(tableScan('upsert'), [b], ['b'])
  expect(after(pruneColumns, plan).at(-1)).toBe('+- Scan(columns=[a, b, ts], watermark=[ts], select=[a, b])')
})
