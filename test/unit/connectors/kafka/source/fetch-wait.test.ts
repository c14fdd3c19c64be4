import { expect, test } from 'vitest'
import { FetchWait } from '../../../../../src/connectors/kafka/source/fetch-wait.ts'

const settings = {
  maxWaitMs: 500,
  idleWaitMs: 22_500,
  minBytes: 1,
  maxBytes: 1,
  maxPartitionBytes: 1,
  checkCrc: true,
}

test('an empty answer makes the next wait long, one with records short again', () => {
  const wait = new FetchWait(settings)
  expect(wait.ms(false)).toBe(500)
  wait.answered(true)
  expect(wait.ms(false)).toBe(22_500)
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
