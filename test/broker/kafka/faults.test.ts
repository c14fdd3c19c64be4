/** Lost answers, moved leaders and coordinators, closed connections: rows arrive once, in order. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import {
  type Attempt,
  attempt,
  prepare,
  recovery,
  rowsOf,
  sinkConfig,
  startFresh,
} from '../../support/kafka-sink-fixture.ts'
import { TopicTool } from '../../support/kafka-topics.ts'

describe('faults', () => {
  let broker: DevBroker
  let tool: TopicTool
  let topic: string
  beforeEach(async () => {
    broker = await startDevBroker({ numBrokers: 2 })
    tool = new TopicTool(broker.bootstrap)
    topic = `f-${randomUUID().slice(0, 8)}`
    await tool.create(topic, 4)
  })
  afterEach(async () => {
    await tool.close()
    await broker.close()
  })

  const numbers = (from: number, to: number) =>
    rowsOf(Array.from({ length: to - from }, (_, i) => [`k${(from + i) % 11}`, String(from + i)]))

  async function expectNumbers(count: number): Promise<void> {
    await tool.untilDecided(topic)
    const found = (await tool.read(topic)).map(({ value }) => Number(value)).sort((a, b) => a - b)
    expect(found).toEqual(Array.from({ length: count }, (_, i) => i))
  }

  /** Three checkpoints of 50 rows, with `disturb` called at each stage. */
  async function copy(
    run: Attempt & { main: { write(batch: ReturnType<typeof rowsOf>): void } },
    disturb: (stage: string) => void,
  ): Promise<void> {
    const writer = run.main as Awaited<ReturnType<Attempt['writer']>>
    for (let id = 1; id <= 3; id++) {
      writer.write(numbers((id - 1) * 50, id * 50))
      disturb(`written ${id}`)
      const stored = await prepare(run.group, [writer], id)
      disturb(`prepared ${id}`)
      for (const one of stored) await run.group.commit(one)
    }
    expect(run.job.failures).toEqual([])
    await run.die()
  }

  const lostAnswers = [
    'Produce',
    'AddPartitionsToTxn',
    'AddOffsetsToTxn',
    'TxnOffsetCommit',
    'EndTxn',
    'InitProducerId',
    'FindCoordinator',
    'Metadata',
  ]
  test.each(lostAnswers)('the answer to %s is lost with its connection', async api => {
    const handle = broker.faults.add({ api, when: 2, times: 1, action: { kind: 'drop-answer', close: true } })
    const run = await startFresh(sinkConfig(broker.bootstrap, topic))
    await copy(run, stage => {
      if (api === 'Metadata' && stage === 'written 2') broker.dropConnections()
    })
    expect(handle.hits).toBe(1)
    await expectNumbers(150)
  })

  test('an answer that comes too late is a lost answer', async () => {
    broker.faults.add({ api: 'Produce', when: 2, times: 1, action: { kind: 'delay-answer', ms: 900 } })
    const base = sinkConfig(broker.bootstrap, topic)
    const run = await startFresh({ ...base, connection: { ...base.connection, requestTimeoutMs: 300 } })
    await copy(run, () => {})
    await expectNumbers(150)
  })

  test('one of two leaders fails: only its batch is sent again', async () => {
    const failing = broker.faults.add({
      api: 'Produce',
      times: 3,
      action: { kind: 'error', code: 6, only: (_topic, partition) => partition === 0 },
    })
    const run = await startFresh(sinkConfig(broker.bootstrap, topic))
    await copy(run, () => {})
    expect(failing.hits).toBe(3)
    await expectNumbers(150)
  })

  test('leaders and coordinators move in the middle of transactions', async () => {
    const config = sinkConfig(broker.bootstrap, topic)
    const run = await startFresh(config)
    const other = (nodeId: number): number => (nodeId === 1 ? 2 : 1)
    await copy(run, () => {
      for (let p = 0; p < 4; p++) broker.moveLeader(topic, p, other(broker.leaderOf(topic, p)))
      for (let slot = 0; slot < 3; slot++) {
        const tid = `${config.transactionalIdPrefix}.${slot}`
        broker.moveCoordinator('transaction', tid, other(broker.coordinatorOf('transaction', tid)))
      }
      const group = `__millrace.${config.transactionalIdPrefix}`
      broker.moveCoordinator('group', group, other(broker.coordinatorOf('group', group)))
    })
    await expectNumbers(150)
  })

  test('brokers restart between any two steps', async () => {
    const run = await startFresh(sinkConfig(broker.bootstrap, topic))
    const restarts: Promise<void>[] = []
    await copy(run, () => {
      restarts.push(broker.restart())
    })
    await Promise.all(restarts)
    await expectNumbers(150)
  })

  test.each([14, 15, 16, 51, 52])('coordinator answers %i for a while', async code => {
    for (const api of ['AddPartitionsToTxn', 'EndTxn', 'AddOffsetsToTxn', 'InitProducerId'])
      broker.faults.add({ api, times: 3, action: { kind: 'error', code } })
    const run = await startFresh(sinkConfig(broker.bootstrap, topic))
    await copy(run, () => {})
    await expectNumbers(150)
  })

  test('the broker ends a prepared transaction while the process is down: lost, then replayed', async () => {
    const config = sinkConfig(broker.bootstrap, topic)
    const first = await startFresh(config)
    first.main.write(numbers(0, 50))
    const [one] = await prepare(first.group, [first.main], 1)
    await first.group.commit(one!)
    first.main.write(numbers(50, 100))
    const stored = await prepare(first.group, [first.main], 2)
    await first.die()
    broker.timeoutTransaction(String(stored[0]!.handle['tid']))
    const second = attempt(config)
    const request = recovery({
      prepared: stored,
      newestCheckpoint: 2,
      lastConfirmed: 1,
      fresh: false,
      incarnation: 2,
    })
    expect(await second.group.recover(request)).toMatchObject({ kind: 'lost', label: 2, committedThrough: 1 })
    await second.group.begin(3)
    const writer = await second.writer()
    writer.write(numbers(50, 100))
    const [again] = await prepare(second.group, [writer], 3)
    await second.group.commit(again!)
    await second.die()
    await expectNumbers(100)
  })

  test('epochs run out: the slot goes on under a new producer id', async () => {
    const config = sinkConfig(broker.bootstrap, topic)
    const first = await startFresh(config)
    await first.die()
    for (let slot = 0; slot < 3; slot++)
      broker.overrideProducerEpoch(`${config.transactionalIdPrefix}.${slot}`, 32_762)
    const second = attempt(config)
    await second.group.recover(recovery({ incarnation: 2, mayTakeOver: true }))
    await second.group.begin(1)
    const writer = await second.writer()
    const used = new Set<string>()
    for (let id = 1; id <= 24; id++) {
      writer.write(numbers((id - 1) * 5, id * 5))
      const [stored] = await prepare(second.group, [writer], id)
      used.add(`${stored!.handle['pid']}:${stored!.handle['epoch']}`)
      await second.group.commit(stored!)
    }
    expect(used.size).toBe(24)
    expect(new Set([...used].map(pair => pair.split(':')[0])).size).toBeGreaterThan(3)
    expect(second.job.failures).toEqual([])
    await second.die()
    await expectNumbers(120)
  })

  test('a transaction that grows too old fails the job before the broker ends it', async () => {
    const run = await startFresh(sinkConfig(broker.bootstrap, topic, { transactionTimeoutMs: 1_000 }), {
      checkpointIntervalMs: 100,
    })
    run.main.write(numbers(0, 10))
    await run.main.finish()
    while (run.job.failures.length === 0) await new Promise(resolve => setTimeout(resolve, 20))
    expect(run.job.failures).toMatchObject([{ code: 'MR_KAFKA_TRANSACTION_TOO_OLD', retriable: true }])
    await run.die()
  })

  test('at least once: a lost answer is no duplicate, and nothing is lost', async () => {
    broker.faults.add({ api: 'Produce', when: 1, times: 1, action: { kind: 'drop-answer', close: true } })
    const run = attempt(sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' }))
    const writer = await run.writer()
    writer.write(numbers(0, 100))
    await writer.flush(1)
    writer.write(numbers(100, 150))
    await writer.finish()
    await run.die()
    await expectNumbers(150)
  })

  test('a slow broker makes the writer wait, and not more memory', async () => {
    broker.faults.add({ api: 'Produce', action: { kind: 'delay', ms: 30 } })
    const base = sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' })
    const run = attempt({ ...base, produce: { ...base.produce, bufferMemory: 5_000, batchSize: 1_000 } })
    const writer = await run.writer()
    let waits = 0
    for (let i = 0; i < 20; i++) {
      writer.write(numbers(i * 100, i * 100 + 100))
      const room = writer.ready()
      if (room !== null) {
        waits++
        expect(writer.metrics!()['currentSendBufferBytes']).toBeLessThan(10_000)
        await room
      }
    }
    await writer.finish()
    expect(waits).toBeGreaterThan(2)
    expect(writer.metrics!()['currentSendBufferBytes']).toBe(0)
    await run.die()
    await expectNumbers(2_000)
  })

  test('a record that is too large is named before anything is sent', async () => {
    const run = await startFresh(sinkConfig(broker.bootstrap, topic))
    expect(() => run.main.write(rowsOf([['k', 'x'.repeat(1_100_000)]]))).toThrow(
      expect.objectContaining({ code: 'MR_KAFKA_RECORD_TOO_LARGE' }),
    )
    await run.die()
  })

  test('large records: batches stay below max.request.size', async () => {
    const base = sinkConfig(broker.bootstrap, topic, { guarantee: 'at-least-once' })
    const run = attempt({ ...base, produce: { ...base.produce, batchSize: 500_000 } })
    const writer = await run.writer()
    const sizes = [300_000, 400_000, 900_000, 10, 700_000, 700_000, 20]
    writer.write(rowsOf(sizes.map((size, i) => ['k', `${i}`.padEnd(size, '.')])))
    await writer.finish()
    await run.die()
    expect((await tool.read(topic)).map(({ value }) => value!.length)).toEqual(sizes)
    for (let p = 0; p < 4; p++)
      for (const batch of broker.readLog(topic, p)) expect(batch.bytes.length).toBeLessThan(1_048_577)
  })
})

