import { expect, test } from 'vitest'
import { inputRef } from '../../../../src/planner/expression-rewrite.ts'
import { filter, rowNumber } from '../../../../src/planner/logical/index.ts'
import { recognizeWindowTopN } from '../../../../src/planner/rules/recognize-window-top-n.ts'
import { bigintType } from '../../../../src/types/index.ts'
import { after, b, fn, greater, int, tableScan, tumbled, unchanged } from './plans.ts'

const position = { offset: 0, line: 1, column: 1, length: 1 }
const ranked = (keys: readonly number[]) =>
  rowNumber(tumbled(tableScan()), keys, [{ column: 1, ascending: false, nullsFirst: false }], position)
const rank = inputRef(6, bigintType(false))
const compare = (name: string, n: number) => fn(name, [rank, int(n)])

test.each([
  ['<=', 3, '1..3'],
  ['<', 3, '1..2'],
  ['=', 2, '2..2'],
])('rownum %s %i keeps %s', (operator, n, range) => {
  expect(after(recognizeWindowTopN, filter(ranked([3, 4, 0]), compare(operator, n)))[0]).toBe(
    `WindowTopN(window=[window_start, window_end], partitionBy=[a], orderBy=[b DESC], rank=[${range}], output=[with row number])`,
  )
})

test('bounds combine, constants may stand on the left, other conditions stay above', () => {
  const condition = fn('AND', [fn('AND', [fn('>', [int(6), rank]), compare('>=', 2)]), greater(b, int(9))])
  const [top, below] = after(recognizeWindowTopN, filter(ranked([3, 4]), condition))
  expect(top).toBe('Filter(condition=[b > 9])')
  expect(below).toContain('rank=[2..5]')
})

test('without an upper bound nothing is recognized', () => {
  expect(unchanged(recognizeWindowTopN, filter(ranked([3, 4]), compare('>', 2)))).toBe(true)
})
