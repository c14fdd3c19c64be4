import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Millrace } from '../../../src/index.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'millrace-retention-'))
})
afterEach(() => rm(stateDir, { recursive: true, force: true }))

/** Starts a job, waits for a checkpoint, takes a savepoint, ends it; what is left on disk. */
async function checkpointsAfter(retention: string, end: 'cancel' | 'close'): Promise<readonly string[]> {
  await using millrace = new Millrace({
    stateDir,
    config: {
      'execution.checkpointing.interval': '10 ms',
      'execution.checkpointing.externalized-checkpoint-retention': retention,
      'pipeline.name': 'job',
    },
  })
  const [job] = millrace.execute(`
    CREATE TABLE n (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');
    CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO b SELECT id FROM n`).jobs
  await job!.started()
  while ((job!.metrics().checkpoints?.numberOfCompletedCheckpoints ?? 0) === 0) {
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  await job!.savepoint()
  if (end === 'cancel') await job!.cancel()
  else await millrace.close()
  const names = await readdir(join(stateDir, 'job'))
  return names.filter(name => /^(chk|savepoint)-/.test(name)).map(name => name.split('-')[0]!)
}

test('a canceled job keeps its checkpoints by default', async () => {
  expect(await checkpointsAfter('RETAIN_ON_CANCELLATION', 'cancel')).toContain('chk')
})

test('DELETE_ON_CANCELLATION removes the checkpoints, not the savepoints', async () => {
  expect(await checkpointsAfter('DELETE_ON_CANCELLATION', 'cancel')).toEqual(['savepoint'])
})

test('closing the library gives no job up', async () => {
  expect(await checkpointsAfter('DELETE_ON_CANCELLATION', 'close')).toContain('chk')
})
