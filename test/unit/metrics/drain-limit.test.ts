import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DrainLimit } from '../../../src/metrics/drain-limit.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** Takes `bytes` every 10 ms. */
function drain(limit: DrainLimit, bytes: number, ms: number): void {
  for (let at = 0; at < ms; at += 10) {
    vi.advanceTimersByTime(10)
    limit.taken(bytes)
  }
}

test('what is taken in a second may wait, between least and most', () => {
  const limit = new DrainLimit(1_000, 100_000)
  expect(limit.bytes).toBe(1_000)
  limit.begin()
  drain(limit, 500, 3_000)
  expect(limit.bytes).toBeCloseTo(50_000, 0)
  drain(limit, 100_000, 3_000)
  expect(limit.bytes).toBe(100_000)
  drain(limit, 1, 3_000)
  expect(limit.bytes).toBe(1_000)
})

test('lumps count over the time since the lump before', () => {
  const limit = new DrainLimit(1_000, 1_000_000)
  limit.begin()
  for (let i = 0; i < 8; i++) {
    vi.advanceTimersByTime(2_000)
    limit.taken(50_000)
  }
  expect(limit.bytes).toBeCloseTo(25_000, 0)
})

test('time in which nothing waited counts for nothing', () => {
  const limit = new DrainLimit(1_000, 1_000_000)
  for (let i = 0; i < 100; i++) {
    limit.begin()
    drain(limit, 400, 20)
    vi.advanceTimersByTime(5_000)
  }
  expect(limit.bytes).toBeCloseTo(40_000, 0)
})

test('before a rate is known the limit grows with what is taken, and a slow reader never has more', () => {
  const fast = new DrainLimit(1_000, 100_000, 4_000)
  fast.begin()
  fast.taken(1_000)
  expect(fast.bytes).toBe(4_000)
  fast.taken(4_000)
  expect(fast.bytes).toBe(10_000)
  fast.taken(80_000)
  expect(fast.bytes).toBe(100_000)

  const slow = new DrainLimit(1_000, 100_000, 4_000)
  slow.begin()
  drain(slow, 100, 90)
  expect(slow.bytes).toBe(4_000)
  drain(slow, 100, 30)
  expect(slow.bytes).toBeCloseTo(10_000, 0)
})
