/** Time that passes, or only seems to: wall clocks that step, idle days, what brokers forget meanwhile. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { type CopyJob, withCopyJob } from '../../support/copy-job.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const on = withBrokerPlace()

const jumping = (jumpMs: number, periodMs = 0) => ({
  NODE_OPTIONS: `--import=${resolve(import.meta.dirname, '../../support/jumping-clock.ts')}`,
  CLOCK_JUMP_MS: String(jumpMs),
  CLOCK_PERIOD_MS: String(periodMs),
})

const isTransactional = (request: unknown): boolean =>
  (request as { readonly transactionalId: string | null }).transactionalId !== null

const timestamps = (stderr: string): number[] =>
  [...stderr.matchAll(/"time":(\d+)/g)].map(([, time]) => Number(time))

test('a wall clock that steps days forth and back changes nothing', () =>
  withCopyJob(
    on.place,
    on.broker.bootstrap,
    { sinkOptions: { 'properties.request.timeout.ms': '1000' } },
    async job => {
      // An answer that never comes must be given up although the clock was set back meanwhile.
      let numProduced = 0
      const lost = on.broker.faults.add({
        api: 'Produce',
        when: ({ request }) => isTransactional(request) && ++numProduced === 3,
        action: { kind: 'drop-answer' },
      })
      const running = await job.running({ env: jumping(2 * DAY, 150) })
      for (let i = 0; i < 12; i++) {
        await job.feed(10)
        await sleep(100)
      }
      await job.untilCommitted(running)
      await job.expectExact()
      expect(lost.hits).toBe(1)
      expect(running.stderr).not.toContain('restarting')
      const times = timestamps(running.stderr)
      expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3 * DAY)
    },
  ))

test.each([-30 * DAY, 30 * DAY])(
  'a restart under a clock that is wrong by %i ms commits what is prepared',
  jump =>
    withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
      await job.feed(10)
      const first = await job.running()
      await job.untilCommitted(first)
      await first.stop()
      const second = await job.start({ failPoints: 'kafka.commit.before=kill' })
      await job.feed(10)
      expect((await second.ended).signal).toBe('SIGKILL')
      const third = await job.running({ env: jumping(jump) })
      expect(third.stderr).toContain('"numResumedTransactions":1')
      expect(third.stderr.includes('older than its timeout')).toBe(jump > 0)
      await job.feed(10)
      await job.untilCommitted(third)
      await job.expectExact()
    }),
)

/** Kills the job when a checkpoint is decided and its transaction is not yet committed. */
async function dieDecided(job: CopyJob): Promise<void> {
  await job.feed(10)
  const first = await job.running()
  await job.untilCommitted(first)
  await first.stop()
  const second = await job.start({ failPoints: 'kafka.commit.before=kill' })
  await job.feed(10)
  expect((await second.ended).signal).toBe('SIGKILL')
}

test('the broker ended a decided transaction while the engine was down: replayed, and said', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await dieDecided(job)
    on.broker.advanceClock(HOUR)
    const third = await job.running()
    expect(third.stderr).toMatch(/transaction of checkpoint \d+ expired; replaying from checkpoint \d+/)
    await job.untilCommitted(third)
    await job.expectExact()
  }))

test('transactional ids expired while the engine was down: the witness still says what was committed', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.start({ failPoints: 'kafka.commit.visible=kill' })
    expect((await first.ended).signal).toBe('SIGKILL')
    for (let slot = 0; slot < 3; slot++) on.broker.expireTransaction(`${job.prefix}.${slot}`)
    const second = await job.running()
    expect(second.stderr).not.toContain('replaying')
    await job.feed(10)
    await job.untilCommitted(second)
    await job.expectExact()
  }))

test('ids and witness are gone: the start is refused, or goes on when told to', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await dieDecided(job)
    on.broker.advanceClock(8 * DAY)
    on.broker.deleteGroupOffsets(`__millrace.${job.prefix}`)
    const refused = await (await job.start()).ended
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('MR_KAFKA_OUTCOME_UNKNOWN')
    expect(refused.stderr).toContain('millrace.kafka.on-unknown-outcome')
    const goesOn = await job.running({
      settings: `SET 'millrace.kafka.on-unknown-outcome' = 'continue';`,
    })
    expect(goesOn.stderr).toContain('the outcome of a transaction is unknown')
    await job.feed(10)
    await goesOn.until('the new rows', async () => (await job.committed()).length >= 20)
    // What the broker had ended is missing, as the setting says; nothing is there twice.
    expect(await job.committed()).toEqual([...range(0, 10), ...range(20, 30)])
  }))

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

