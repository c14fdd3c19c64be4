import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { alignedInterval } from '../../../../../src/connectors/kafka/transport/aligned-interval.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

test('intervals of one length tick together, whenever they began, the first time within the length', () => {
  const ticks: [name: string, at: number][] = []
  const startedAt = performance.now()
  const begin = (name: string) =>
    alignedInterval(1_000, () => ticks.push([name, performance.now() - startedAt]))
  const ends = ['a', 'b', 'c'].map(name => {
    vi.advanceTimersByTime(230)
    return begin(name)
  })
  vi.advanceTimersByTime(2_000)
  const times = [...new Set(ticks.map(([, at]) => at))]
  expect(times).toHaveLength(2)
  expect(times[1]! - times[0]!).toBeCloseTo(1_000, 0)
  for (const at of times)
    expect(ticks.filter(([, t]) => t === at).map(([name]) => name)).toEqual(['a', 'b', 'c'])
  for (const end of ends) end()
  vi.advanceTimersByTime(5_000)
  expect(ticks).toHaveLength(6)
})
