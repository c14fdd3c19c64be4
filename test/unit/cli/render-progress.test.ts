import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Progress } from '../../../src/cli/progress.ts'
import { renderProgress } from '../../../src/cli/render-progress.ts'

const progress: Progress = {
  job: 'ip_count',
  status: 'RUNNING',
  recordsIn: 1234567,
  recordsOut: 8901,
  recordsInPerSecond: 120034,
  recordsOutPerSecond: 12,
  lateDropped: 0,
  restarts: 0,
  watermark: '2025-06-01T12:00:05.000Z',
  heldBy: 'ip_count_source-2',
  lag: 42,
  lastCheckpoint: 7,
  lastCheckpointMs: 31,
  lastCheckpointBytes: 12345,
  failedCheckpoints: 0,
  busiest: 'Scan(ip_count_source) -> Calc 87 %',
}
const lines = (changes: Partial<Progress> = {}, width = 100): string[] =>
  stripVTControlCharacters(renderProgress({ ...progress, ...changes }, width)).split('\n')

describe('the live view', () => {
  test('shows rates, lag, the busiest task, the watermark and who holds it, and the last checkpoint', () => {
    expect(lines()).toEqual([
      'ip_count RUNNING',
      '  in               1,234,567      120,034/s   lag     42',
      '  out                  8,901           12/s   busiest Scan(ip_count_source) -> Calc 87 %',
      '  watermark  2025-06-01T12:00:05.000Z   held by ip_count_source-2',
      '  checkpoint #7 in 31 ms',
    ])
  })

  test('says what is not known yet', () => {
    const text = lines({ watermark: null, heldBy: null, lag: null, lastCheckpoint: null, busiest: null })
    expect(text[1]).toContain('?')
    expect(text[3]).toContain('none yet')
    expect(text[4]).toContain('none yet')
  })

  test('has a line of warnings only when there are any', () => {
    expect(lines({ lateDropped: 1200, restarts: 1, failedCheckpoints: 2 })[5]).toContain(
      '1,200 late rows dropped · 1 restart · 2 failed checkpoints',
    )
  })

  test.each([20, 40, 80])('is never wider than a terminal of %i columns', width => {
    const text = lines({ job: 'a'.repeat(100), heldBy: 'b'.repeat(100), busiest: 'c'.repeat(100) }, width)
    for (const line of text) expect(line.length).toBeLessThan(width)
    expect(text).toHaveLength(5)
  })
})
