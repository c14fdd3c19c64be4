/** The queue and the map of times against a sorted array and a Map, with times that come and go in any order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeMap } from '../../src/runtime/operators/windows/time-map.ts'
import { TimerQueue } from '../../src/state/timer-queue.ts'

const time = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: 0, max: 50 }).map(n => 1_735_689_600_000 + n * 1000),
)
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'delete', 'shift'), time), { maxLength: 200 })

test('a queue gives the earliest time there is', () => {
  fc.assert(
    fc.property(steps, steps => {
      const queue = new TimerQueue()
      let model: number[] = []
      for (const [step, time] of steps) {
        if (step === 'shift') {
          expect(queue.shift()).toBe(model.shift())
        } else {
          model = [...model.filter(other => other !== time), time].sort((a, b) => a - b)
          queue.add(time)
        }
        expect([queue.size, queue.first]).toEqual([model.length, model[0] ?? Number.POSITIVE_INFINITY])
      }
      expect([...queue]).toEqual(model)
    }),
  )
})

test('a map finds what was set for a time last', () => {
  fc.assert(
    fc.property(steps, steps => {
      const map = new TimeMap<object>()
      const model = new Map<number, object>()
      for (const [step, time] of steps) {
        if (step === 'add') {
          const thing = {}
          map.set(time, thing)
          model.set(time, thing)
        } else {
          map.delete(time)
          model.delete(time)
        }
        expect(map.size).toBe(model.size)
        for (const [other, thing] of model) expect(map.get(other)).toBe(thing)
        expect(map.get(time)).toBe(model.get(time))
      }
    }),
  )
})
