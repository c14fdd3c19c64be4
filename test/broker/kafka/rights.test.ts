/** Rights and passwords that are taken away under a running job: it ends with what to change, and goes on later. */
import { expect, test } from 'vitest'
import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { checkpointing, kafkaTable, login } from '../../support/cli-kafka.ts'
import { ofJob, withCopyJob } from '../../support/copy-job.ts'

const on = withBrokerPlace()

test.each([
  ['Fetch', 29, /Read on topic 'in_/],
  ['Produce', 29, /Write on topic 'out_/],
  ['AddPartitionsToTxn', 29, /Write on the transactional ids and topics/],
  ['AddPartitionsToTxn', 53, /Write on the transactional ids and topics/],
  ['AddOffsetsToTxn', 30, /Read on the witness group/],
  ['TxnOffsetCommit', 29, /Read on the witness group/],
  ['EndTxn', 53, /Write on the transactional ids/],
  ['InitProducerId', 53, /Write on transactional ids/],
] as const)(
  '%s is refused with %i: the job ends, says which right, and goes on when it is back',
  (api, code, hint) =>
    withCopyJob(on.place, on.broker.bootstrap, {}, async job => {
      await job.feed(10)
      const running = await job.running()
      await job.untilCommitted(running)
      const taken = on.broker.faults.add({ api, when: ofJob, action: { kind: 'error', code } })
      await job.feed(10)
      const end = await running.ended
      expect(end.code).toBe(3)
      expect(end.stderr).toMatch(/ConnectorError MR_KAFKA_PERMISSION/)
      expect(end.stderr).toMatch(hint)
      expect(end.stderr).not.toContain('no longer ours')
      taken.remove()
      const second = await job.running()
      await job.untilCommitted(second)
      await job.expectExact()
    }),
)

test('the password was changed: the job ends when it has to log in again, and goes on with the new one', async () => {
  const users = [{ username: 'anna', password: 'old-password' }]
  await using guarded = await startDevBroker({ sasl: users, topics: [{ name: 't' }] })
  const start = async (password: string) => {
    const sql =
      checkpointing() +
      kafkaTable('t', guarded.bootstrap, login('anna', password)) +
      "CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO b SELECT id FROM t;"
    await on.place.write('login.sql', sql)
    return on.place.start(['run', 'login.sql', '--state-dir', 'login'])
  }
  const running = await start('old-password')
  try {
    await running.untilStderr('job is running')
    users[0] = { username: 'anna', password: 'new-password' }
    guarded.dropConnections()
    const { code, stderr } = await running.ended
    expect(code).toBe(3)
    expect(stderr).toContain('MR_KAFKA_AUTHENTICATION')
    expect(stderr).not.toContain('old-password')
  } finally {
    await running.stop()
  }
  const again = await start('new-password')
  try {
    await again.untilStderr('job is running')
  } finally {
    await again.stop()
  }
})
