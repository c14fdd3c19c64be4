import { afterEach, expect, test, vi } from 'vitest'
import { FetchWait } from '../../../../../src/connectors/kafka/source/fetch-wait.ts'

afterEach(() => {
  vi.useRealTimers()
})

const settings = {
  maxWaitMs: 500,
  idleWaitMs: 10_000,
  silentMs: 10_000,
  minBytes: 1,
  maxBytes: 1,
  maxPartitionBytes: 1,
  checkCrc: true,
}

test('an empty answer makes the next wait long, one with records short again', () => {
  const wait = new FetchWait(settings)
  expect(wait.ms(false)).toBe(500)
  wait.answered(true)
  expect(wait.ms(false)).toBe(10_000)
  wait.answered(false)
  expect(wait.ms(false)).toBe(500)
})

test('what should be answered soon never waits long', () => {
  const wait = new FetchWait(settings)
  wait.answered(true)
  expect(wait.ms(true)).toBe(20)
  expect(new FetchWait({ ...settings, maxWaitMs: 5 }).ms(true)).toBe(5)
})

test('a wait that was set is kept', () => {
  const wait = new FetchWait({ ...settings, idleWaitMs: 500 })
  wait.answered(true)
  expect(wait.ms(false)).toBe(500)
})

test('silent: the last answer was empty, and nothing has come for long', () => {
  vi.useFakeTimers()
  const wait = new FetchWait(settings)
  vi.advanceTimersByTime(10_000)
  expect(wait.isSilent).toBe(false)
  wait.answered(true)
  expect(wait.isSilent).toBe(true)
  wait.answered(false)
  vi.advanceTimersByTime(9_999)
  wait.answered(true)
  expect(wait.isSilent).toBe(false)
  vi.advanceTimersByTime(1)
  expect(wait.isSilent).toBe(true)
})
