import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimerQueue } from '../../../src/state/timer-queue.ts'

test('times come out once, in ascending order', () => {
  const queue = new TimerQueue()
  expect(queue.first).toBe(Number.POSITIVE_INFINITY)
  for (const time of [5, 1, 9, 5, -3, 1, 7]) queue.add(time)
  expect([...queue]).toEqual([-3, 1, 5, 7, 9])
  expect([queue.shift(), queue.shift(), queue.first, queue.size]).toEqual([-3, 1, 5, 3])
})

test('between: what is in the queue, whatever came out of order and was taken out', () => {
  const time = fc.integer({ min: 0, max: 40 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), time }),
    fc.record({ kind: fc.constant('shift' as const), time }),
    fc.record({ kind: fc.constant('between' as const), time }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const queue = new TimerQueue()
      const model = new Set<number>()
      const sorted = () => [...model].sort((a, b) => a - b)
      for (const { kind, time } of steps) {
        if (kind === 'add') {
          queue.add(time)
          model.add(time)
        } else if (kind === 'shift') {
          const first = sorted()[0]
          expect(queue.shift()).toBe(first)
          if (first !== undefined) model.delete(first)
        } else {
          expect(queue.between(time, time + 10)).toEqual(sorted().filter(t => t > time && t <= time + 10))
        }
        expect([...queue]).toEqual(sorted())
        expect(queue.size).toBe(model.size)
      }
    }),
  )
})
