/** Compares what the sink holds with what the generator knows, and says whether the demo proved something. */
import type { RunFacts } from '../harness/job-process.ts'
import { type Truth, WINDOW_MS } from './traffic.ts'

export interface SinkRow {
  readonly windowStart: number
  readonly windowEnd: number
  readonly ip: string
  readonly count: number
}

export interface Comparison {
  readonly numWindows: number
  readonly numExpectedWindows: number
  readonly numRows: number
  readonly numExpectedRows: number
  /** Source records counted by the rows that are right. */
  readonly numRecords: number
  readonly numExpectedRecords: number
  readonly lostRows: number
  readonly lostRecords: number
  readonly duplicatedRows: number
  readonly duplicatedRecords: number
  /** Rows whose count or window is wrong, and rows nobody expects. */
  readonly wrongRows: number
}

/** Reads one row of ip_count_sink. Throws when it is none. */
export function parseSinkRow(text: string): SinkRow {
  const row = JSON.parse(text) as Record<string, unknown>
  const time = (name: string) => Date.parse(`${String(row[name]).replace(' ', 'T')}Z`)
  const parsed = {
    windowStart: time('window_start'),
    windowEnd: time('window_end'),
    ip: String(row['ip']),
    count: Number(row['request_count']),
  }
  if (Number.isNaN(parsed.windowStart + parsed.windowEnd + parsed.count))
    throw new Error(`not a row of ip_count_sink: ${text}`)
  return parsed
}

export function compare(truth: Truth, rows: readonly SinkRow[]): Comparison {
  const expected = new Map(truth.rows.map(([start, ip, count]) => [`${start} ${ip}`, count]))
  const found = new Set<string>()
  const windows = new Set<number>()
  let numRecords = 0
  let duplicatedRows = 0
  let duplicatedRecords = 0
  let wrongRows = 0
  for (const { windowStart, windowEnd, ip, count } of rows) {
    const key = `${windowStart} ${ip}`
    const right = expected.get(key)
    if (found.has(key)) {
      duplicatedRows++
      duplicatedRecords += count
      continue
    }
    if (right === undefined || right !== count || windowEnd !== windowStart + WINDOW_MS) wrongRows++
    else numRecords += count
    if (right !== undefined) {
      found.add(key)
      windows.add(windowStart)
    }
  }
  const lost = truth.rows.filter(([start, ip]) => !found.has(`${start} ${ip}`))
  return {
    numWindows: windows.size,
    numExpectedWindows: new Set(truth.rows.map(([start]) => start)).size,
    numRows: rows.length,
    numExpectedRows: truth.rows.length,
    numRecords,
    numExpectedRecords: truth.numRecords,
    lostRows: lost.length,
    lostRecords: lost.reduce((sum, [, , count]) => sum + count, 0),
    duplicatedRows,
    duplicatedRecords,
    wrongRows,
  }
}

export interface Evidence {
  readonly comparison: Comparison
  readonly runs: readonly RunFacts[]
  readonly numAbortedRecords: number
  readonly numSourceRecords: number
  readonly numTruthRecords: number
  /** What kcat read; null when it is not installed. */
  readonly kcat: { readonly numRows: number; readonly agrees: boolean } | null
}

export interface Verdict {
  readonly numResumed: number
  readonly numReplayed: number
  /** Everything that speaks against exactly once, or against the demo itself. Empty = passed. */
  readonly problems: readonly string[]
}

export function judge(evidence: Evidence): Verdict {
  const { comparison, runs, numAbortedRecords, numSourceRecords, numTruthRecords, kcat } = evidence
  const numResumed = runs.reduce((sum, run) => sum + run.numResumedTransactions, 0)
  const numReplayed = runs.reduce((sum, run) => sum + run.recordsIn, 0) - numSourceRecords
  const checks: readonly (readonly [boolean, string])[] = [
    [numSourceRecords === numTruthRecords, 'the source topic does not hold what the generator wrote'],
    [comparison.numExpectedRows > 0, 'there was no traffic'],
    [comparison.lostRows === 0, 'rows were lost'],
    [comparison.duplicatedRows === 0, 'rows were duplicated'],
    [comparison.wrongRows === 0, 'rows are wrong'],
    [comparison.numRecords === comparison.numExpectedRecords, 'not every record was counted once'],
    [runs.filter(run => run.endedBy === 'SIGKILL').length >= 2, 'the job was not killed twice'],
    [numAbortedRecords > 0, 'no record was aborted: the first kill proved nothing'],
    [numResumed > 0, 'no transaction was resumed: the second kill proved nothing'],
    [numReplayed > 0, 'no record was replayed: the kills proved nothing'],
    [kcat === null || kcat.agrees, 'kcat reads something else'],
  ]
  return { numResumed, numReplayed, problems: checks.flatMap(([holds, problem]) => (holds ? [] : [problem])) }
}
