/** Slow sinks of a job in this process: a callback that takes its time, a file that takes few bytes at a time. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Millrace } from '../../../src/index.ts'
import { BATCH_ROWS } from '../../../src/types/index.ts'

/** `name` makes lines of 101 bytes. */
const NUMBERS = `CREATE TABLE numbers (name STRING) WITH (
  'connector' = 'datagen', 'rows-per-second' = '100000000', 'fields.name.length' = '100');\n`
const LINE_BYTES = 101
const MIB = 1024 * 1024

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-load-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a callback that takes its time holds no more than a batch; checkpoints go on', async () => {
  const config = { 'execution.checkpointing.interval': '100 ms' }
  await using millrace = new Millrace({ stateDir: folder, config })
  let numTaken = 0
  const onChange = async () => {
    numTaken++
    await sleep(1)
  }
  millrace.createSink('slow', { columns: 'name STRING', onChange })
  const [job] = millrace.execute(`${NUMBERS}INSERT INTO slow SELECT name FROM numbers`).jobs
  for (;;) {
    await sleep(20)
    const { numRecordsIn, checkpoints } = job!.metrics()
    expect(numRecordsIn - numTaken).toBeLessThanOrEqual(2 * BATCH_ROWS)
    // One that covers rows, not only the start.
    if (checkpoints!.numberOfCompletedCheckpoints >= 1 && numTaken > BATCH_ROWS) break
  }
  expect(job!.metrics().busiestTask).toMatchObject({ label: 'Sink(slow)', waitsForSink: true })
})

test('a file that takes few bytes at a time holds no more than ten megabytes', async () => {
  const parts = join(folder, 'parts')
  await mkdir(parts)
  const slow = join(parts, '.part-0-0.inprogress')
  execFileSync('mkfifo', [slow])
  await using millrace = new Millrace({ stateDir: folder })
  const [job] = millrace.execute(
    `${NUMBERS}CREATE TABLE lines (name STRING) WITH ('connector' = 'filesystem', 'path' = '${parts}', 'format' = 'csv');
     INSERT INTO lines SELECT name FROM numbers`,
  ).jobs
  const disk = await open(slow, 'r')
  try {
    let numTaken = 0
    let mostHeld = 0
    while (numTaken < 20 * MIB) {
      await sleep(5)
      const { bytesRead } = await disk.read(Buffer.alloc(MIB))
      numTaken += bytesRead
      mostHeld = Math.max(mostHeld, job!.metrics().numRecordsIn * LINE_BYTES - numTaken)
    }
    expect(mostHeld).toBeGreaterThan(4 * MIB)
    expect(mostHeld).toBeLessThan(12 * MIB)
    expect(job!.metrics().busiestTask).toMatchObject({ label: 'Sink(lines)', waitsForSink: true })
  } finally {
    // The job may stand in a write: nobody reads any more, so it fails.
    await disk.close()
    await job!.cancel()
  }
})
