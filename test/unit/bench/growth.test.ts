import { expect, test } from 'vitest'
import { curvesOf, slopeOf } from '../../../bench/growth/slope.ts'

const figures = (values: readonly number[], perSize: boolean) =>
  values.map((value, i) => ({ name: 'cost', unit: 'ns', value, at: 10 ** (i + 1), perSize }))

const slope = (values: readonly number[], perSize: boolean) => slopeOf(curvesOf(figures(values, perSize))[0]!)

test('the slope is the exponent of the whole cost', () => {
  expect(slope([7, 7, 7], false)!.overall).toBeCloseTo(0)
  expect(slope([7, 7, 7], true)!.overall).toBeCloseTo(1)
  expect(slope([7, 70, 700], false)!.overall).toBeCloseTo(1)
  expect(slope([7, 70, 700], true)!.overall).toBeCloseTo(2)
  expect(slope([7, 7, 70], true)).toEqual({ overall: expect.closeTo(1.5), steepest: expect.closeTo(2) })
  expect(slope([7], true)).toBeNull()
})
