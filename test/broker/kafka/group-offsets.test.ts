/** What lag monitors see: the offsets of the newest checkpoint, also of a job that has ended. */
import { expect, test } from 'vitest'
import { kafkaConnector } from '../../../src/connectors/kafka/kafka-connector.ts'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { type CopyJob, ofJob, withCopyJob } from '../../support/copy-job.ts'
import { testJob } from '../../support/kafka-job.ts'

const on = withBrokerPlace()

const WARNING = 'publishing group offsets failed'
/** The publish begins late: without a wait the connections are closed by then. */
const LATE = { failPoints: 'kafka.publish-offsets.before=sleep:500' }

const inGroup = (group: string, options: Readonly<Record<string, string>> = {}) => ({
  sourceOptions: { 'properties.group.id': group, ...options },
})
const bounded = { 'scan.bounded.mode': 'latest-offset' }

const groupOffset = (group: string, job: CopyJob): number | undefined =>
  on.broker.committedOffset(group, job.source, 0)?.offset

test('a bounded job ends when the offsets of its final checkpoint are published', () =>
  withCopyJob(on.place, on.broker.bootstrap, inGroup('g-bounded', bounded), async job => {
    await job.feed(10)
    const { code, stderr } = await (await job.start(LATE)).ended
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain(WARNING)
    expect(groupOffset('g-bounded', job)).toBe(10)
    await job.expectExact()
  }))

test('a stop ends when the offsets of its savepoint are published', () =>
  withCopyJob(on.place, on.broker.bootstrap, { ...inGroup('g-stopped'), interval: '1 min' }, async job => {
    await job.feed(10)
    const produced = on.broker.faults.add({ api: 'Produce', times: 0, action: { kind: 'duplicate' } })
    const running = await job.running(LATE)
    await running.until('rows are sent', () => produced.seen > 0)
    running.kill('SIGTERM')
    const { code, stderr } = await running.ended
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('stopped with a savepoint')
    expect(stderr).not.toContain(WARNING)
    expect(groupOffset('g-stopped', job)).toBe(10)
    await job.expectExact()
  }))

test('a broker that does not answer holds the end up for a moment, and the warning is given', () => {
  // Longer than a test may last: only the limit of the end lets the job go.
  const patient = { ...bounded, 'properties.request.timeout.ms': '200000' }
  return withCopyJob(on.place, on.broker.bootstrap, inGroup('g-mute', patient), async job => {
    await job.feed(10)
    using mute = on.broker.faults.add({ api: 'OffsetCommit', when: ofJob, action: { kind: 'drop-answer' } })
    const { code, stderr } = await (await job.start()).ended
    expect(code, stderr).toBe(0)
    expect(mute.hits).toBeGreaterThan(0)
    expect(stderr).toContain(WARNING)
    await job.expectExact()
  })
})

test('an older publish that is repeated does not replace a newer one', async () => {
  on.broker.createTopic('ordered', 1)
  const options = {
    connector: 'kafka',
    topic: 'ordered',
    format: 'text',
    'properties.bootstrap.servers': on.broker.bootstrap,
    'properties.group.id': 'g-ordered',
  }
  const job = testJob()
  const table = { name: 'src', options, schema: { columns: [] } }
  const source = kafkaConnector.createSource!({ table, columns: [], id: 'scan' }, job)
  // The first one is refused for a moment; what comes after it is taken at once.
  using moved = on.broker.faults.add({ api: 'OffsetCommit', when: 1, action: { kind: 'error', code: 16 } })
  await Promise.all(
    [1, 2, 3].map(id => source.publishOffsets!(id, [{ split: 'ordered/0', position: { offset: 10 * id } }])),
  )
  expect(moved.hits).toBe(1)
  expect(on.broker.committedOffset('g-ordered', 'ordered', 0)?.offset).toBe(30)
  await source.close()
  await job.close()
})
