/**
 * A job that is given far more than it can bring out: a sink slowed to about 1 %, a source that outruns the query.
 * Its memory stays under a fixed limit, checkpoints go on, and the live view names what is slow.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processUsage } from '../../../soak/process-usage.ts'
import { type CliProcess, Workplace } from '../../support/cli.ts'
import { exactlyOnce, kafkaTable } from '../../support/cli-kafka.ts'
import { SlowBroker } from '../../support/slow-broker.ts'

const COLUMNS = 'id BIGINT, k INT, name STRING'
const NUM_RECORDS = 1_000_000
/**
 * One percent of the 90 MB/s that the first of these jobs writes when nothing holds it up. Before the send buffer
 * went by the brokers' rate its checkpoints took longer than its transactions live.
 */
const SLOW_BYTES_PER_SECOND = 900_000
/** Measured: 133 MiB for a job that does nothing, peaks of 160 to 290 MiB here; 500 MiB before fetches were bounded. */
const MAX_RSS = 400 * 1024 * 1024

interface JobStatus {
  readonly recordsIn: number
  readonly lag: number | null
  readonly lastCheckpoint: number | null
  readonly failedCheckpoints: number
  readonly restarts: number
  readonly busiest: string | null
}

let place: Workplace
let broker: SlowBroker
beforeAll(async () => {
  place = await Workplace.create()
  broker = await SlowBroker.start({ partitions: 64 })
  const generated = `CREATE TABLE numbers (${COLUMNS}) WITH ('connector' = 'datagen', 'rows-per-second' = '100000000',
    'number-of-rows' = '${NUM_RECORDS}', 'fields.name.length' = '250', 'fields.k.min' = '0', 'fields.k.max' = '9999');\n`
  const filled = await place.run(`${generated}${source()}INSERT INTO src SELECT * FROM numbers;`)
  expect(filled.code, filled.stderr).toBe(0)
})
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]()
  await place?.[Symbol.asyncDispose]()
})

const source = (options: Readonly<Record<string, string>> = {}) =>
  kafkaTable('src', broker.bootstrap, options, COLUMNS)

/** Runs until `numCheckpoints` are through; the most memory it had, and every status it wrote. */
async function watch(name: string, sql: string, numCheckpoints: number) {
  await place.write(`${name}.sql`, `SET 'execution.checkpointing.interval' = '1 s';\n${sql}`)
  const job = place.start(['run', `${name}.sql`, '--state-dir', name, '--status-file', `${name}.json`])
  const statuses: JobStatus[] = []
  let peakRss = 0
  try {
    await job.until(`${numCheckpoints} checkpoints`, async () => {
      peakRss = Math.max(peakRss, processUsage(job.child.pid!)?.rssBytes ?? 0)
      const status = await statusOf(name, job)
      if (status !== null) statuses.push(status)
      return (status?.lastCheckpoint ?? 0) > numCheckpoints || (status?.restarts ?? 0) > 0
    })
  } finally {
    await job.stop()
  }
  return { peakRss, statuses, last: statuses.at(-1)! }
}

async function statusOf(name: string, job: CliProcess): Promise<JobStatus | null> {
  try {
    const text = await readFile(join(place.path, `${name}.json`), 'utf8')
    const { pid, jobs } = JSON.parse(text) as { readonly pid: number; readonly jobs: readonly JobStatus[] }
    return pid === job.child.pid ? (jobs[0] ?? null) : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function expectBounded({ peakRss, last }: Awaited<ReturnType<typeof watch>>): void {
  expect(peakRss).toBeLessThan(MAX_RSS)
  expect([last.restarts, last.failedCheckpoints]).toEqual([0, 0])
  // Far more is left than it has taken.
  expect(last.lag!).toBeGreaterThan(NUM_RECORDS / 4)
}

const transactional = { ...exactlyOnce('slow'), 'properties.transaction.timeout.ms': '60000' }

describe('a sink slowed to 1 %', () => {
  beforeAll(() => broker.throttle(SLOW_BYTES_PER_SECOND))
  afterAll(() => broker.throttle(null))

  test('holds up a job that only copies', async () => {
    const sink = kafkaTable('copy', broker.bootstrap, transactional, COLUMNS)
    const seen = await watch('copy', `${source()}${sink}INSERT INTO copy SELECT * FROM src;`, 6)
    expectBounded(seen)
    expect(seen.last.busiest).toMatch(/^waits for Sink\(copy\) /)
  })

  test('holds up a GROUP BY through exchanges', async () => {
    const sink = `CREATE TABLE counts (k INT, n BIGINT, m STRING, PRIMARY KEY (k) NOT ENFORCED) WITH (
      'connector' = 'upsert-kafka', 'topic' = 'counts', 'properties.bootstrap.servers' = '${broker.bootstrap}',
      'key.format' = 'json', 'value.format' = 'json', 'sink.delivery-guarantee' = 'exactly-once',
      'sink.transactional-id-prefix' = 'counts');\n`
    const query = 'INSERT INTO counts SELECT k, COUNT(*), MAX(name) FROM src GROUP BY k;'
    // The first barrier stands behind all that channels between threads may hold, some 8 s of this sink; how long
    // that takes on a busy machine is not the question, so its transactions live as long as they do by default.
    const seen = await watch('counts', `SET 'parallelism.default' = '2';\n${source()}${sink}${query}`, 2)
    expectBounded(seen)
    expect(seen.last.busiest).toMatch(/^waits for Sink\(counts\) /)
  })
})

test('a source that outruns the query holds no more than its memory, however many partitions it fetches', async () => {
  const sink = `CREATE TABLE digests (k INT, m STRING) WITH ('connector' = 'blackhole');\n`
  let digest = 'name'
  for (const letters of ['aeiou', 'b-f', 'g-k', 'l-p'])
    digest = `REGEXP_REPLACE(${digest}, '[${letters}]+', '$0.')`
  const seen = await watch(
    'digests',
    `SET 'parallelism.default' = '4';\n${source({ 'properties.max.partition.fetch.bytes': '8388608' })}${sink}
     INSERT INTO digests SELECT MOD(k, 10), MAX(${digest}) FROM src GROUP BY MOD(k, 10);`,
    3,
  )
  expectBounded(seen)
  expect(seen.last.busiest).toMatch(/^(?:Scan\(src\)|GroupAggregate)/)
})
