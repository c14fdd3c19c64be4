/** Who owns a transactional id prefix, and what becomes of the other. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import { Workplace } from '../../support/cli.ts'
import { withCopyJob } from '../../support/copy-job.ts'

let broker: DevBroker
let place: Workplace
beforeAll(async () => {
  broker = await startDevBroker()
  place = await Workplace.create()
})
afterAll(async () => {
  await broker?.close()
  await place?.[Symbol.asyncDispose]()
})

test('the very first transaction is lost while the engine is down: replayed from the start offsets', () =>
  withCopyJob(place, broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.start({ failPoints: 'kafka.commit.before=kill' })
    expect((await first.ended).signal).toBe('SIGKILL')
    expect(broker.timeoutTransaction(`${job.prefix}.0`)).toBe(true)
    const second = await job.start()
    await job.untilCommitted(second)
    expect(second.stderr).toMatch(/transaction of checkpoint 2 expired; replaying from checkpoint 1/)
    await job.expectExact()
  }))

test('a second engine without state is refused, and with --resume none the older one ends', () =>
  withCopyJob(place, broker.bootstrap, {}, async job => {
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
