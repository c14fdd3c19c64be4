import { describe, expect, it } from 'vitest'
import type { SplitStatus } from '../../../src/connectors/contract/index.ts'
import { SplitWatermarks } from '../../../src/runtime/task/split-watermarks.ts'

const status = (split: string, overrides: Partial<SplitStatus> = {}): SplitStatus => ({
  split,
  caughtUp: false,
  neverHeldRecords: false,
  finished: false,
  lag: null,
  ...overrides,
})

describe('SplitWatermarks', () => {
  it('is the minimum over splits and says which one holds it', () => {
    const watermarks = new SplitWatermarks(0, () => 0)
    watermarks.observe('a', 100)
    watermarks.observe('b', 40)
    watermarks.update([status('a'), status('b')])
    expect(watermarks.current).toBe(40)
    expect(watermarks.heldBy).toBe('b')
  })

  it('waits for a split that has records but has not been read', () => {
    const watermarks = new SplitWatermarks(0, () => 0)
    watermarks.observe('a', 100)
    watermarks.update([status('a'), status('b')])
    expect(watermarks.current).toBe(-Infinity)
    expect(watermarks.heldBy).toBe('b')
  })

  it('lets a split that never held a record hold nobody back', () => {
    const watermarks = new SplitWatermarks(0, () => 0)
    watermarks.observe('a', 100)
    watermarks.update([status('a'), status('b', { caughtUp: true, neverHeldRecords: true })])
    expect(watermarks.current).toBe(100)
  })

  it('takes a split as idle only when it is silent for the timeout and read to its end', () => {
    let now = 0
    const watermarks = new SplitWatermarks(1000, () => now)
    watermarks.observe('a', 100)
    watermarks.observe('b', 40)
    now = 900
    watermarks.observe('a', 200)
    now = 1500
    watermarks.update([status('a', { caughtUp: true }), status('b', { caughtUp: false })])
    expect(watermarks.current).toBe(40)
    watermarks.update([status('a', { caughtUp: true }), status('b', { caughtUp: true })])
    expect(watermarks.current).toBe(200)
    expect(watermarks.idle).toBe(false)
  })

  it('stands at the maximum when all splits are idle, whichever was last', () => {
    let now = 0
    const watermarks = new SplitWatermarks(1000, () => now)
    watermarks.observe('a', 100)
    watermarks.observe('b', 40)
    now = 2000
    watermarks.update([status('a', { caughtUp: true }), status('b', { caughtUp: true })])
    expect([watermarks.current, watermarks.idle]).toEqual([100, true])
  })

  it('never goes back when an idle split returns with an older watermark', () => {
    let now = 0
    const watermarks = new SplitWatermarks(1000, () => now)
    watermarks.observe('a', 100)
    watermarks.observe('b', 40)
    now = 2000
    watermarks.observe('a', 300)
    watermarks.update([status('a'), status('b', { caughtUp: true })])
    expect(watermarks.current).toBe(300)
    watermarks.observe('b', 50)
    watermarks.update([status('a'), status('b')])
    expect(watermarks.current).toBe(300)
  })

  it('is idle without splits, so that more subtasks than partitions do not stall', () => {
    const watermarks = new SplitWatermarks(0, () => 0)
    watermarks.update([])
    expect(watermarks.idle).toBe(true)
  })

  it('restores per-split maxima, so that a split behind still holds the watermark after a restart', () => {
    const first = new SplitWatermarks(0, () => 0)
    first.observe('a', 100)
    first.observe('b', 40)
    first.update([status('a'), status('b')])
    const second = new SplitWatermarks(0, () => 0)
    second.restore(first.snapshot(), first.current)
    second.observe('a', 500)
    second.update([status('a'), status('b')])
    expect(second.current).toBe(40)
  })
})
