/** Readers that have nothing to read, against any broker: they give up their connections, and miss nothing. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt, prepare, rowsOf, sinkConfig, startFresh } from '../kafka-sink-fixture.ts'
import { TopicTool } from '../kafka-topics.ts'
import { type PumpedReader, PumpedReaders } from '../pumped-readers.ts'
import { TopicAdmin } from '../topic-admin.ts'
import { until } from '../until.ts'
import type { SuiteBroker } from './transaction-suite.ts'

export interface IdleSuiteBroker extends SuiteBroker {
  /** Ends it without a warning, and starts it again with the same data. */
  restart(): Promise<void>
}

/**
 * Each has had a connection of its own; what is left is one for what is short and one for the watch. `numOthers`: those
 * of the test itself that were opened meanwhile.
 */
async function areAtRest(readers: PumpedReaders, numOthers = 0): Promise<void> {
  await until(() => readers.mostConnections >= readers.size)
  await until(() => readers.numConnections <= 2 + numOthers)
}

export function idleSuite(name: string, start: () => Promise<IdleSuiteBroker>): void {
  describe(`idle readers on ${name}`, () => {
    let broker: IdleSuiteBroker
    let tool: TopicTool
    let admin: TopicAdmin
    beforeAll(async () => {
      broker = await start()
      tool = new TopicTool(broker.bootstrap)
      admin = await TopicAdmin.connect(broker.bootstrap)
    })
    afterAll(async () => {
      await admin?.close()
      await tool?.close()
      await broker?.stop()
    })

    async function newTopics(count: number): Promise<string[]> {
      const topics = Array.from({ length: count }, () => `idle-${randomUUID().slice(0, 8)}`)
      for (const topic of topics) await tool.create(topic, 2)
      return topics
    }

    /** To partition 0, or that of another subtask. */
    async function write(topic: string, value: string, subtask = 0): Promise<void> {
      const config = sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once', partitioner: 'fixed' })
      const run = attempt(config)
      const writer = await run.writer(subtask)
      writer.write(rowsOf([['k', value]]))
      await writer.finish()
      await run.die()
    }

    const allHave = (readers: readonly PumpedReader[], rows: readonly string[]): Promise<void> =>
      until(() => readers.every(reader => reader.rows.length >= rows.length)).then(() => {
        for (const reader of readers) expect(reader.rows).toEqual(rows)
      })

    test('many have one connection; a record wakes those that read it, and they come to rest again', async () => {
      const topics = await newTopics(5)
      await using readers = new PumpedReaders(broker.bootstrap)
      const all = await readers.openAll(topics, 4)
      await areAtRest(readers)
      const numFetches = readers.numFetches
      for (const value of ['a', 'b']) {
        await write(topics[1]!, value, 1)
        const those = all.filter(({ topic }) => topic === topics[1])
        await allHave(those, value === 'a' ? ['a'] : ['a', 'b'])
        for (const { reader } of those)
          expect(reader.splits().map(({ caughtUp, lag }) => [caughtUp, lag])).toEqual([
            [true, 0],
            [true, 0],
          ])
        await areAtRest(readers)
      }
      const others = all.filter(({ topic }) => topic !== topics[1])
      expect(others.flatMap(({ rows }) => rows)).toEqual([])
      // Each of the four fetches about five times until it is at rest again. That of all twenty would be 200.
      expect(readers.numFetches - numFetches).toBeLessThan(120)
      for (const topic of topics) await write(topic, 'c')
      await Promise.all(others.map(reader => allHave([reader], ['c'])))
    })

    test('an open transaction wakes nobody for long, its commit those that read it', async () => {
      const topics = await newTopics(2)
      await using readers = new PumpedReaders(broker.bootstrap)
      const committed = await readers.openAll(topics, 8, { 'properties.isolation.level': 'read_committed' })
      const run = await startFresh(sinkConfig(broker.bootstrap, topics[0]!, { partitioner: 'fixed' }))
      run.main.write(rowsOf([['k', 'a']]))
      await run.main.finish()
      await areAtRest(readers)
      // A log with an open transaction has held records, which its watermark is to wait for.
      await until(() => committed.slice(0, 8).every(({ reader }) => !reader.splits()[0]!.neverHeldRecords))
      await areAtRest(readers)
      expect(committed.flatMap(({ rows }) => rows)).toEqual([])
      const [stored] = await prepare(run.group, [run.main], 1)
      await run.group.commit(stored!)
      await allHave(committed.slice(0, 8), ['a'])
      await allHave(committed.slice(8), [])
      await run.die()
    })

    test('the first record of an open transaction is seen by those at rest: the partition has held records', async () => {
      const topics = await newTopics(1)
      await using readers = new PumpedReaders(broker.bootstrap)
      const all = await readers.openAll(topics, 8, { 'properties.isolation.level': 'read_committed' })
      await areAtRest(readers)
      expect(all.every(({ reader }) => reader.splits()[0]!.neverHeldRecords)).toBe(true)
      const run = await startFresh(sinkConfig(broker.bootstrap, topics[0]!, { partitioner: 'fixed' }))
      run.main.write(rowsOf([['k', 'a']]))
      await run.main.finish()
      await until(() => all.every(({ reader }) => !reader.splits()[0]!.neverHeldRecords))
      await run.die()
    })

    test('a partition that comes while all are at rest is read from its beginning', async () => {
      const topics = await newTopics(2)
      await using readers = new PumpedReaders(broker.bootstrap)
      const options = { 'scan.topic-partition-discovery.interval': '500 ms' }
      const all = await readers.openAll(topics, 5, options)
      await areAtRest(readers)
      await admin.addPartitions(topics[0]!, 3)
      await write(topics[0]!, 'new', 2)
      await allHave(
        all.filter(({ topic }) => topic === topics[0]),
        ['new'],
      )
      await areAtRest(readers)
    })

    test('a topic that is deleted ends its readers, one that is made anew as well; the others go on', async () => {
      const topics = await newTopics(3)
      await using readers = new PumpedReaders(broker.bootstrap)
      const all = await readers.openAll(topics, 4)
      await areAtRest(readers)
      await admin.deleteTopic(topics[0]!)
      await admin.recreateTopic(topics[1]!)
      const ended = all.filter(({ topic }) => topic !== topics[2])
      await until(() => ended.every(({ failure }) => failure !== null))
      for (const { topic, failure } of ended)
        expect(failure!.code).toBe(
          topic === topics[0] ? 'MR_KAFKA_TOPIC_MISSING' : 'MR_KAFKA_TOPIC_RECREATED',
        )
      await write(topics[2]!, 'a')
      await allHave(
        all.filter(({ topic }) => topic === topics[2]),
        ['a'],
      )
    })

    test('the broker is started again under readers at rest', async () => {
      const topics = await newTopics(3)
      await using readers = new PumpedReaders(broker.bootstrap)
      const all = await readers.openAll(topics, 4)
      await areAtRest(readers)
      await broker.restart()
      for (const topic of topics) await write(topic, 'a')
      await allHave(all, ['a'])
      await areAtRest(readers, 2)
      for (const topic of topics) await write(topic, 'b', 1)
      await allHave(all, ['a', 'b'])
    })
  })
}
