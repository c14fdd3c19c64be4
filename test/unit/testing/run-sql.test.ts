import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { foldChanges, runSql } from '../../../src/testing/index.ts'

const example = (name: string) =>
  readFileSync(new URL(`../../../sql-examples/${name}.sql`, import.meta.url), 'utf8')
const params = { BOOTSTRAP: 'nowhere:9092' }
const at = (second: number) => `2025-01-01 00:00:${String(second).padStart(2, '0')}`

describe('runSql', () => {
  it('runs a production file over arrays', async () => {
    const { changes } = await runSql({
      sql: example('ip_count'),
      params,
      inputs: {
        ip_count_source: [
          { event_time: at(1), ip: 'a', path: '/', status: 200 },
          { event_time: at(2), ip: 'a', path: '/', status: 200 },
          { event_time: at(7), ip: 'b', path: '/', status: 200 },
        ],
      },
    })
    expect(changes['ip_count_sink']).toEqual([
      { kind: '+I', row: { window_start: at(0), window_end: at(5), ip: 'a', request_count: 2n } },
      { kind: '+I', row: { window_start: at(5), window_end: at(10), ip: 'b', request_count: 1n } },
    ])
  })

  it('re-fires a window for a late row within the allowed lateness, and not for a later one', async () => {
    const { changes } = await runSql({
      sql: example('ip_count_late'),
      params,
      inputs: {
        ip_count_source: [
          { event_time: at(1), ip: 'a' },
          { event_time: at(11), ip: 'x' },
          { watermark: Date.UTC(2025, 0, 1, 0, 0, 6) },
          { event_time: at(2), ip: 'a' },
          { event_time: at(20), ip: 'x' },
          { watermark: Date.UTC(2025, 0, 1, 0, 0, 15) },
          { event_time: at(3), ip: 'a' },
        ],
      },
    })
    const key = ['window_start', 'window_end', 'ip']
    const rows = foldChanges(changes['ip_count_late_sink']!, key)
    expect(rows.find(row => row['ip'] === 'a')?.['request_count']).toBe(2n)
    const ofA = changes['ip_count_late_sink']!.filter(({ row }) => row['ip'] === 'a')
    expect(ofA.map(({ kind, row }) => [kind, row['request_count']])).toEqual([
      ['+I', 1n],
      ['+U', 2n],
    ])
  })

  it('runs a statement set into its three tables', async () => {
    const { changes } = await runSql({
      sql: example('etl_fanout'),
      params,
      inputs: {
        access_log: [
          { event_time: at(1), ip: '10.0.0.1', path: '/A?x=1', status: 200 },
          { event_time: at(2), ip: null, path: '/b', status: 500 },
        ],
      },
    })
    expect(changes['requests']).toEqual([
      { kind: '+I', row: { event_time: at(1), ip: '10.0.0.1', page: '/a', status: 200 } },
    ])
    expect(changes['request_errors']).toEqual([
      { kind: '+I', row: { event_time: at(2), path: '/b', status: 500 } },
    ])
    expect(changes['status_per_minute']).toHaveLength(2)
  })
})
