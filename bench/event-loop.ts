/**
 * How long an embedded job at full load holds its host's event loop: `node bench/event-loop.ts`. The library
 * promises a p99 under 20 ms (design.md: an engine in a process yields at least every 5 ms).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { accessLog } from './access-log.ts'
import { runIpCount } from './ip-count.ts'

const RESOLUTION_MS = 1
const topic = accessLog(400_000)
await runIpCount(topic, { numRows: 0, numBytes: 0 })

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
const start = performance.now()
let numRecords = 0
while (performance.now() - start < 8000) {
  await runIpCount(topic, { numRows: 0, numBytes: 0 })
  numRecords += topic.numRecords
}
delay.disable()
const seconds = (performance.now() - start) / 1000
const ms = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(1)} ms`
console.log(
  `${(numRecords / seconds / 1e6).toFixed(2)} M records/s for ${seconds.toFixed(0)} s; event-loop delay:`,
)
console.log(
  `  p50 ${ms(delay.percentile(50))}  p90 ${ms(delay.percentile(90))}  p99 ${ms(delay.percentile(99))}  max ${ms(delay.max)}`,
)
