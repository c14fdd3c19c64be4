import { expect, test } from 'vitest'
import { Traffic, WINDOW_MS } from '../../../soak/traffic.ts'
import { WindowCheck } from '../../../soak/window-check.ts'

/** The rows a right job would write, counted from the records themselves. */
function rowsOf(values: readonly string[]): string[] {
  const rows = new Map<string, { window_start: string; device: string; num: number; total: number }>()
  for (const value of values) {
    const { device, amount, ts } = JSON.parse(value) as { device: string; amount: number; ts: string }
    const ms = Date.parse(`${ts.replace(' ', 'T')}Z`)
    const start = new Date(ms - (ms % WINDOW_MS)).toISOString().replace('T', ' ').replace('Z', '')
    const row = rows.get(`${start} ${device}`) ?? { window_start: start, device, num: 0, total: 0 }
    rows.set(`${start} ${device}`, row)
    row.num++
    row.total += amount
  }
  return [...rows.values()].map(row => JSON.stringify(row))
}

function stage() {
  const traffic = new Traffic(1, 1000, Date.UTC(2026, 0, 1))
  const records = traffic.take(Date.UTC(2026, 0, 1) + 12_000, 100_000)
  return { check: new WindowCheck(traffic.open), rows: rowsOf(records.map(({ value }) => value)), records }
}

test('right rows are right, and forgotten', () => {
  const { check, rows, records } = stage()
  expect(records).toHaveLength(12_000)
  for (const row of rows) check.row(row)
  expect(check.isComplete).toBe(true)
  expect(check.verdict()).toEqual({ numRight: rows.length, numUnexpected: 0, numWrong: 0, numMissing: 0 })
})

test('lost, repeated, foreign and wrong rows are counted', () => {
  const { check, rows } = stage()
  const [first, second, third, ...others] = rows
  for (const row of others) check.row(row)
  check.row(second!)
  check.row(second!)
  check.row(third!.replace(/"num":\d+/, '"num":1000000'))
  check.row(first!.replace(/"device":"[^"]+"/, '"device":"nobody"'))
  expect(check.verdict()).toEqual({ numRight: rows.length - 2, numUnexpected: 2, numWrong: 1, numMissing: 1 })
  expect(check.examples).toHaveLength(3)
})

test('records come at their rate and are never later than the watermark allows', () => {
  const startMs = Date.UTC(2026, 0, 1)
  const traffic = new Traffic(1, 1000, startMs)
  expect(traffic.take(startMs + 500, 100_000)).toHaveLength(500)
  expect(traffic.take(startMs + 2_500, 300)).toHaveLength(300)
  const records = traffic.take(startMs + 2_500, 100_000)
  expect(records).toHaveLength(1_700)
  let newest = 0
  for (const { value } of records) {
    const { ts } = JSON.parse(value) as { ts: string }
    const ms = Date.parse(`${ts.replace(' ', 'T')}Z`)
    expect(ms).toBeGreaterThan(newest - 1_000)
    newest = Math.max(newest, ms)
  }
})
