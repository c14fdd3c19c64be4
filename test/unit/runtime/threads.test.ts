/** A job in worker threads, as the library's user sees it. */
import type { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { type JsRow, Millrace } from '../../../src/index.ts'

const workers: Worker[] = []
const remember = (worker: Worker) => workers.push(worker)
process.on('worker', remember)
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate()
})

const settings = (threads: string) => ({
  'parallelism.default': '2',
  'millrace.threads': threads,
  'table.local-time-zone': 'UTC',
})

const source = (numRows: number | null) => `
  CREATE TABLE numbers (n BIGINT, k BIGINT) WITH (
    'connector' = 'datagen', 'rows-per-second' = '1000000',
    ${numRows === null ? '' : `'number-of-rows' = '${numRows}',`}
    'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '${numRows ?? 1_000_000_000}',
    'fields.k.min' = '0', 'fields.k.max' = '99'
  );`

async function sums(
  threads: string,
): Promise<{ readonly total: number; readonly numKeys: number; read: number }> {
  await using millrace = new Millrace({ config: settings(threads) })
  const latest = new Map<unknown, number>()
  millrace.createSink('sums', {
    columns: 'k BIGINT, total BIGINT, PRIMARY KEY (k) NOT ENFORCED',
    onChange: ({ row }: { readonly row: JsRow }) => {
      latest.set(row['k'], Number(row['total']))
    },
  })
  const { jobs } = millrace.execute(`${source(20_000)}
    INSERT INTO sums SELECT k, SUM(n) FROM numbers GROUP BY k;`)
  await jobs[0]!.wait()
  const read = jobs[0]!.metrics().numRecordsIn
  return { total: [...latest.values()].reduce((sum, value) => sum + value, 0), numKeys: latest.size, read }
}

test('the answer and the metrics are those of one thread', async () => {
  const alone = await sums('0')
  expect(workers).toHaveLength(0)
  const spread = await sums('2')
  expect(workers).toHaveLength(2)
  expect(alone).toEqual({ total: (20_000 * 20_001) / 2, numKeys: 100, read: 20_000 })
  expect(spread).toEqual(alone)
})

test('the threads of one job serve the next', async () => {
  await sums('2')
  await sums('2')
  expect(workers).toHaveLength(2)
})

test('auto: as many threads as subtasks', async () => {
  await sums('auto')
  expect(workers.length).toBeGreaterThan(0)
  expect(workers.length).toBeLessThanOrEqual(2)
})

test('a thread that dies fails the job with a code', async () => {
  await using millrace = new Millrace({ config: settings('2') })
  const { jobs } = millrace.execute(`${source(null)}
    CREATE TABLE nowhere (n BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO nowhere SELECT n FROM numbers;`)
  await jobs[0]!.started()
  await workers[0]!.terminate()
  await expect(jobs[0]!.wait()).rejects.toMatchObject({ code: 'MR_THREAD_DIED', family: 'runtime' })
})

test('an error of an operator keeps its code on the way to the host', async () => {
  await using millrace = new Millrace({ config: settings('2') })
  const { jobs } = millrace.execute(`${source(1000)}
    CREATE TABLE nowhere (n BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO nowhere SELECT 1 / (n - 500) FROM numbers;`)
  await expect(jobs[0]!.wait()).rejects.toMatchObject({
    family: 'runtime',
    details: { job: expect.anything() },
  })
})

test('a wrong number of threads is refused with what is right', () => {
  expect(() => new Millrace({ config: { 'millrace.threads': 'many' } })).toThrow(/millrace\.threads/)
})

test.each([0, 1, 2, 5, 10, 20, 50, 100, 200])('canceled %i ms after its start, it ends', async afterMs => {
  await using millrace = new Millrace({ config: settings('2') })
  const { jobs } = millrace.execute(`${source(null)}
    CREATE TABLE nowhere (n BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO nowhere SELECT n FROM numbers;`)
  await new Promise(resolve => setTimeout(resolve, afterMs))
  await jobs[0]!.cancel()
  expect(jobs[0]!.status).toBe('CANCELED')
})
