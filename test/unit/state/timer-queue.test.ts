import { expect, test } from 'vitest'
import { TimerQueue } from '../../../src/state/timer-queue.ts'

test('times come out once, in ascending order', () => {
  const queue = new TimerQueue()
  expect(queue.first).toBe(Number.POSITIVE_INFINITY)
  for (const time of [5, 1, 9, 5, -3, 1, 7]) queue.add(time)
  expect([...queue]).toEqual([-3, 1, 5, 7, 9])
  expect([queue.shift(), queue.shift(), queue.first, queue.size]).toEqual([-3, 1, 5, 3])
})
