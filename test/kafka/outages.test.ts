/** What only a real broker can say: its own time-outs, a broker killed in the middle, and data that survived it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt, prepare, recovery, rowsOf, sinkConfig, startFresh } from '../support/kafka-sink-fixture.ts'
import { TopicTool } from '../support/kafka-topics.ts'
import { kafkaVersions, type RealKafka, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})

describe.runIf(unavailable === undefined).each(kafkaVersions)('outages of Kafka %s', version => {
  let kafka: RealKafka
  let tool: TopicTool
  beforeAll(async () => {
    kafka = await startRealKafka({ version, fast: true })
    tool = new TopicTool(kafka.bootstrap)
  })
  afterAll(async () => {
    await tool?.close()
    await kafka?.stop()
  })

  const values = async (topic: string): Promise<(string | null)[]> => {
    await tool.untilDecided(topic)
    return (await tool.read(topic)).map(({ value }) => value).sort()
  }

  test('the broker times out a prepared transaction: lost, replayed, written once', async () => {
    await tool.create('timed-out', 2)
    const config = sinkConfig(kafka.bootstrap, 'timed-out', { transactionTimeoutMs: 6_000 })
    const first = await startFresh(config, { checkpointIntervalMs: 100 })
    first.main.write(rowsOf([['a', '1']]))
    const [one] = await prepare(first.group, [first.main], 1)
    await first.group.commit(one!)
    first.main.write(rowsOf([['a', '2']]))
    const stored = await prepare(first.group, [first.main], 2)
    await first.die()
    // The stable end passes the transaction when the broker has ended it.
    await tool.untilDecided('timed-out')
    const second = attempt(config, { checkpointIntervalMs: 100 })
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
    writer.write(rowsOf([['a', '2']]))
    const [again] = await prepare(second.group, [writer], 3)
    await second.group.commit(again!)
    expect(await values('timed-out')).toEqual(['1', '2'])
    await second.die()
  })

  test('the broker is killed between the steps of a checkpoint and comes back', async () => {
    await tool.create('killed', 2)
    const run = await startFresh(sinkConfig(kafka.bootstrap, 'killed', { transactionTimeoutMs: 120_000 }))
    const again = async (): Promise<void> => {
      await kafka.kill()
      await kafka.restart()
    }
    run.main.write(
      rowsOf([
        ['a', '1'],
        ['b', '1'],
      ]),
    )
    await run.main.finish()
    await again()
    run.main.write(
      rowsOf([
        ['a', '2'],
        ['b', '2'],
      ]),
    )
    const down = again()
    const flushed = run.main.flush(1)
    await Promise.all([down, flushed])
    const [stored] = await run.group.prepare(1)
    const back = again()
    await run.group.commit(stored!)
    await back
    expect(await values('killed')).toEqual(['1', '1', '2', '2'])
    expect(run.job.failures).toEqual([])
    await run.die()
  })

  test('a process dies, the broker dies too, and both come back', async () => {
    await tool.create('both', 1)
    const config = sinkConfig(kafka.bootstrap, 'both', { transactionTimeoutMs: 120_000 })
    const first = await startFresh(config)
    first.main.write(rowsOf([['a', 'prepared']]))
    const stored = await prepare(first.group, [first.main], 1)
    first.main.write(rowsOf([['a', 'open']]))
    await first.main.finish()
    await first.die()
    await kafka.kill()
    await kafka.restart()
    const second = attempt(config)
    const request = recovery({ prepared: stored, newestCheckpoint: 1, fresh: false, incarnation: 2 })
    expect(await second.group.recover(request)).toMatchObject({ kind: 'recovered', numResumed: 1 })
    expect(await values('both')).toEqual(['prepared'])
    await second.die()
  })
})
