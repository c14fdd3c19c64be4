/** The watch over silent partitions itself: what it asks, whom it wakes, when it ends. */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FetchedPartition } from '../../../src/connectors/kafka/requests/fetch.ts'
import { KafkaCluster } from '../../../src/connectors/kafka/transport/cluster.ts'
import type {
  IdleReader,
  IdleWatch,
  WatchedPosition,
} from '../../../src/connectors/kafka/transport/idle-watch.ts'
import { type DevBroker, type FaultHandle, startDevBroker } from '../../../src/dev-broker/index.ts'
import { silentLogger } from '../../../src/logger/logger.ts'
import { attempt, rowsOf, sinkConfig, startFresh } from '../../support/kafka-sink-fixture.ts'
import { testConnection } from '../../support/kafka-topics.ts'
import { PumpedReaders, SILENT_MS } from '../../support/pumped-readers.ts'
import { until } from '../../support/until.ts'

const CLIENT_ID = 'watch-test'
let broker: DevBroker
let cluster: KafkaCluster
let watch: IdleWatch
let fetches: FaultHandle

beforeEach(async () => {
  broker = await startDevBroker({ numBrokers: 2 })
  for (const topic of ['a', 'b', 'c']) {
    broker.createTopic(topic, 1)
    broker.moveLeader(topic, 0, 1)
  }
  cluster = new KafkaCluster(
    testConnection(broker.bootstrap, { clientId: CLIENT_ID, requestTimeoutMs: 10_000 }),
    silentLogger,
  )
  await cluster.refresh(['a', 'b', 'c'])
  watch = cluster.idleWatch(1, true)
  answerWithin(Number.POSITIVE_INFINITY)
})
afterEach(async () => {
  await cluster.close()
  await broker.close()
})

/** The watch is answered sooner than it asks for: a test that needs several requests does not wait long. */
function answerWithin(ms: number): void {
  fetches?.remove()
  fetches = broker.faults.add({
    api: 'Fetch',
    when: ({ request, context }) => {
      const asked = request as { maxWaitMs: number }
      if (context.clientId === CLIENT_ID) asked.maxWaitMs = Math.min(asked.maxWaitMs, ms)
      return false
    },
    action: { kind: 'duplicate' },
  })
}

