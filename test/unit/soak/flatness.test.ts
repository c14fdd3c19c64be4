import { expect, test } from 'vitest'
import { randomNumbers } from '../../../demo/traffic.ts'
import { flatness, type Point } from '../../../soak/flatness.ts'

const MIB = 1024 * 1024
const limit = { ratio: 0.1, absolute: 8 * MIB }

/** A sawtooth, as garbage collection makes it, noise and peaks, over half an hour; grows by `leak` a second. */
function memory(leak: number, seed: number): Point[] {
  const random = randomNumbers(seed)
  return Array.from({ length: 1800 }, (_, at) => {
    const sawtooth = ((at % 37) / 37) * 30 * MIB
    const peak = random() < 0.02 ? 80 * MIB : 0
    return { at, value: 180 * MIB + sawtooth + random() * 10 * MIB + peak + at * leak }
  })
}

test.each([1, 2, 3])('a sawtooth with peaks is flat (seed %i)', seed => {
  const result = flatness(memory(0, seed), limit)!
  expect(result.isFlat).toBe(true)
  expect(Math.abs(result.perHour)).toBeLessThan(20 * MIB)
})

test.each([1, 2, 3])('two megabytes a minute under it are not (seed %i)', seed => {
  const result = flatness(memory((2 * MIB) / 60, seed), limit)!
  expect(result.isFlat).toBe(false)
  expect(result.perHour / MIB).toBeGreaterThan(100)
  expect(result.perHour / MIB).toBeLessThan(140)
})

test('what shrinks is flat; a step that stays is not', () => {
  const steps = (later: number) =>
    memory(0, 1).map(({ at, value }) => ({ at, value: at < 900 ? value : value + later }))
  expect(flatness(steps(-100 * MIB), limit)!.isFlat).toBe(true)
  expect(flatness(steps(60 * MIB), limit)!.isFlat).toBe(false)
})

test('a few points say nothing', () => {
  expect(flatness(memory(0, 1).slice(0, 5), limit)).toBeNull()
})
