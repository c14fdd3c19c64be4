import { expect, test } from 'vitest'
import { CLOSING_IP, Traffic, type TrafficRecord, WINDOW_MS } from '../../demo/traffic.ts'

const HOUR_MS = 3_600_000

function drain(traffic: Traffic, stepMs: number): TrafficRecord[] {
  const records: TrafficRecord[] = []
  for (let elapsed = 0; !traffic.done; elapsed += stepMs) records.push(...traffic.take(elapsed, 1000))
  return records
}

test('the same seed gives the same records, whatever the pace', () => {
  expect(drain(new Traffic(7, 1000, 3), 10)).toEqual(drain(new Traffic(7, 1000, 3), 777))
  expect(drain(new Traffic(8, 1000, 3), 10)).not.toEqual(drain(new Traffic(7, 1000, 3), 10))
})

test('records come out of order, but never 5 s behind the newest of their partition', () => {
  const newest = [0, 0, 0]
  let numBehind = 0
  for (const { partition, eventMs } of drain(new Traffic(1, 2000, 5), 50)) {
    if (eventMs < newest[partition]!) numBehind++
    expect(eventMs).toBeGreaterThan(newest[partition]! - 5000)
    newest[partition] = Math.max(newest[partition]!, eventMs)
  }
  expect(numBehind).toBeGreaterThan(1000)
})

test('the truth counts every record once and leaves the closing ones out', () => {
  const traffic = new Traffic(1, 1000, 4)
  const records = drain(traffic, 100)
  const { rows, numRecords, numClosing } = traffic.truth()
  expect(numRecords).toBe(4000)
  expect(records).toHaveLength(4000)
  expect(rows.reduce((sum, [, , count]) => sum + count, 0)).toBe(4000)
  const [start, ip, count] = rows[0]!
  const same = records.filter(
    record => record.ip === ip && record.eventMs >= start && record.eventMs < start + WINDOW_MS,
  )
  expect(count).toBe(same.length)
  const closing = traffic.closing()
  expect(closing).toHaveLength(numClosing)
  const newest = Math.max(...records.map(record => record.eventMs))
  for (const { eventMs } of closing) expect(eventMs - newest).toBeGreaterThanOrEqual(HOUR_MS - 5000)
  expect(rows.some(row => row[1] === CLOSING_IP)).toBe(false)
})

test('the value is the JSON the query reads', () => {
  const { value, eventMs, ip } = drain(new Traffic(1, 1000, 1), 100)[3]!
  const parsed = JSON.parse(value) as Record<string, unknown>
  expect(Date.parse(`${String(parsed['event_time']).replace(' ', 'T')}Z`)).toBe(eventMs)
  expect(parsed['ip']).toBe(ip)
})