describe('topics that change under a sink', () => {
  test('added partitions are used by a plain sink', async () => {
    await using broker = await startDevBroker({ topics: [{ name: 'grows', partitions: 1 }] })
    const tool = new TopicTool(broker.bootstrap)
    const base = sinkConfig(broker.bootstrap, 'grows', {
      guarantee: 'at-least-once',
      partitioner: 'round-robin',
    })
    const run = attempt({ ...base, connection: { ...base.connection, metadataMaxAgeMs: 50 } })
    const writer = await run.writer()
    const row = rowsOf([['k', 'v']])
    writer.write(row)
    broker.addPartitions('grows', 3)
    for (;;) {
      writer.write(row)
      await writer.flush(1)
      if ((await tool.offsets('grows', 'latest', false)).every(offset => offset > 0)) break
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    await run.die()
    await tool.close()
  })

  test('a deleted topic fails the job with its name, after delivery.timeout.ms', async () => {
    await using broker = await startDevBroker({
      autoCreateTopics: false,
      topics: [{ name: 'gone', partitions: 1 }],
    })
    const base = sinkConfig(broker.bootstrap, 'gone', { guarantee: 'at-least-once' })
    const run = attempt({ ...base, produce: { ...base.produce, deliveryTimeoutMs: 300 } })
    const writer = await run.writer()
    writer.write(rowsOf([['k', 'v']]))
    await writer.flush(1)
    broker.deleteTopic('gone')
    writer.write(rowsOf([['k', 'v']]))
    await expect(writer.flush(2)).rejects.toMatchObject({
      code: 'MR_KAFKA_TOPIC_MISSING',
      message: expect.stringContaining("'gone'"),
    })
    await run.die()
  })
})
