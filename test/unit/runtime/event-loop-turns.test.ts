import { expect, it } from 'vitest'
import { eventLoopTurns } from '../../../src/runtime/task/event-loop-turns.ts'

it('resumes one subtask per turn of the event loop, in the order they asked', async () => {
  const order: string[] = []
  const host = () => {
    order.push('host')
    if (order.length < 6) setImmediate(host)
  }
  const subtask = async (name: string) => {
    await eventLoopTurns.next()
    order.push(name)
  }
  const all = Promise.all([subtask('a'), subtask('b'), subtask('c')])
  setImmediate(host)
  await all
  expect(order).toEqual(['a', 'host', 'b', 'host', 'c'])
})

it('ends a turn when its time is used up, whoever used it', async () => {
  await eventLoopTurns.next()
  expect(eventLoopTurns.isOver()).toBe(false)
  const until = performance.now() + 6
  while (performance.now() < until);
  expect(eventLoopTurns.isOver()).toBe(true)
})
