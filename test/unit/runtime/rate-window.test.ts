import { expect, it } from 'vitest'
import { RateWindow } from '../../../src/metrics/rate-window.ts'

it('is the growth since the start, then over the last ten seconds of reading', () => {
  const rate = new RateWindow(1000)
  expect(rate.read(1000, 0)).toBe(0)
  expect(rate.read(3000, 200)).toBe(100)
  expect(rate.read(13_000, 200)).toBe(0)
  expect(rate.read(23_500, 1250)).toBe(100)
})
