import { expect, test } from 'vitest'
import { TimerQueue } from '../../../src/state/timer-queue.ts'

test('times come out once, in ascending order', () => {
  const queue = new TimerQueue()
  expect(queue.first).toBe(Number.POSITIVE_INFINITY)
  for (const time of [5, 1, 9, 5, -3, 1, 7]) queue.add(time)
  queue.delete(7)
  queue.delete(100)
  expect([...queue]).toEqual([-3, 1, 5, 9])
  expect([queue.has(5), queue.has(7)]).toEqual([true, false])
  expect([queue.shift(), queue.shift(), queue.first, queue.size]).toEqual([-3, 1, 5, 2])
})
