/**
 * The process whose cost is measured: one Millrace with many jobs that have nothing to do. Prints what they cost as JSON.
 * `node host.ts BOOTSTRAP NUM_JOBS SECONDS STATE_DIR`
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Millrace } from '../../src/index.ts'
import { gc } from '../gc.ts'

const [, , bootstrap, numJobsText, secondsText, stateDir] = process.argv
const numJobs = Number(numJobsText)
const seconds = Number(secondsText)
/** Jobs that start at the same time. */
const WAVE = 50
const SETTLE_MS = 5_000
/** Until V8 has collected what starting the jobs has left behind. */
const REST_MS = 30_000

const millrace = new Millrace({ stateDir: stateDir!, config: { 'execution.checkpointing.interval': '5 s' } })
const common = `'connector' = 'kafka', 'properties.bootstrap.servers' = '${bootstrap}', 'format' = 'json'`
millrace.execute(`CREATE TABLE source (ip STRING, status INT) WITH (${common}, 'topic' = 'idle-in',
  'scan.startup.mode' = 'earliest-offset')`)

async function start(from: number, to: number): Promise<void> {
  const jobs = Array.from({ length: to - from }, (_, i) => {
    const name = `sink_${from + i}`
    const { jobs: started } =
      millrace.execute(`CREATE TABLE ${name} (ip STRING) WITH (${common}, 'topic' = 'idle-out',
      'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'idle-${name}',
      'properties.transaction.timeout.ms' = '900000');
    INSERT INTO ${name} SELECT ip FROM source WHERE status = 200`)
    for (const job of started) job.wait().catch(fail)
    return started[0]!
  })
  await Promise.all(jobs.map(job => job.started()))
}

function fail(error: unknown): void {
  console.error(error)
  process.exit(1)
}

async function settledMemory(): Promise<number> {
  gc()
  await sleep(SETTLE_MS)
  gc()
  return process.memoryUsage.rss()
}

await start(0, 1)
const memoryOfOne = await settledMemory()
const startedAt = performance.now()
for (let n = 1; n < numJobs; n += WAVE) await start(n, Math.min(numJobs, n + WAVE))
const startMs = performance.now() - startedAt
await sleep(REST_MS)
const before = process.cpuUsage()
await sleep(seconds * 1_000)
const { user, system } = process.cpuUsage(before)
const memory = await settledMemory()
const handles = process.getActiveResourcesInfo()
const result = {
  startMs,
  cpuShare: (user + system) / 1e6 / seconds,
  bytesPerJob: (memory - memoryOfOne) / Math.max(1, numJobs - 1),
  connections: handles.filter(name => name.startsWith('TCPSocket') || name.startsWith('TLS')).length,
  handles: handles.length,
}
console.log(JSON.stringify(result))
process.exit(0)
