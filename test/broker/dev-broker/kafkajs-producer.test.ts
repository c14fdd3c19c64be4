/** kafkajs as a foreign producer and admin. */
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { until } from './until.ts'

const messages = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ key: String(i), value: `${prefix}${i}` }))

test('a transactional producer commits and aborts across three leaders', async () => {
  await using broker = await startDevBroker({ numBrokers: 3, topics: [{ name: 't', partitions: 3 }] })
  const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, transactionalId: 'tx', maxInFlightRequests: 1 })
  await producer.connect()
  const first = await producer.transaction()
  await first.send({ topic: 't', messages: messages('a', 30) })
  const topics = [{ topic: 't', partitions: [{ partition: 0, offset: '5' }] }]
  await first.sendOffsets({ consumerGroupId: 'g', topics })
  await first.commit()
  await until(() => broker.transaction('tx')?.status === 'CompleteCommit')
  expect(broker.committedOffset('g', 't', 0)?.offset).toBe(5)
  const second = await producer.transaction()
  await second.send({ topic: 't', messages: messages('b', 30) })
  await second.abort()
  await until(() => broker.transaction('tx')?.status === 'CompleteAbort')
  await producer.disconnect()

  let records = 0
  for (let partition = 0; partition < 3; partition++) {
    const { lastStableOffset, endOffset, aborted } = broker.describeLog('t', partition)
    expect(lastStableOffset).toBe(endOffset)
    const markers = broker.readLog('t', partition).filter(batch => batch.header.isControl)
    expect(markers.map(marker => marker.bytes.subarray(-17)[8])).toEqual([1, 0])
    expect(aborted).toHaveLength(1)
    expect(aborted[0]!.firstOffset).toBe(markers[0]!.lastOffset + 1)
    expect(aborted[0]!.lastOffset).toBe(endOffset - 1)
    records += endOffset - markers.length
  }
  expect(records).toBe(60)
})

test('the admin client creates, extends, reads offsets of and deletes topics', async () => {
  await using broker = await startDevBroker()
  const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: 'retention.ms', value: '-1' }]
  expect(await admin.createTopics({ topics: [{ topic: 'made', numPartitions: 2, configEntries }] })).toBe(
    true,
  )
  expect(await admin.createTopics({ topics: [{ topic: 'made', numPartitions: 2 }] })).toBe(false)
  await admin.createPartitions({ topicPartitions: [{ topic: 'made', count: 3 }] })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'made', messages: messages('m', 4).map(each => ({ ...each, partition: 2 })) })
  await producer.disconnect()
  expect(await admin.fetchTopicOffsets('made')).toEqual([
    { partition: 0, offset: '0', high: '0', low: '0' },
    { partition: 1, offset: '0', high: '0', low: '0' },
    { partition: 2, offset: '4', high: '4', low: '0' },
  ])
  await admin.deleteTopicRecords({ topic: 'made', partitions: [{ partition: 2, offset: '3' }] })
  expect(broker.describeLog('made', 2).startOffset).toBe(3)
  await admin.deleteTopics({ topics: ['made'] })
  expect(await admin.listTopics()).toEqual([])
  await admin.disconnect()
})
