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

import { readdirSync, readFileSync } from 'node:fs'

function cpu(): Map<string, number> {
  const m = new Map<string, number>()
  for (const t of readdirSync('/proc/self/task')) {
    const st = readFileSync(`/proc/self/task/${t}/stat`, 'utf8')
    const name = st.slice(st.indexOf('(') + 1, st.lastIndexOf(')'))
    const f = st.slice(st.lastIndexOf(')') + 2).split(' ')
    m.set(name + t, Number(f[11]) * 10 + Number(f[12]) * 10)
  }
  return m
}
let c0 = cpu(),
  t0 = 0
const rates: number[] = []
let numRows = 0
for (let pass = -2; pass < passes!; pass++) {
  if (pass === 0) {
    c0 = cpu()
    t0 = performance.now()
  }
  const sink = { numRows: 0, numBytes: 0 }
  const startedAt = performance.now()
  await runOverMemory(sql, topic, sink, threads === 0 ? undefined : entry)
  if (pass >= 0) rates.push((numRecords! * 1000) / (performance.now() - startedAt))
  numRows = sink.numRows
}
console.log(JSON.stringify({ rates, numRows }))

console.log(
  'wall',
  performance.now() - t0,
  'ns cpu/rec',
  ([...cpu()].reduce((sum, [k, v]) => sum + v - (c0.get(k) ?? 0), 0) * 1e6) / passes! / numRecords!,
)
for (const [k, v] of cpu()) if (v - (c0.get(k) ?? 0) > 0) console.log(k, v - (c0.get(k) ?? 0))
