import { expect, test } from 'vitest'
import { growth } from '../../../bench/growth/index.ts'
import { curvesOf, MAX_SLOPE, slopeOf } from '../../../bench/growth/slope.ts'
import { Results } from '../../../bench/performance/results.ts'

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

const measured = Results.read()

test.each(growth.map(({ name }) => name))('%s: nothing in bench/results is worse than linear', name => {
  const curves = curvesOf(measured.figures(name)!)
  expect(curves.length).toBeGreaterThan(0)
  for (const curve of curves) expect(slopeOf(curve)?.overall, curve.name).toBeLessThanOrEqual(MAX_SLOPE)
})
