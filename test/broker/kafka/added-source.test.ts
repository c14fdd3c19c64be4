/** A query that gets another source keeps its state, and the new source starts at one place only. */
import { expect, test } from 'vitest'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { produce } from '../../support/cli-kafka.ts'
import { type CopyJob, withCopyJob } from '../../support/copy-job.ts'

const on = withBrokerPlace()

const record = (id: number): string => `{"id":${id},"name":"n"}`

test.each([
  ['before its first checkpoint', 'checkpoint.acknowledged=kill@1', false],
  [
    'when its first checkpoint was decided, and the broker ended the transaction',
    'kafka.commit.before=kill',
    true,
  ],
])('killed %s, it reads the new source from the same offset', (_when, failPoints, timesOut) =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.running()
    await job.untilCommitted(first)
    first.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    const added = `${job.source}_new`
    await job.tool.create(added)
    await produce(on.broker.bootstrap, added, [record(999)])
    const withSource = { addedSource: added }
    const second = await job.start({ ...withSource, failPoints })
    await second.untilStderr('job is running')
    await produce(on.broker.bootstrap, added, [record(100), record(101)])
    expect((await second.ended).signal).toBe('SIGKILL')
    if (timesOut) timeOut(job)
    await produce(on.broker.bootstrap, added, [record(102)])
    const third = await job.running(withSource)
    expect(third.stderr.includes('replaying from checkpoint')).toBe(timesOut)
    await job.untilCommitted(third, 13)
    expect(await job.committed()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 101, 102])
  }),
)

function timeOut(job: CopyJob): void {
  for (const { transactionalId } of on.broker.transactions())
    if (transactionalId.startsWith(job.prefix)) on.broker.timeoutTransaction(transactionalId)
}
