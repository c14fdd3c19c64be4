/** One contender of the threads benchmark in a process of its own: parallelism, threads, records, passes. */

import { setEnvironmentData } from 'node:worker_threads'
import { accessLog } from '../access-log.ts'
import { ipCountSql } from '../ip-count.ts'
import { runOverMemory } from '../run-over-memory.ts'

const [parallelism, threads, numRecords, passes] = process.argv.slice(2).map(Number)
setEnvironmentData('numRecords', numRecords!)
const topic = accessLog(numRecords!)
const sql = `SET 'parallelism.default' = '${parallelism}';\nSET 'millrace.threads' = '${threads}';\n${ipCountSql}`
const entry = new URL('./entry.ts', import.meta.url)
const rates: number[] = []
let numRows = 0
for (let pass = -2; pass < passes!; pass++) {
  const sink = { numRows: 0, numBytes: 0 }
  const startedAt = performance.now()
  await runOverMemory(sql, topic, sink, threads === 0 ? undefined : entry)
  if (pass >= 0) rates.push((numRecords! * 1000) / (performance.now() - startedAt))
  numRows = sink.numRows
}
console.log(JSON.stringify({ rates, numRows }))
