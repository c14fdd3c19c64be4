/**
 * JSON decoder: records and bytes per second on one core for a 165-byte access-log record of which two columns
 * are read, against JSON.parse. `node bench/json.ts`, about ten seconds.
 */

import type { PayloadRun } from '../src/formats/format.ts'
import { JsonDecoder } from '../src/formats/json/decoder.ts'
import {
  bigintType,
  createColumns,
  integerType,
  type LogicalType,
  stringType,
  timestampType,
} from '../src/types/index.ts'

const RECORDS = 4096
const fields: readonly { readonly name: string; readonly type: LogicalType }[] = [
  { name: 'event_time', type: timestampType(3) },
  { name: 'ip', type: stringType() },
  { name: 'method', type: stringType() },
  { name: 'path', type: stringType() },
  { name: 'status', type: integerType() },
  { name: 'bytes', type: bigintType() },
  { name: 'user_agent', type: stringType() },
]

function accessLog(i: number): string {
  const second = String(i % 60).padStart(2, '0')
  return JSON.stringify({
    event_time: `2025-01-01 00:00:${second}.${String(i % 1000).padStart(3, '0')}`,
    ip: `10.0.${i % 256}.${(i * 7) % 256}`,
    method: i % 3 === 0 ? 'POST' : 'GET',
    path: `/shop/item/${i % 5000}`,
    status: 200 + (i % 4) * 100,
    bytes: 1000 + ((i * 37) % 90000),
    user_agent: 'Mozilla/5.0 (X11)',
  })
}

function makeRun(): PayloadRun {
  const texts = Array.from({ length: RECORDS }, (_, i) => accessLog(i))
  const bytes = new TextEncoder().encode(texts.join(''))
  const starts = new Int32Array(RECORDS)
  const ends = new Int32Array(RECORDS)
  let at = 0
  texts.forEach((text, i) => {
    starts[i] = at
    at += text.length
    ends[i] = at
  })
  return { bytes, starts, ends, length: RECORDS }
}

const run = makeRun()

function measure(label: string, seconds: number, oneRun: () => void): number {
  for (let warm = performance.now(); performance.now() - warm < 500; ) oneRun()
  let numRuns = 0
  const begin = performance.now()
  while (performance.now() - begin < seconds * 1000) {
    oneRun()
    numRuns++
  }
  const elapsed = (performance.now() - begin) / 1000
  const records = (numRuns * RECORDS) / elapsed
  const megabytes = (numRuns * run.bytes.length) / elapsed / 1e6
  console.log(`${label.padEnd(34)} ${(records / 1e6).toFixed(2)} M records/s  ${megabytes.toFixed(0)} MB/s`)
  return records
}

function decodeColumns(wanted: readonly number[]): () => void {
  const decoder = new JsonDecoder({ fields, wanted }, { options: {}, timeZone: 'UTC' })
  const columns = createColumns(
    wanted.map(i => fields[i]!.type),
    RECORDS,
  )
  const records = new Int32Array(RECORDS)
  return () => {
    for (const column of columns) column.reset()
    if (decoder.decode(run, 0, RECORDS, columns, records, 0) !== RECORDS) throw new Error('lost records')
  }
}

console.log(`${(run.bytes.length / RECORDS).toFixed(0)} bytes a record, Node ${process.version}`)
const two = measure('millrace, event_time and ip', 2, decodeColumns([0, 1]))
measure('millrace, ip and status', 2, decodeColumns([1, 4]))
measure('millrace, all seven columns', 2, decodeColumns([0, 1, 2, 3, 4, 5, 6]))
const text = Buffer.from(run.bytes.buffer)
const parsed = measure('JSON.parse(buf.toString())', 2, () => {
  for (let i = 0; i < RECORDS; i++) JSON.parse(text.toString('utf8', run.starts[i]!, run.ends[i]!))
})
console.log(`two columns: ${(two / parsed).toFixed(1)} × JSON.parse`)
