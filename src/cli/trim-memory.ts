/**
 * Once the jobs run and the process is at rest, what starting has left behind is collected and the memory given back:
 * V8 would keep some 15 MB for as long as nothing allocates, and the parser is of no more use. Costs some 30 ms, once.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { forgetParser } from '../parser/index.ts'

const CHECK_MS = 2_000
/** Share of the time the event loop works. */
const AT_REST = 0.2

export function trimMemoryAtRest(): { stop(): void } {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before)
    before = performance.eventLoopUtilization()
    if (utilization > AT_REST) return
    clearInterval(timer)
    forgetParser()
    collectGarbage()
  }, CHECK_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: object) => void
  setFlagsFromString('--no-expose-gc')
  // Only this kind also gives the young generation's pages back.
  gc({ type: 'major', flavor: 'last-resort' })
}
