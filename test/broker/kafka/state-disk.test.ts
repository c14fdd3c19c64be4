/** A state directory that fills up, fails, or goes away under a running job. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { withCopyJob } from '../../support/copy-job.ts'

const on = withBrokerPlace()

/** Each step fails as if the disk were full or an fsync went wrong: once, or from then on. */
test.each([
  'file.manifest.half=error@3',
  'file.manifest.written=error@3',
  'file.manifest.synced=error@3',
  'file.manifest.renamed=error@3',
  'file.confirmed.written=error@3',
  'file.confirmed.renamed=error@3',
  'file.directory.made=error@5',
])('%s: the job restarts from its last checkpoint, and nothing is lost or doubled', failPoints =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const running = await job.running({ failPoints })
    await running.until('the failure', async () => {
      await job.feed(1)
      return running.stderr.includes('restarting in')
    })
    expect(running.stderr).toContain('"code":"MR_CHECKPOINT_NOT_WRITTEN"')
    await job.feed(10)
    await job.untilCommitted(running)
    await job.expectExact()
  }),
)

test('a disk that stays full: said at each try, ends with the code, goes on when there is room', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const running = await job.running({ failPoints: 'file.manifest.written=error@3+' })
    const { code, stderr } = await running
      .until('end', async () => {
        await job.feed(1)
        return false
      })
      .then(
        () => running.ended,
        () => running.ended,
      )
    expect(code).toBe(3)
    expect(stderr).toMatch(/RuntimeFailure MR_CHECKPOINT_NOT_WRITTEN: .*copy/)
    expect(stderr).toContain('free space')
    const second = await job.running()
    await job.untilCommitted(second)
    await job.expectExact()
  }))

test('failures are tolerated when told to: the next checkpoint carries what was prepared', () =>
  withCopyJob(
    on.place,
    on.broker.bootstrap,
    { settings: `SET 'execution.checkpointing.tolerable-failed-checkpoints' = '2';` },
    async job => {
      await job.feed(10)
      const running = await job.running({ failPoints: 'file.manifest.written=error@3' })
      await running.until('the failure', async () => {
        await job.feed(1)
        return running.stderr.includes('checkpoint failed; the job goes on')
      })
      await job.feed(10)
      await job.untilCommitted(running)
      await job.expectExact()
      expect(running.stderr).not.toContain('restarting')
    },
  ))

test('SIGTERM on a full disk: said that there is no savepoint, and the next start goes on from the last checkpoint', () =>
  withCopyJob(on.place, on.broker.bootstrap, { interval: '1 min' }, async job => {
    await job.feed(10)
    const running = await job.running({ failPoints: 'file.manifest.written=error@2+' })
    await running.untilStderr('"recordsIn":10')
    running.kill('SIGTERM')
    const { stderr } = await running.ended
    expect(stderr).toMatch(/cannot be written.*no savepoint could be taken; the next start resumes/)
    const second = await job.running()
    await second.untilStderr('"recordsIn":10')
    second.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    await job.expectExact()
  }))

test('the state directory is removed under a running job: it ends, and says so', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const running = await job.running({ stateDir: 'removed' })
    await job.untilCommitted(running)
    // A checkpoint may be written into it meanwhile.
    await rm(join(on.place.path, 'removed'), { recursive: true, maxRetries: 20, retryDelay: 5 })
    await job.feed(10)
    const { code, stderr } = await running.ended
    expect(code).toBe(3)
    expect(stderr).toMatch(/MR_LEASE_LOST.*its lease was removed/)
    expect(await job.committed()).toEqual(Array.from({ length: 10 }, (_, i) => i))
  }))