test('an idle job keeps its witness and its ids alive', () =>
  withCopyJob(
    on.place,
    on.broker.bootstrap,
    { settings: `SET 'millrace.kafka.witness-keep-alive' = '100 ms';`, sinkOptions: shortTransactions },
    async job => {
      await job.feed(10)
      const running = await job.running()
      await job.untilCommitted(running)
      const ids = [0, 1, 2].map(slot => `${job.prefix}.${slot}`)
      const epochs = () => ids.map(id => on.broker.transaction(id)!.producerEpoch)
      const before = epochs()
      await running.until('every id was used again', () =>
        epochs().every((epoch, slot) => epoch >= before[slot]! + 2),
      )
      await job.feed(10)
      await job.untilCommitted(running)
      await job.expectExact()
      expect(running.stderr).not.toContain('restarting')
      expect(running.stderr).not.toContain('could not be written')
    },
  ))

/** The group looks after its transactions twenty times per timeout. */
const shortTransactions = { 'properties.transaction.timeout.ms': '10000' }

test('a job started again and again without input writes its witness each time', () =>
  withCopyJob(on.place, on.broker.bootstrap, { sinkOptions: shortTransactions }, async job => {
    await job.feed(10)
    const first = await job.running()
    await job.untilCommitted(first)
    await first.stop()
    const group = `__millrace.${job.prefix}`
    const before = on.broker.committedOffset(group, job.sink, 0)!
    on.broker.deleteGroupOffsets(group)
    const second = await job.running()
    await second.until(
      'the witness is back',
      () => on.broker.committedOffset(group, job.sink, 0) !== undefined,
    )
    expect(on.broker.committedOffset(group, job.sink, 0)!.offset).toBeGreaterThanOrEqual(before.offset)
  }))

test('ids that expired under an idle job cost a restart and no row', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const running = await job.running()
    await job.untilCommitted(running)
    for (let slot = 0; slot < 3; slot++) on.broker.expireTransaction(`${job.prefix}.${slot}`)
    await job.feed(10)
    await job.untilCommitted(running)
    await job.expectExact()
    expect(running.stderr).toMatch(/the broker has forgotten the id|INVALID_PRODUCER_ID_MAPPING \(49\)/)
  }))

test('epochs run out in the middle of a job: it goes on under new producer ids', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.running()
    await job.untilCommitted(first)
    await first.stop()
    const ids = [0, 1, 2].map(slot => `${job.prefix}.${slot}`)
    const before = ids.map(id => on.broker.transaction(id)!.producerId)
    for (const id of ids) on.broker.overrideProducerEpoch(id, 32_763)
    const second = await job.running()
    for (let i = 0; i < 16; i++) {
      await job.feed(5)
      await job.untilCommitted(second)
    }
    await job.expectExact()
    expect(second.stderr).not.toContain('restarting')
    const rotated = ids.filter((id, slot) => on.broker.transaction(id)!.producerId !== before[slot])
    expect(rotated.length).toBeGreaterThan(1)
  }))

test('committed under the last epoch, not confirmed, and the producer id is another one: the witness knows', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    await job.feed(10)
    const first = await job.running()
    await job.untilCommitted(first)
    first.kill('SIGTERM')
    await first.ended
    const ids = [0, 1, 2].map(slot => `${job.prefix}.${slot}`)
    for (const id of ids) on.broker.overrideProducerEpoch(id, 32_765)
    const before = ids.map(id => on.broker.transaction(id)!.producerId)
    // Time enough for the next InitProducerId, which gives a new producer id.
    const failPoints = 'checkpoint.before-confirm=sleep:500;file.confirmed.opened=kill'
    const second = await job.start({ failPoints })
    await job.feed(10)
    expect((await second.ended).signal).toBe('SIGKILL')
    const isRotated = ids.map((id, slot) => on.broker.transaction(id)!.producerId !== before[slot])
    expect(isRotated).toContain(true)
    const third = await job.running()
    expect(third.stderr).not.toContain('replaying')
    await job.feed(10)
    await job.untilCommitted(third)
    await job.expectExact()
  }))
