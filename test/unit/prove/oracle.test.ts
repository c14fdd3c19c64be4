import { expect, test } from 'vitest'
import type { ForeignRecord } from '../../../prove/foreign-reader.ts'
import { compareSinks, expectedCounts } from '../../../prove/oracle.ts'

const payment = (
  id: number,
  account: string,
  amount: number,
  second: number,
  partition = 0,
): ForeignRecord => ({
  partition,
  key: null,
  value: JSON.stringify({
    id,
    account,
    amount,
    paid_at: `2025-06-01 12:00:${String(second).padStart(2, '0')}.500`,
  }),
})

/** Two accounts in the window of 0 to 2 s; partition 1 has reached 3.5 s, so its watermark of 2.5 s closes that only. */
const source = [
  payment(1, 'a', 10, 0),
  payment(2, 'a', 30, 1),
  payment(3, 'b', 50, 1),
  payment(4, 'a', 70, 9),
  payment(5, 'a', 5, 3, 1),
]

const total = (
  account: string,
  num_payments: number,
  sum: number,
  key: string | null = account,
): ForeignRecord => ({
  partition: 0,
  key,
  value: JSON.stringify({
    account,
    window_start: '2025-06-01 12:00:00',
    window_end: '2025-06-01 12:00:02',
    num_payments,
    total: sum,
  }),
})

const large = (id: number, account: string, amount: number, key: string | null = null): ForeignRecord => ({
  partition: 1,
  key,
  value: JSON.stringify({ id, account, amount }),
})

const totals = [total('a', 2, 40), total('b', 1, 50)]
const large_payments = [large(2, 'a', 30), large(3, 'b', 50), large(4, 'a', 70)]
const none = { lost: 0, duplicated: 0, wrong: 0, examples: [] }

test('what must be there follows from the source alone', async () => {
  expect(await expectedCounts(source)).toEqual({ totals: 2, large_payments: 3 })
})

test('the right records in any order are right', async () => {
  const sinks = { totals: totals.toReversed(), large_payments: large_payments.toReversed() }
  expect(await compareSinks(source, sinks)).toEqual({
    totals: { expected: 2, ...none },
    large_payments: { expected: 3, ...none },
  })
})

const counts = async (sinks: Parameters<typeof compareSinks>[1]) => {
  const compared = await compareSinks(source, sinks)
  return Object.values(compared).map(({ lost, duplicated, wrong }) => [lost, duplicated, wrong])
}

test.each([
  ['a record is missing', { totals: totals.slice(1), large_payments }, [1, 0, 0], [0, 0, 0]],
  [
    'a record is there three times',
    { totals, large_payments: [...large_payments, large(3, 'b', 50), large(3, 'b', 50)] },
    [0, 0, 0],
    [0, 2, 0],
  ],
  ['a count is off', { totals: [total('a', 3, 40), totals[1]!], large_payments }, [1, 0, 1], [0, 0, 0]],
  [
    'a key is another',
    { totals: [total('a', 2, 40, 'b'), totals[1]!], large_payments },
    [1, 0, 1],
    [0, 0, 0],
  ],
  [
    'a key is missing',
    { totals: [total('a', 2, 40, null), totals[1]!], large_payments },
    [1, 0, 1],
    [0, 0, 0],
  ],
  [
    'a record has a key that must have none',
    { totals, large_payments: [large(2, 'a', 30, 'a'), ...large_payments.slice(1)] },
    [0, 0, 0],
    [1, 0, 1],
  ],
  [
    'a record of nobody',
    { totals, large_payments: [...large_payments, large(-1, 'junk', 1_000_000)] },
    [0, 0, 0],
    [0, 0, 1],
  ],
])('%s', async (_, sinks, ofTotals, ofLarge) => {
  expect(await counts(sinks)).toEqual([ofTotals, ofLarge])
})
