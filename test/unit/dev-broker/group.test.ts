/** The classic group protocol without a wire: timeouts, silent members, protocol election. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GroupCoordinator } from '../../../src/dev-broker/groups/group-coordinator.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp(initialRebalanceDelayMs = 0) {
  const coordinator = new GroupCoordinator({ initialRebalanceDelayMs, persist: () => {} })
  const command = (memberId: string, protocols: readonly string[] = ['range']) => ({
    memberId,
    groupInstanceId: null as string | null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: 6000,
    rebalanceTimeoutMs: 30_000,
    protocolType: 'consumer',
    protocols: protocols.map(name => ({ name, metadata: Buffer.from(name) })),
  })
  const join = (memberId: string, protocols?: readonly string[]) =>
    coordinator.join('g', command(memberId, protocols), false)
  const identity = (memberId: string, generationId: number) => ({
    memberId,
    generationId,
    groupInstanceId: null,
  })
  const sync = (memberId: string, generationId: number, to: readonly string[] = []) =>
    coordinator.sync(
      'g',
      identity(memberId, generationId),
      to.map(id => ({ memberId: id, assignment: Buffer.from(`for ${id}`) })),
    )
  const heartbeat = (memberId: string, generationId: number) =>
    coordinator.heartbeat('g', identity(memberId, generationId))
  return { coordinator, command, join, sync, heartbeat, group: () => coordinator.get('g')! }
}

/** A stable group of two. */
async function twoMembers() {
  const context = setUp()
  const first = await context.join('')
  await context.sync(first.memberId, 1, [first.memberId])
  const joining = context.join('')
  const again = await context.join(first.memberId)
  const second = await joining
  const waiting = context.sync(second.memberId, 2)
  await context.sync(first.memberId, 2, [first.memberId, second.memberId])
  const assigned = await waiting
  expect(again.members).toHaveLength(2)
  expect(String(assigned.assignment)).toBe(`for ${second.memberId}`)
  return { ...context, a: first.memberId, b: second.memberId }
}

test('a silent member is removed after its session timeout, and the other is told to join again', async () => {
  const { heartbeat, group, a, b } = await twoMembers()
  vi.advanceTimersByTime(5000)
  expect(heartbeat(a, 2)).toBe(0)
  vi.advanceTimersByTime(1500)
  expect(heartbeat(b, 2)).toBe(25)
  expect(heartbeat(a, 2)).toBe(27)
  expect(group().members.size).toBe(1)
})

test('a member that does not join again within the rebalance timeout is dropped', async () => {
  const { join, heartbeat, group, a, b } = await twoMembers()
  const joining = join(a)
  for (let passed = 0; passed < 30_000; passed += 5000) {
    vi.advanceTimersByTime(5000)
    if (passed < 25_000) expect(heartbeat(b, 2)).toBe(27)
  }
  const answer = await joining
  expect(answer).toMatchObject({ errorCode: 0, generationId: 3 })
  expect(answer.members).toHaveLength(1)
  expect(group().members.has(b)).toBe(false)
})

test('a leaver makes the rest rebalance; the last one leaves an empty group of a higher generation', async () => {
  const { coordinator, heartbeat, group, a, b } = await twoMembers()
  expect(coordinator.leave('g', a, null)).toBe(0)
  expect(heartbeat(b, 2)).toBe(27)
  expect(coordinator.leave('g', b, null)).toBe(0)
  expect(group()).toMatchObject({ status: 'Empty', generation: 3 })
})

test('the protocol all support and most prefer is elected; a member with none in common is refused with 23', async () => {
  const { join, group } = setUp()
  const first = await join('', ['sticky', 'range'])
  const joining = join('', ['range'])
  await join(first.memberId, ['sticky', 'range'])
  await joining
  expect(group().protocol).toBe('range')
  expect((await join('', ['other'])).errorCode).toBe(23)
})

test('the initial delay collects members into one generation', async () => {
  const { join } = setUp(3000)
  const both = [join(''), join('')]
  vi.advanceTimersByTime(3000)
  const answers = await Promise.all(both)
  expect(answers.map(answer => answer.generationId)).toEqual([1, 1])
  expect(answers.map(answer => answer.members.length).toSorted()).toEqual([0, 2])
})

test('a static member that starts again takes over its former place; the former one is fenced', async () => {
  const { coordinator, command } = setUp()
  const named = (memberId: string) => ({ ...command(memberId), groupInstanceId: 'i1' })
  const first = await coordinator.join('g', named(''), true)
  expect(first.errorCode).toBe(0)
  const second = await coordinator.join('g', named(''), true)
  expect(second.memberId).not.toBe(first.memberId)
  const former = { memberId: first.memberId, generationId: 1, groupInstanceId: 'i1' }
  expect(coordinator.heartbeat('g', former)).toBe(82)
})

test('a session timeout that is too short is refused with 26', async () => {
  const { coordinator, command } = setUp()
  const answer = await coordinator.join('g', { ...command(''), sessionTimeoutMs: 10 }, false)
  expect(answer.errorCode).toBe(26)
})
