import { expect, test } from 'vitest'
import { htmlReport } from '../../../soak/report.ts'
import type { Sample } from '../../../soak/sample.ts'
import { schedule } from '../../../soak/schedule.ts'
import { type Evidence, judge, type LifeFacts } from '../../../soak/verdict.ts'

const MIB = 1024 * 1024
const SECONDS = 1200

/** A soak of 20 minutes as it should be, with `change` applied to every sample. */
function evidence(change: (sample: Sample) => Partial<Sample> = () => ({})): Evidence {
  const ends = schedule(SECONDS, 1)
  const lives = ends.map(
    ({ endAt, endedBy }, i): LifeFacts => ({
      from: i === 0 ? 0 : ends[i - 1]!.endAt,
      to: endAt,
      endedBy,
      numResumedTransactions: 0,
      restoredCheckpoint: i === 0 ? null : `chk-${i}`,
    }),
  )
  const samples = Array.from({ length: SECONDS }, (_, at): Sample => {
    const life = lives.findIndex(({ to }) => at < to)
    const sample: Sample = {
      at,
      life,
      age: at - lives[life]!.from,
      rssBytes: 180 * MIB,
      heapBytes: 30 * MIB,
      numHandles: 27,
      checkpoint: Math.floor(at / 2),
      checkpointMs: 100,
      checkpointBytes: 1_600_000,
      checkpointsOnDiskBytes: 1_700_000,
      lag: 0,
      recordsIn: at * 3000,
    }
    return { ...sample, ...change(sample) }
  })
  const windows = { numRight: 1000, numUnexpected: 0, numWrong: 0, numMissing: 0 }
  return { samples, lives, windows, numRecords: 3_600_000, rate: 3000 }
}

const failed = (given: Evidence) => judge(given).flatMap(({ name, holds }) => (holds ? [] : [name]))

test('a soak as it should be passes', () => {
  expect(failed(evidence())).toEqual([])
})

test.each<[name: string, change: (sample: Sample) => Partial<Sample>]>([
  ['peak memory', ({ at }) => (at === 700 ? { rssBytes: 500 * MIB } : {})],
  ['memory of one process', ({ age }) => ({ rssBytes: (180 + age / 10) * MIB })],
  ['open files of one process', ({ age }) => ({ numHandles: 27 + Math.floor(age / 50) })],
  ['open files over restarts', ({ life }) => ({ numHandles: 27 + life })],
  ['state in checkpoints', ({ at }) => ({ checkpointBytes: 1_600_000 + at * 1000 })],
  ['checkpoints on disk', ({ at }) => ({ checkpointsOnDiskBytes: 1_700_000 + at * 10_000 })],
  ['checkpoint duration', ({ at }) => ({ checkpointMs: 100 + 3 * at })],
  ['lag', ({ at }) => ({ lag: at * 20 })],
])('%s that grows is named, and nothing else', (name, change) => {
  expect(failed(evidence(change))).toEqual([name])
})

test.each(['numUnexpected', 'numWrong', 'numMissing'] as const)('%s rows are not exactly once', what => {
  const given = evidence()
  expect(failed({ ...given, windows: { ...given.windows, [what]: 1 } })).toEqual(['exactly once'])
})

test('a soak without kills, or whose job began anew, has shown nothing', () => {
  const given = evidence()
  const gentle = given.lives.map(life => ({ ...life, endedBy: 'SIGTERM' as const }))
  expect(failed({ ...given, lives: gentle })).toEqual(['restarts'])
  const forgetful = given.lives.map(life => ({ ...life, restoredCheckpoint: null }))
  expect(failed({ ...given, lives: forgetful })).toEqual(['restarts'])
})

test.each([1, 2, 3, 4, 5])('half of the time nobody disturbs; both signals come (seed %i)', seed => {
  for (const seconds of [60, 600, 3600]) {
    const ends = schedule(seconds, seed)
    const lengths = ends.map(({ endAt }, i) => endAt - (ends[i - 1]?.endAt ?? 0))
    expect(Math.min(...lengths)).toBeGreaterThan(0)
    expect(Math.max(...lengths)).toBe(seconds / 2)
    expect(ends.at(-1)).toEqual({ endAt: seconds, endedBy: 'SIGTERM' })
    expect(new Set(ends.slice(0, -1).map(({ endedBy }) => endedBy))).toEqual(new Set(['SIGKILL', 'SIGTERM']))
  }
})

test('the report needs nothing else, and shows every series and every check', () => {
  const given = evidence(({ at }) => ({ lag: at * 20 }))
  const checks = judge(given)
  const page = htmlReport({ title: 'Soak <1>', facts: [['seed', '1']] }, given, checks)
  expect(page).toContain('Soak &lt;1>')
  expect(page).not.toMatch(/<script|https?:|src=|href=/)
  expect(page.match(/<polyline/g)).toHaveLength(8)
  expect(page).not.toContain('NaN')
  for (const { name } of checks) expect(page).toContain(name)
  expect(page).toContain('✗ lag')
})
