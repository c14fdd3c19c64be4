import fc from 'fast-check'
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

  it('looks at all splits when one that was idle speaks again, and when the one that holds passes the next', () => {
    let now = 0
    const names = Array.from({ length: 20 }, (_, s) => `s${s}`)
    const watermarks = new SplitWatermarks(1000, () => now)
    watermarks.observe('s19', 10)
    now = 2000
    names.slice(0, -1).forEach((name, s) => {
      watermarks.observe(name, 100 + s)
    })
    const statuses = names.map(name => status(name, { caughtUp: name === 's19' }))
    watermarks.update(statuses)
    expect([watermarks.current, watermarks.heldBy]).toEqual([100, 's0'])
    watermarks.observe('s5', 500)
    expect([watermarks.follow('s5'), watermarks.current]).toEqual([true, 100])
    watermarks.observe('s0', 101)
    expect([watermarks.follow('s0'), watermarks.current]).toEqual([true, 101])
    watermarks.observe('s0', 102)
    expect(watermarks.follow('s0')).toBe(false)
    watermarks.observe('s19', 20)
    expect(watermarks.follow('s19')).toBe(false)
    watermarks.update(statuses)
    expect([watermarks.current, watermarks.heldBy]).toEqual([101, 's19'])
  })

  it('says the same whether it follows batches or looks at all splits', () => {
    const numSplits = 12
    const step = fc.record({
      split: fc.nat(numSplits - 1),
      by: fc.nat(50),
      becomes: fc.oneof(
        { weight: 12, arbitrary: fc.constant(null) },
        { weight: 2, arbitrary: fc.constant('caughtUp') },
        { weight: 1, arbitrary: fc.constant('active') },
      ),
      ms: fc.nat(400),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), steps => {
        let now = 0
        let revision = 0
        let asked = -1
        let numFollowed = 0
        const times = new Array<number>(numSplits).fill(0)
        const caughtUp = new Array<boolean>(numSplits).fill(false)
        const statuses = () => times.map((_, s) => status(`s${s}`, { caughtUp: caughtUp[s]! }))
        const following = new SplitWatermarks(1000, () => now)
        const looking = new SplitWatermarks(1000, () => now)
        for (const { split, by, becomes, ms } of steps) {
          now += ms
          if (becomes === 'active' && caughtUp[split]) revision++
          if (becomes !== null) caughtUp[split] = becomes === 'caughtUp'
          times[split]! += by
          for (const watermarks of [following, looking]) watermarks.observe(`s${split}`, times[split]!)
          looking.update(statuses())
          if (asked === revision && following.follow(`s${split}`)) {
            numFollowed++
            // What holds nothing back any longer is seen later, never what holds.
            expect(following.current).toBeLessThanOrEqual(looking.current)
            if (!caughtUp.some(Boolean)) expect(following.current).toBe(looking.current)
          } else {
            asked = revision
            following.update(statuses())
          }
        }
        following.update(statuses())
        expect(following.idle).toBe(looking.idle)
        if (!caughtUp.some(Boolean)) expect(following.current).toBe(looking.current)
        if (steps.length > 4 * numSplits && revision === 0) expect(numFollowed).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })
})
