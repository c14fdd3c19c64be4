/**
 * Whole jobs whose answers get lost, come too late or come from requests that were processed twice, and whose
 * leaders and coordinators move, load or restart: every row once, and no restart of the job where none is needed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { ofJob, withCopyJob } from '../../support/copy-job.ts'

const on = withBrokerPlace({ numBrokers: 2 })

const impatient = { 'properties.request.timeout.ms': '700' }

const requests = [
  'InitProducerId',
  'AddPartitionsToTxn',
  'Produce',
  'AddOffsetsToTxn',
  'TxnOffsetCommit',
  'EndTxn',
  'FindCoordinator',
  'OffsetFetch',
  'Metadata',
  'Fetch',
]

test.each(requests)('answers to %s are lost, late and doubled, in a running job and in a recovery', api =>
  withCopyJob(
    on.place,
    on.broker.bootstrap,
    { sourceOptions: impatient, sinkOptions: impatient },
    async job => {
      let numSeen = 0
      const nth = (n: number) => (request: Parameters<typeof ofJob>[0]) =>
        ofJob(request) && numSeen++ % 9 === n
      const faults = [
        on.broker.faults.add({ api, when: nth(1), times: 2, action: { kind: 'drop-answer' } }),
        on.broker.faults.add({ api, when: nth(3), times: 2, action: { kind: 'delay-answer', ms: 1_500 } }),
        // Processed when the job has long asked again on another connection.
        on.broker.faults.add({ api, when: nth(4), times: 2, action: { kind: 'delay', ms: 1_500 } }),
        on.broker.faults.add({ api, when: nth(6), times: 2, action: { kind: 'duplicate' } }),
        on.broker.faults.add({ api, when: nth(8), times: 2, action: { kind: 'kill-connection' } }),
      ]
      await job.feed(10)
      const first = await job.start({ failPoints: 'kafka.commit.before=kill@4' })
      while (first.child.exitCode === null && first.child.signalCode === null) {
        await job.feed(5)
        await sleep(100)
      }
      expect((await first.ended).signal).toBe('SIGKILL')
      const second = await job.start()
      for (let i = 0; i < 5; i++) {
        await sleep(100)
        await job.feed(5)
      }
      await job.untilCommitted(second)
      await job.expectExact()
      const hits = faults.reduce((sum, fault) => sum + fault.hits, 0)
      expect(hits).toBeGreaterThan(api === 'OffsetFetch' ? 0 : 2)
    },
  ),
)

test('coordinators load, move and restart, leaders move: no restart of the job', () =>
  withCopyJob(on.place, on.broker.bootstrap, { partitions: 2 }, async job => {
    const other = (node: number): number => (node === 1 ? 2 : 1)
    const group = `__millrace.${job.prefix}`
    const ids = [0, 1, 2].map(slot => `${job.prefix}.${slot}`)
    await job.feed(10)
    const running = await job.running()
    const loading = [14, 15, 16].flatMap(code =>
      ['InitProducerId', 'AddPartitionsToTxn', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'].map(api =>
        on.broker.faults.add({ api, when: ofJob, times: 3, action: { kind: 'error', code } }),
      ),
    )
    for (let i = 0; i < 8; i++) {
      await job.feed(10, i % 2)
      await sleep(150)
      for (const id of ids)
        on.broker.moveCoordinator('transaction', id, other(on.broker.coordinatorOf('transaction', id)))
      on.broker.moveCoordinator('group', group, other(on.broker.coordinatorOf('group', group)))
      for (const topic of [job.source, job.sink])
        for (const partition of [0, 1])
          on.broker.moveLeader(topic, partition, other(on.broker.leaderOf(topic, partition)))
      if (i % 3 === 2) await on.broker.restart(1 + (i % 2))
    }
    await job.untilCommitted(running)
    await job.expectExact()
    expect(running.stderr).not.toContain('restarting')
    expect(loading.filter(fault => fault.hits === 3).length).toBeGreaterThan(10)
  }))

test('a decided transaction is confirmed only when readers see it', () =>
  withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
    const running = await job.running()
    const release = on.broker.holdMarkers()
    await job.feed(10)
    await running.until('the decision', () =>
      on.broker
        .transactions()
        .some(t => t.transactionalId.startsWith(job.prefix) && t.status === 'PrepareCommit'),
    )
    await sleep(500)
    expect(await job.committed()).toEqual([])
    expect(running.stderr).not.toContain('"lastCheckpoint":2')
    release()
    await job.untilCommitted(running)
    await running.untilStderr('"lastCheckpoint":2')
    await job.expectExact()
  }))

test('no broker answers for longer than half the transaction timeout: the job restarts until one does', () =>
  withCopyJob(
    on.place,
    on.broker.bootstrap,
    { sinkOptions: { 'properties.transaction.timeout.ms': '3000' } },
    async job => {
      await job.feed(10)
      const running = await job.running()
      await job.untilCommitted(running)
      on.broker.faults.add({ api: 'AddOffsetsToTxn', when: ofJob, action: { kind: 'kill-connection' } })
      await job.feed(10)
      await running.untilStderr('MR_KAFKA_TRANSACTION_TOO_OLD')
      await on.broker.stop()
      await sleep(1_000)
      on.broker.faults.clear()
      await on.broker.restart()
      await job.untilCommitted(running)
      await job.expectExact()
    },
  ))
