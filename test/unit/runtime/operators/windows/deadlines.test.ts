import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deadlines } from '../../../../../src/runtime/operators/windows/deadlines.ts'

const small = fc.nat({ max: 12 })
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), end: small, time: small }),
  fc.record({ kind: fc.constant('delete' as const), end: small, time: small }),
  fc.record({ kind: fc.constant('due' as const), end: small, time: small }),
)

test('windows wait for the deadline they have now', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const deadlines = new Deadlines()
      const model = new Map<number, number>()
      for (const { kind, end, time } of steps) {
        if (kind === 'set') {
          expect(deadlines.has(end)).toBe(model.has(end))
          if (model.has(end)) continue
          deadlines.set(end, time)
          model.set(end, time)
        } else if (kind === 'delete') {
          deadlines.delete(end)
          model.delete(end)
        } else {
          const due = [...model].filter(([, deadline]) => deadline <= time).map(([due]) => due)
          expect(deadlines.takeDue(time)).toEqual(due.sort((a, b) => a - b))
          for (const taken of due) model.delete(taken)
        }
        expect(deadlines.next).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.values()))
      }
    }),
  )
})
