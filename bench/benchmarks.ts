/** All benchmarks: a new one is a line here. */
import { aggregate } from './aggregate.ts'
import { eventLoop } from './event-loop.ts'
import { compiledExpressions } from './expressions.ts'
import { growth } from './growth/index.ts'
import type { Benchmark } from './harness.ts'
import { idleJobs } from './idle-jobs/index.ts'
import { ipCount } from './ip-count.ts'
import { kernels } from './kernels/index.ts'
import { latency } from './latency/index.ts'
import { memory } from './memory.ts'
import { otherQueries } from './other-queries.ts'
import { stages } from './stages.ts'
import { startup } from './startup.ts'
import { threads } from './threads/threads.ts'

/** What `npm run bench` without names runs. */
export const benchmarks: readonly Benchmark[] = [
  ipCount,
  stages,
  threads,
  otherQueries,
  aggregate,
  compiledExpressions,
  eventLoop,
  ...kernels,
]

/** Minutes each, or in need of a broker: only by name. */
export const longBenchmarks: readonly Benchmark[] = [...growth, startup, memory, latency, idleJobs]
