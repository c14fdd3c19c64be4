import { expect, test } from 'vitest'
import {
  BATCH_ROWS,
  batchRowsOf,
  bigintType,
  type LogicalType,
  stringType,
} from '../../../src/types/index.ts'

const columnsOf = (type: LogicalType, count: number) => Array.from({ length: count }, () => type)

test('a batch of few columns has its full number of rows', () => {
  expect(batchRowsOf([])).toBe(BATCH_ROWS)
  expect(batchRowsOf(columnsOf(bigintType(), 50))).toBe(BATCH_ROWS)
})

test('a batch of more columns has fewer rows, so that it takes no more memory', () => {
  const rows = [64, 128, 256, 512].map(count => batchRowsOf(columnsOf(stringType(), count)))
  expect(rows[0]).toBeLessThan(BATCH_ROWS)
  rows.forEach((count, i) => {
    expect(count * 2 ** i).toBeCloseTo(rows[0]!, -1)
  })
})

test('but never so few that a batch is most of the work', () => {
  expect(batchRowsOf(columnsOf(stringType(), 100_000))).toBe(256)
})
