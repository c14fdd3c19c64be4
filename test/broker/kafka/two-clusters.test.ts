/** One job with exactly-once sinks on two clusters: each commits on its own, so the guarantee is weaker. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import { Workplace } from '../../support/cli.ts'
import { CopyJob } from '../../support/copy-job.ts'
import { TopicTool } from '../../support/kafka-topics.ts'

let first: DevBroker
let second: DevBroker
let place: Workplace
beforeAll(async () => {
  first = await startDevBroker()
  second = await startDevBroker()
  place = await Workplace.create()
})
afterAll(async () => {
  await first?.close()
  await second?.close()
  await place?.[Symbol.asyncDispose]()
})

interface Story {
  readonly job: CopyJob
  /** Committed numbers of the second cluster, sorted. */
  mirrored(): Promise<number[]>
  expectBoth(): Promise<void>
  untilBoth(running: Awaited<ReturnType<CopyJob['start']>>): Promise<void>
}

async function withTwoClusters(story: (story: Story) => Promise<void>): Promise<void> {
  const mirror = { bootstrap: second.bootstrap }
  const job = await CopyJob.create(place, first.bootstrap, { mirror })
  const tool = new TopicTool(second.bootstrap)
  await tool.create(job.sink)
  const mirrored = async () =>
    (await tool.read(job.sink))
      .map(({ value }) => (JSON.parse(value!) as { id: number }).id)
      .sort((a, b) => a - b)
  try {
    await story({
      job,
      mirrored,
      async expectBoth() {
        await job.expectExact()
        await tool.untilDecided(job.sink)
        expect(await mirrored()).toEqual(await job.committed())
      },
      async untilBoth(running) {
        await job.untilCommitted(running)
        await running.until('the mirror', async () => (await mirrored()).length >= job.numWritten)
      },
    })
  } finally {
    await job.close()
    await tool.close()
  }
}

/** Dies in the middle of its second checkpoint's commits: after `numCommitted` of the two transactions. */
async function dieBetween(job: CopyJob, numCommitted: 0 | 1): Promise<void> {
  const failPoints = numCommitted === 0 ? 'checkpoint.before-commit=kill@3' : 'checkpoint.after-commit=kill@3'
  await job.feed(10)
  const running = await job.start({ failPoints })
  await job.untilCommitted(running)
  await job.feed(10)
  expect((await running.ended).signal).toBe('SIGKILL')
}

test('the weaker guarantee is said at the start, and both get every row once', () =>
  withTwoClusters(async ({ job, expectBoth, untilBoth }) => {
    await job.feed(10)
    const running = await job.running()
    expect(running.stderr).toContain('exactly-once tables on several clusters')
    await untilBoth(running)
    await expectBoth()
  }))

test.each([0, 1] as const)(
  'killed when %i of two transactions were committed: both are in the end',
  numCommitted =>
    withTwoClusters(async ({ job, expectBoth, untilBoth }) => {
      await dieBetween(job, numCommitted)
      const again = await job.running()
      await job.feed(10)
      await untilBoth(again)
      await expectBoth()
    }),
)

test.each([
  ['the first cluster', () => [first]],
  ['the second cluster', () => [second]],
  ['both clusters', () => [first, second]],
])('%s ended its transaction before anything was committed: replayed on both', (_name, brokers) =>
  withTwoClusters(async ({ job, expectBoth, untilBoth }) => {
    await dieBetween(job, 0)
    for (const broker of brokers()) timeOut(broker, job)
    const again = await job.running()
    expect(again.stderr).toMatch(/transaction of checkpoint \d+ expired; replaying/)
    await job.feed(10)
    await untilBoth(again)
    await expectBoth()
  }),
)

test('one cluster has committed and the other lost it: refused, with nothing written twice', () =>
  withTwoClusters(async ({ job, mirrored }) => {
    await dieBetween(job, 1)
    timeOut(second, job)
    const { code, stderr } = await (await job.start()).ended
    expect(code).toBe(3)
    expect(stderr).toContain('MR_RECOVERY_LOST_TRANSACTION')
    expect(stderr).toContain('several clusters')
    await job.expectExact()
    expect(await mirrored()).toEqual((await job.committed()).slice(0, 10))
  }))

test('one prefix for two clusters is refused by name', async () => {
  const job = await CopyJob.create(place, first.bootstrap, {
    mirror: { bootstrap: second.bootstrap, prefix: 'same' },
    prefix: 'same',
  })
  try {
    const { code, stderr } = await (await job.start()).ended
    expect(code).toBe(2)
    expect(stderr).toContain('MR_KAFKA_GROUPS_DIFFER')
    expect(stderr).toContain("different values of 'sink.transactional-id-prefix'")
  } finally {
    await job.close()
  }
})

function timeOut(broker: DevBroker, job: CopyJob): void {
  const open = broker
    .transactions()
    .filter(t => t.transactionalId.startsWith(job.prefix) && t.status === 'Ongoing')
  expect(open.length).toBeGreaterThan(0)
  for (const { transactionalId } of open) broker.timeoutTransaction(transactionalId)
}
