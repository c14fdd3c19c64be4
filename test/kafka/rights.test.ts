/**
 * What only a real broker can say about rights, logins that expire, transactions that time out while the engine is
 * down, and transactional ids that are forgotten. Whole jobs of the real CLI.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Workplace } from '../support/cli.ts'
import { login } from '../support/cli-kafka.ts'
import { type CopyJob, withCopyJob } from '../support/copy-job.ts'
import { type RealKafka, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'
import { type Right, TopicAdmin } from '../support/topic-admin.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})

/** Ids that are not used for so long are forgotten. */
const EXPIRATION_MS = 6_000

describe.runIf(unavailable === undefined)('rights and time on Kafka 4.1.1', () => {
  let kafka: RealKafka
  let place: Workplace
  let admin: TopicAdmin
  beforeAll(async () => {
    kafka = await startRealKafka({
      secure: true,
      acls: true,
      fast: true,
      properties: {
        'connections.max.reauth.ms': '3000',
        'transactional.id.expiration.ms': String(EXPIRATION_MS),
        'transaction.remove.expired.transaction.cleanup.interval.ms': '500',
      },
    })
    place = await Workplace.create()
    admin = await TopicAdmin.connect(kafka.bootstrap)
  })
  afterAll(async () => {
    await admin?.close()
    await place?.[Symbol.asyncDispose]()
    await kafka?.stop()
  })

  const asCarol = () => ({
    bootstrap: kafka.listeners!.saslPlain,
    sourceOptions: login('carol', 'carol-secret'),
    sinkOptions: login('carol', 'carol-secret'),
  })

  const rightsOf = (job: CopyJob): Readonly<Record<'source' | 'sink' | 'id', readonly Right[]>> => ({
    source: [{ resource: 'TOPIC', name: job.source, operation: 'READ' }],
    sink: [
      { resource: 'TOPIC', name: job.sink, operation: 'WRITE' },
      { resource: 'TOPIC', name: job.sink, operation: 'READ' },
      { resource: 'GROUP', name: `__millrace.${job.prefix}`, operation: 'READ' },
    ],
    id: [0, 1, 2].map(slot => ({
      resource: 'TRANSACTIONAL_ID',
      name: `${job.prefix}.${slot}`,
      operation: 'WRITE',
    })),
  })

  test.each(['source', 'sink', 'id'] as const)(
    'rights on the %s are taken away: the job ends and says which; given back, it goes on',
    async what =>
      withCopyJob(place, kafka.bootstrap, asCarol(), async job => {
        const rights = rightsOf(job)
        await admin.grant('carol', Object.values(rights).flat())
        await job.feed(10)
        const running = await job.running()
        await job.untilCommitted(running)
        await admin.revoke('carol', rights[what])
        await job.feed(10)
        const { code, stderr } = await running.ended
        expect(code).toBe(3)
        expect(stderr).toContain('ConnectorError MR_KAFKA_PERMISSION')
        expect(stderr).toMatch(/hint: (Grant this user|Exactly-once needs Write)/)
        await admin.grant('carol', rights[what])
        const second = await job.running()
        await job.untilCommitted(second)
        await job.expectExact()
      }),
  )

  test('logins expire every three seconds: the job logs in again and never notices', () =>
    withCopyJob(place, kafka.bootstrap, asCarol(), async job => {
      await admin.grant('carol', Object.values(rightsOf(job)).flat())
      const running = await job.running()
      for (let i = 0; i < 10; i++) {
        await job.feed(5)
        await sleep(900)
      }
      await job.untilCommitted(running)
      await job.expectExact()
      expect(running.stderr).not.toContain('restarting')
    }))

  test('a transaction timed out and ids were forgotten while the engine was down; idle jobs keep theirs', async () => {
    const short = { 'properties.transaction.timeout.ms': '5000' }
    const timedOut = withCopyJob(place, kafka.bootstrap, { sinkOptions: short }, async job => {
      await job.feed(10)
      const first = await job.start({ failPoints: 'kafka.commit.before=kill@2' })
      await job.untilCommitted(first)
      await job.feed(10)
      expect((await first.ended).signal).toBe('SIGKILL')
      // The stable end passes the transaction when the broker has ended it.
      await job.tool.untilDecided(job.sink)
      const second = await job.running()
      expect(second.stderr).toMatch(/transaction of checkpoint \d+ expired; replaying from checkpoint \d+/)
      await job.untilCommitted(second)
      await job.expectExact()
    })
    const forgotten = withCopyJob(place, kafka.bootstrap, {}, async job => {
      await job.feed(10)
      const first = await job.start({ failPoints: 'kafka.commit.visible=kill' })
      expect((await first.ended).signal).toBe('SIGKILL')
      await sleep(EXPIRATION_MS + 2_000)
      const second = await job.running()
      expect(second.stderr).not.toContain('replaying')
      await job.feed(10)
      await job.untilCommitted(second)
      await job.expectExact()
    })
    const idle = (keepAlive: string) =>
      withCopyJob(
        place,
        kafka.bootstrap,
        { settings: `SET 'millrace.kafka.witness-keep-alive' = '${keepAlive}';` },
        async job => {
          await job.feed(10)
          const running = await job.running()
          await job.untilCommitted(running)
          await sleep(EXPIRATION_MS + 3_000)
          await job.feed(10)
          await job.untilCommitted(running)
          await job.expectExact()
          expect(running.stderr.includes('restarting')).toBe(keepAlive !== '1 s')
        },
      )
    await Promise.all([timedOut, forgotten, idle('1 s'), idle('1 d')])
  })
})