async function write(topic: string, ...values: string[]): Promise<void> {
  const run = attempt(sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' }))
  const writer = await run.writer()
  writer.write(rowsOf(values.map(value => ['k', value])))
  await writer.finish()
  await run.die()
}

/** At its end at this offset, as it thinks. */
class Reader implements IdleReader {
  readonly partitions: readonly WatchedPosition[]
  readonly woken: ('news' | 'trouble')[] = []

  constructor(topic: string, offset: number) {
    this.partitions = [{ topic, partition: 0, offset }]
  }

  isNews({ start, end, lastStableOffset }: FetchedPartition): boolean {
    return end > start || lastStableOffset !== this.partitions[0]!.offset
  }

  wake(isTrouble: boolean): void {
    this.woken.push(isTrouble ? 'trouble' : 'news')
  }
}

function add(topic: string, offset: number, count: number): Reader[] {
  const readers = Array.from({ length: count }, () => new Reader(topic, offset))
  for (const reader of readers) expect(watch.add(reader)).toBe(true)
  return readers
}

const wokenOf = (readers: readonly Reader[]) => readers.map(({ woken }) => woken.join())

test('what came before the first request wakes those who have not seen it, and nobody else', async () => {
  await write('a', '1', '2')
  await write('b', '1', '2', '3')
  const behind = add('a', 1, 4)
  const there = add('b', 3, 4)
  await until(() => behind.every(({ woken }) => woken.length > 0))
  expect(wokenOf([...behind, ...there])).toEqual(['news', 'news', 'news', 'news', '', '', '', ''])
})

test('a few are not worth a connection', async () => {
  const readers = add('a', 0, 7)
  expect(readers.map(reader => watch.covers(reader))).toEqual(readers.map(() => false))
  expect(broker.numConnections).toBe(1)
  add('a', 0, 1)
  expect(readers.map(reader => watch.covers(reader))).toEqual(readers.map(() => true))
  await until(() => fetches.seen > 0)
  expect(broker.numConnections).toBe(2)
})

test('one that comes later is covered by the next request, at once where the partition is asked for already', async () => {
  answerWithin(300)
  add('a', 0, 8)
  const [same] = add('a', 0, 1)
  const [other] = add('b', 0, 1)
  expect(watch.covers(same!)).toBe(true)
  expect(watch.covers(other!)).toBe(false)
  await until(() => watch.covers(other!))
  // Now and in the pauses between requests.
  await write('b', '1')
  await until(() => other!.woken.length > 0)
  expect(watch.covers(other!)).toBe(false)
  expect(wokenOf([same!])).toEqual([''])
})

test('readers of a partition at different offsets: the one behind reads by itself, and nobody stays behind', async () => {
  answerWithin(300)
  await write('a', '1')
  const behind = add('a', 0, 3)
  const there = add('a', 1, 3)
  expect(wokenOf(behind)).toEqual(['news', 'news', 'news'])
  expect(watch.add(behind[0]!)).toBe(false)
  expect(wokenOf(there)).toEqual(['', '', ''])
  // The partition is named once, at the offset of those who are there.
  add('b', 0, 5)
  await until(() => fetches.seen > 2)
  expect(wokenOf(there)).toEqual(['', '', ''])
})

test('one partition that has an error wakes its readers only', async () => {
  answerWithin(300)
  const failing = add('a', 0, 4)
  const others = add('b', 0, 8)
  using _failing = broker.faults.add({
    api: 'Fetch',
    action: { kind: 'error', code: 29, only: topic => topic === 'a' },
  })
  await until(() => failing.every(({ woken }) => woken.length > 0))
  expect(wokenOf(failing)).toEqual(failing.map(() => 'trouble'))
  expect(wokenOf(others)).toEqual(others.map(() => ''))
})

test.each([
  ['connections break', () => broker.dropConnections()],
  ['the leader moves', () => broker.moveLeader('a', 0, 2)],
  ['the topic is deleted', () => broker.deleteTopic('a')],
])('%s: everyone is told to look for the leader, once', async (_, happen) => {
  const readers = add('a', 0, 8)
  await until(() => fetches.seen > 0)
  happen()
  await until(() => readers.every(({ woken }) => woken.length > 0))
  expect(wokenOf(readers)).toEqual(readers.map(() => 'trouble'))
})

test('an error of the whole request wakes everyone', async () => {
  using _failing = broker.faults.add({ api: 'Fetch', times: 1, action: { kind: 'error', code: 71 } })
  const readers = add('a', 0, 8)
  await until(() => readers.every(({ woken }) => woken.length > 0))
  expect(wokenOf(readers)).toEqual(readers.map(() => 'trouble'))
})

test('the connection ends with the last reader; the next ones get another', async () => {
  const readers = add('a', 0, 8)
  await until(() => fetches.seen > 0)
  for (const reader of readers) watch.remove(reader)
  await until(() => broker.numConnections === 1)
  const next = add('a', 0, 8)
  await write('a', '1')
  await until(() => next.every(({ woken }) => woken.length > 0))
  expect(wokenOf(readers)).toEqual(readers.map(() => ''))
})

test('others that come in the turn in which the last one goes are not lost', async () => {
  const readers = add('a', 0, 8)
  await until(() => fetches.seen > 0)
  for (const reader of readers) watch.remove(reader)
  const next = add('b', 0, 1)
  await until(() => watch.covers(next[0]!))
  await write('b', '1')
  await until(() => next[0]!.woken.length > 0)
  expect(wokenOf(next)).toEqual(['news'])
})

test('a broker that answers at once though there is nothing is not asked without a pause', async () => {
  answerWithin(0)
  const startedAt = performance.now()
  add('a', 0, 8)
  await until(() => fetches.seen >= 4)
  // Three pauses at least lie between four requests.
  expect(performance.now() - startedAt).toBeGreaterThan(3 * 190)
})

test('many silent readers cost a request now and then, also with an open transaction', async () => {
  const run = await startFresh(sinkConfig(broker.bootstrap, 'a'))
  run.main.write(rowsOf([['k', 'open']]))
  await run.main.finish()
  await using readers = new PumpedReaders(broker.bootstrap)
  await readers.openAll(['a', 'b', 'c'], 7, { 'properties.isolation.level': 'read_committed' })
  await until(() => readers.mostConnections >= 21)
  await until(() => readers.numConnections <= 2)
  const seen = fetches.seen
  const since = performance.now()
  await until(() => fetches.seen >= seen + 3)
  const elapsed = performance.now() - since
  expect(fetches.seen - seen).toBeLessThanOrEqual(1 + (2 * elapsed) / SILENT_MS)
  await run.die()
})

test('a few silent readers keep their connections', async () => {
  await using readers = new PumpedReaders(broker.bootstrap)
  const all = await readers.openAll(['a'], 3)
  // Two that wait long come after the first two.
  await until(() => all.every(({ reader }) => (reader.metrics?.()['numFetches'] ?? 0) >= 5))
  expect(readers.numConnections).toBeGreaterThanOrEqual(3)
})

test('leaders move under readers at rest, the right is taken away from one: each is told', async () => {
  await using readers = new PumpedReaders(broker.bootstrap)
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(topic => readers.openAll([topic], 4)))
  await until(() => readers.mostConnections >= 12)
  await until(() => readers.numConnections <= 4)
  broker.moveLeader('a', 0, 2)
  using _denied = broker.faults.add({
    api: 'Fetch',
    action: { kind: 'error', code: 29, only: topic => topic === 'b' },
  })
  await write('a', '1')
  await write('c', '1')
  await until(() => [...a!, ...c!].every(({ rows }) => rows.length > 0))
  expect([...a!, ...c!].map(({ rows }) => rows)).toEqual([...a!, ...c!].map(() => ['1']))
  await until(() => b!.every(({ failure }) => failure !== null))
  expect(b!.map(({ failure }) => failure!.code)).toEqual(b!.map(() => 'MR_KAFKA_PERMISSION'))
})

test('a topic that is deleted and made anew under readers at rest, before they look: they say so', async () => {
  await using readers = new PumpedReaders(broker.bootstrap)
  const all = await readers.openAll(['a'], 8)
  await until(() => readers.mostConnections >= 8)
  await until(() => readers.numConnections <= 2)
  broker.deleteTopic('a')
  // The watch is answered with an error; whoever fetches after this finds an empty topic, and nothing wrong.
  await turn()
  broker.createTopic('a', 1)
  broker.moveLeader('a', 0, 1)
  await until(() => all.every(({ failure }) => failure !== null))
  expect(all.map(({ failure }) => failure!.code)).toEqual(all.map(() => 'MR_KAFKA_TOPIC_RECREATED'))
})

test('jobs that end while they are at rest leave no connection behind', async () => {
  await using readers = new PumpedReaders(broker.bootstrap)
  const all = await readers.openAll(['a', 'b'], 5)
  await until(() => readers.mostConnections >= 10)
  await until(() => readers.numConnections <= 2)
  for (const reader of all.slice(1)) await reader.close()
  await write('a', '1')
  await until(() => all[0]!.rows.length > 0)
  await all[0]!.close()
  await until(() => readers.numConnections === 0)
})
