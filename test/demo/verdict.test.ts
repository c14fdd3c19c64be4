import { expect, test } from 'vitest'
import type { Truth } from '../../demo/traffic.ts'
import { compare, type Evidence, judge, parseSinkRow, type SinkRow } from '../../demo/verdict.ts'
import type { RunFacts } from '../../harness/job-process.ts'

const truth: Truth = {
  rows: [
    [0, 'a', 3],
    [0, 'b', 1],
    [5000, 'a', 2],
  ],
  numRecords: 6,
  numClosing: 3,
}
const row = (windowStart: number, ip: string, count: number): SinkRow => ({
  windowStart,
  windowEnd: windowStart + 5000,
  ip,
  count,
})
const right = [row(5000, 'a', 2), row(0, 'b', 1), row(0, 'a', 3)]

const run = (endedBy: RunFacts['endedBy'], recordsIn: number, numResumedTransactions = 0): RunFacts => ({
  pid: 1,
  endedBy,
  recordsIn,
  numResumedTransactions,
  restoredCheckpoint: null,
})
const good: Evidence = {
  comparison: compare(truth, right),
  runs: [run('SIGKILL', 4), run('SIGKILL', 6), run('SIGTERM', 3, 1)],
  numAbortedRecords: 2,
  numSourceRecords: 9,
  numTruthRecords: 9,
  kcat: null,
}

test('the right rows in any order pass, and the counters add up', () => {
  expect(judge(good)).toEqual({ numResumed: 1, numReplayed: 4, problems: [] })
})

test('a missing row is lost, a second one duplicated, a changed or foreign one wrong', () => {
  const result = compare(truth, [row(0, 'a', 3), row(0, 'a', 3), row(5000, 'a', 1), row(0, 'c', 1)])
  expect(result).toMatchObject({
    lostRows: 1,
    lostRecords: 1,
    duplicatedRows: 1,
    duplicatedRecords: 3,
    wrongRows: 2,
  })
  expect(judge({ ...good, comparison: result }).problems).toEqual(
    expect.arrayContaining(['rows were lost', 'rows were duplicated', 'rows are wrong']),
  )
})

test('a window of another length is wrong', () => {
  expect(compare(truth, [...right.slice(1), { ...right[0]!, windowEnd: 9000 }]).wrongRows).toBe(1)
})

test.each([
  ['nothing aborted', { numAbortedRecords: 0 }],
  ['nothing resumed', { runs: [run('SIGKILL', 4), run('SIGKILL', 6), run('SIGTERM', 3)] }],
  ['nothing replayed', { runs: [run('SIGKILL', 4), run('SIGKILL', 3), run('SIGTERM', 2, 1)] }],
  ['one kill only', { runs: [run('SIGKILL', 9), run('SIGTERM', 6, 1)] }],
  ['another source', { numTruthRecords: 8 }],
  ['kcat disagrees', { kcat: { numRows: 2, agrees: false } }],
] as const)('%s: the demo proved nothing and fails', (_, change) => {
  expect(judge({ ...good, ...change } as Evidence).problems).toHaveLength(1)
})

test('a row of the sink is read with and without a fraction of seconds', () => {
  const text = (start: string) =>
    `{"window_start":"${start}","window_end":"2025-06-01 12:00:05","ip":"10.0.0.1","request_count":7}`
  expect(parseSinkRow(text('2025-06-01 12:00:00'))).toEqual(parseSinkRow(text('2025-06-01 12:00:00.000')))
  expect(parseSinkRow(text('2025-06-01 12:00:00')).windowStart).toBe(Date.UTC(2025, 5, 1, 12))
  expect(() => parseSinkRow('{"ip":"a"}')).toThrow('not a row')
})
