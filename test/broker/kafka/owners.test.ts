/** Who owns a transactional id prefix, and what becomes of the other. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { withCopyJob } from '../../support/copy-job.ts'

const on = withBrokerPlace()

test('the very first transaction is lost while the engine is down: replayed from the start offsets', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.start({ failPoints: 'kafka.commit.before=kill' })
    expect((await first.ended).signal).toBe('SIGKILL')
    expect(on.broker.timeoutTransaction(`${job.prefix}.0`)).toBe(true)
    const second = await job.start()
    await job.untilCommitted(second)
    expect(second.stderr).toMatch(/transaction of checkpoint 2 expired; replaying from checkpoint 1/)
    await job.expectExact()
  }))

test('a second engine without state is refused, and with --resume none the older one ends', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const older = await job.running({ stateDir: 'older' })
    await job.untilCommitted(older)
    const refused = await (await job.start({ stateDir: 'younger' })).ended
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('MR_KAFKA_PREFIX_IN_USE')
    expect(older.child.exitCode).toBeNull()
    const younger = await job.running({ stateDir: 'younger', args: ['--resume', 'none'] })
    await job.feed(5)
    const end = await older.ended
    expect(end.code).toBe(3)
    expect(end.stderr).toContain('MR_KAFKA_PREFIX_TAKEN')
    await job.feed(5)
    await job.untilCommitted(younger, 10 + 20)
    expect(younger.stderr).not.toContain('restarting')
  }))

test('a decided transaction of another cluster is not looked for here', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.start({ failPoints: 'kafka.commit.before=kill' })
    expect((await first.ended).signal).toBe('SIGKILL')
    await using other = await startDevBroker()
    const { code, stderr } = await (await job.start({ bootstrap: other.bootstrap })).ended
    expect(code).toBe(2)
    expect(stderr).toContain('MR_KAFKA_OTHER_CLUSTER')
    expect(stderr).toContain(on.broker.clusterId)
    const second = await job.running()
    await job.untilCommitted(second)
    await job.expectExact()
  }))

test('two engines on one state directory: the second is refused, the first goes on', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.running()
    const { code, stderr } = await (await job.start()).ended
    expect(code).toBe(2)
    expect(stderr).toContain('MR_STATE_DIR_IN_USE')
    await job.feed(10)
    await job.untilCommitted(first)
    await job.expectExact()
    expect(first.stderr).not.toContain('restarting')
  }))

test('an engine that was stopped for a while and replaced ends when it wakes up', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const older = await job.running()
    await job.untilCommitted(older)
    older.kill('SIGSTOP')
    // Its socket still answers for it: whoever wants the directory must remove it, as after a move of the disk.
    await rm(join(on.place.path, job.prefix, 'copy', 'lease.sock'))
    const younger = await job.running()
    await job.feed(10)
    await job.untilCommitted(younger)
    older.kill('SIGCONT')
    await job.feed(10)
    const end = await older.ended
    expect(end.code).toBe(3)
    expect(end.stderr).toMatch(/MR_LEASE_LOST|MR_KAFKA_TRANSACTION_FENCED/)
    await job.untilCommitted(younger)
    await job.expectExact()
  }))

test('a savepoint that is named takes the prefix back from the job that took it over', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.running({ stateDir: 'saved' })
    await job.untilCommitted(first)
    first.kill('SIGTERM')
    const saved = /"savepoint":"([^"]+)"/.exec((await first.ended).stderr)![1]!
    const taker = await job.running({ stateDir: 'taker', args: ['--resume', 'none'] })
    await job.untilCommitted(taker, 20)
    const back = await job.running({ stateDir: 'saved', args: ['--resume', saved] })
    // Who has nothing to write does not notice.
    await job.feed(5)
    const end = await taker.ended
    expect(end.code).toBe(3)
    expect(end.stderr).toContain('ConnectorError MR_KAFKA_PREFIX_TAKEN')
    await job.untilCommitted(back, 25)
    expect(await job.committed()).toHaveLength(25)
    expect(back.stderr).not.toContain('restarting')
  }))
