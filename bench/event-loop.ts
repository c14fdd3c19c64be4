/**
 * How long an embedded job at full load holds its host's event loop. The library promises a p99 under 20 ms (design.md:
 * an engine in a process yields at least every 5 ms).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { accessLog } from './access-log.ts'
import { type FigureBenchmark, scaled } from './harness.ts'
import { runIpCount } from './ip-count.ts'

export const eventLoop: FigureBenchmark = {
  kind: 'figures',
  name: 'event-loop',
  title: 'delay of the event loop while the IP count runs at full load',
  async figures(scale) {
    const topic = accessLog(scaled(400_000, scale))
    await runIpCount(topic, { numRows: 0, numBytes: 0 })
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const start = performance.now()
    do await runIpCount(topic, { numRows: 0, numBytes: 0 })
    while (performance.now() - start < 8000 * scale)
    delay.disable()
    const inMs = (nanoseconds: number) => nanoseconds / 1e6
    return [
      ...[50, 90, 99].map(p => ({ name: `p${p}`, value: inMs(delay.percentile(p)), unit: 'ms' })),
      { name: 'longest', value: inMs(delay.max), unit: 'ms' },
    ]
  },
}
