import { expect, test } from 'vitest'
import { type ActKind, dealRound, describeAct, killsOf } from '../../../prove/chaos/schedule.ts'

test('a round is a function of seed and number', () => {
  expect(dealRound(7, 3, 40)).toEqual(dealRound(7, 3, 40))
  expect(dealRound(7, 3, 40)).not.toEqual(dealRound(7, 4, 40))
  expect(dealRound(7, 3, 40)).not.toEqual(dealRound(8, 3, 40))
})

test('rounds kill as often as was asked for, or once more', () => {
  for (let round = 1; round <= 50; round++) {
    const numKills = dealRound(1, round, 25).reduce((sum, act) => sum + killsOf(act), 0)
    expect([25, 26]).toContain(numKills)
  }
})

test('every kind of act comes, and so does every moment of a kill', () => {
  const acts = (['dev', 'cluster'] as const).flatMap(form =>
    Array.from({ length: 20 }, (_, round) => dealRound(1, round, 25, form)).flat(),
  )
  const kinds: Record<ActKind, true> = {
    'engine killed': true,
    zombie: true,
    'zombie of other state': true,
    'second start': true,
    SIGTERM: true,
    'broker killed': true,
    'broker slow': true,
    'broker faulty': true,
    'node killed': true,
    'node slow': true,
    'rolling restart': true,
  }
  expect(new Set(acts.map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)))
  const moments = new Set(acts.flatMap(act => (act.kind === 'engine killed' ? [act.since] : [])))
  expect(moments).toEqual(new Set(['start', 'recovery', 'running']))
})

test('the list of a failed round tells each act by its delays', () => {
  const act = { kind: 'engine killed', since: 'recovery', afterMs: 12 } as const
  expect(describeAct(act)).toBe('engine killed 12 ms into its recovery')
})

test('few acts on a cluster meet every role', () => {
  const roles = dealRound(3, 1, 12, 'cluster').flatMap(act => ('role' in act ? [act.role] : []))
  expect(new Set(roles).size).toBe(4)
})
