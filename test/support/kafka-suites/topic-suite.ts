/**
 * Topics that change under a running job, and input that retention takes before it was read. Whole jobs of the
 * real CLI, on the dev broker and on Apache Kafka.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Workplace } from '../cli.ts'
import { produce } from '../cli-kafka.ts'
import { type CopyJob, type CopyJobOptions, withCopyJob } from '../copy-job.ts'
import { TopicAdmin } from '../topic-admin.ts'
import type { SuiteBroker } from './transaction-suite.ts'

/** A topic that stays unknown for this long was deleted. */
const impatient = { 'properties.request.timeout.ms': '2000' }

export function topicSuite(name: string, start: () => Promise<SuiteBroker>): void {
  describe(`topics that change on ${name}`, () => {
    let broker: SuiteBroker
    let place: Workplace
    let admin: TopicAdmin
    beforeAll(async () => {
      broker = await start()
      place = await Workplace.create()
      admin = await TopicAdmin.connect(broker.bootstrap)
    })
    afterAll(async () => {
      await admin?.close()
      await place?.[Symbol.asyncDispose]()
      await broker?.stop()
    })

    const story = (options: CopyJobOptions, run: (job: CopyJob) => Promise<void>) =>
      withCopyJob(place, broker.bootstrap, options, run)

    test('the source topic is deleted: the job ends and names it', () =>
      story({ sourceOptions: impatient }, async job => {
        await job.feed(10)
        const running = await job.running()
        await job.untilCommitted(running)
        await admin.deleteTopic(job.source)
        const { code, stderr } = await running.ended
        expect(code).toBe(3)
        expect(stderr).toContain('MR_KAFKA_TOPIC_MISSING')
        expect(stderr).toContain(`'${job.source}'`)
        await job.expectExact()
      }))

    test('the source topic is created again under a running job, and between two starts: never read as the old one', () =>
      story({ sourceOptions: { 'properties.request.timeout.ms': '20000' } }, async job => {
        await job.feed(10)
        const running = await job.running()
        await job.untilCommitted(running)
        await admin.recreateTopic(job.source)
        await produce(broker.bootstrap, job.source, many(1000, 40))
        const { code, stderr } = await running.ended
        expect(code).toBe(3)
        expect(stderr).toContain('MR_KAFKA_TOPIC_RECREATED')
        await job.expectExact()
        const again = await (await job.start()).ended
        expect(again.code).toBe(3)
        expect(again.stderr).toContain('MR_KAFKA_TOPIC_RECREATED')
        expect(again.stderr).toContain('--resume none')
        await job.expectExact()
        const fresh = await job.running({ args: ['--resume', 'none'] })
        await job.untilCommitted(fresh, 50)
        expect(await job.committed()).toEqual([...range(0, 10), ...range(1000, 1040)])
      }))

    test('the source topic grows: new partitions are read from their beginning, through a kill', () =>
      story(
        {
          sourceOptions: {
            'scan.topic-partition-discovery.interval': '300 ms',
            'scan.startup.mode': 'latest-offset',
          },
        },
        async job => {
          const running = await job.running()
          await job.feed(10)
          await job.untilCommitted(running)
          await admin.addPartitions(job.source, 3)
          await job.feed(10, 2)
          await running.untilStderr('found a new partition')
          await job.untilCommitted(running)
          await running.stop()
          await job.feed(10, 1)
          await job.feed(10, 2)
          const second = await job.running()
          await job.untilCommitted(second)
          await job.expectExact()
        },
      ))

    test('the sink topic is created again: said, and what was not committed yet goes to the new one', () =>
      story({ sinkOptions: { 'properties.delivery.timeout.ms': '120000' } }, async job => {
        await job.feed(10)
        const running = await job.running()
        await job.untilCommitted(running)
        await admin.recreateTopic(job.sink)
        await job.feed(10)
        await running.until('the rows', async () => (await job.committed().catch(() => [])).length >= 10)
        await job.expectExact(10)
        expect(running.stderr).toMatch(
          /MR_KAFKA_TOPIC_RECREATED|MR_KAFKA_TOPIC_MISSING|deleted and created again/,
        )
      }))

    test('the sink topic is deleted: the job ends and names it; created again, it goes on', () =>
      story({ sinkOptions: { ...impatient, 'properties.delivery.timeout.ms': '3000' } }, async job => {
        await job.feed(10)
        const running = await job.running()
        await job.untilCommitted(running)
        await admin.deleteTopic(job.sink)
        await job.feed(10)
        const { code, stderr } = await running.ended
        expect(code).toBe(3)
        expect(stderr).toContain('MR_KAFKA_TOPIC_MISSING')
        expect(stderr).toContain(`'${job.sink}'`)
        await job.tool.create(job.sink)
        const second = await job.running()
        await job.untilCommitted(second, 10)
        await job.expectExact(10)
      }))

    test('the sink topic grows: rows go on, each once', () =>
      story({ sinkOptions: { 'properties.metadata.max.age.ms': '300' } }, async job => {
        await job.feed(10)
        const running = await job.running()
        await job.untilCommitted(running)
        await admin.addPartitions(job.sink, 3)
        for (let i = 0; i < 10; i++) {
          await job.feed(5)
          await sleep(50)
        }
        await job.untilCommitted(running)
        await job.expectExact()
        expect(running.stderr).not.toContain('restarting')
      }))

    test('retention takes what a stopped job has not read: refused, with the numbers', () =>
      story({}, async job => {
        await job.feed(10)
        const first = await job.running()
        await job.untilCommitted(first)
        await first.stop()
        await job.feed(20)
        await admin.deleteRecordsBefore(job.source, 0, 25)
        const { code, stderr } = await (await job.start()).ended
        expect(code).toBe(3)
        expect(stderr).toContain('MR_KAFKA_OFFSET_OUT_OF_RANGE')
        expect(stderr).toContain('Offset 10 of topic')
        expect(stderr).toContain('begins at 25: 15 offsets were deleted')
        expect(await job.committed()).toEqual(range(0, 10))
        const fresh = await job.running({ args: ['--resume', 'none'] })
        await job.untilCommitted(fresh, 15)
        expect(await job.committed()).toEqual([...range(0, 10), ...range(25, 30)])
      }))
  })
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

const many = (first: number, count: number): string[] =>
  range(first, first + count).map(id => `{"id":${id},"name":"n${id}"}`)
