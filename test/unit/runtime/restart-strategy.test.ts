import { describe, expect, it } from 'vitest'
import { createRestartStrategy } from '../../../src/runtime/job/restart-strategy.ts'

describe('restart strategies', () => {
  it('none gives up at once', () => {
    expect(createRestartStrategy({ kind: 'none' }).nextDelayMs(0)).toBeNull()
  })

  it('fixed-delay allows so many attempts', () => {
    const strategy = createRestartStrategy({ kind: 'fixed-delay', attempts: 2, delayMs: 10 })
    expect([0, 1, 2].map(at => strategy.nextDelayMs(at))).toEqual([10, 10, null])
  })

  it('failure-rate counts failures within the interval only', () => {
    const strategy = createRestartStrategy({
      kind: 'failure-rate',
      maxFailures: 2,
      intervalMs: 100,
      delayMs: 5,
    })
    expect([0, 50, 200, 210, 220].map(at => strategy.nextDelayMs(at))).toEqual([5, 5, 5, 5, null])
  })

  it('exponential-delay grows to its maximum and starts over after a quiet time', () => {
    const strategy = createRestartStrategy(
      {
        kind: 'exponential-delay',
        initialBackoffMs: 100,
        maxBackoffMs: 350,
        multiplier: 2,
        jitter: 0.1,
        resetThresholdMs: 1000,
        maxAttempts: 4,
      },
      () => 0.5,
    )
    expect([0, 200, 600, 1000].map(at => strategy.nextDelayMs(at))).toEqual([100, 200, 350, 350])
    expect(strategy.nextDelayMs(1400)).toBeNull()
    expect(strategy.nextDelayMs(9000)).toBe(100)
  })
})
