/** kafkajs as a foreign consumer: groups, rebalancing, committed offsets. */
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import { until } from './until.ts'

const clientOf = (broker: DevBroker) =>
  new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING })

async function produce(broker: DevBroker, topic: string, values: readonly string[]): Promise<void> {
  const producer = clientOf(broker).producer()
  await producer.connect()
  await producer.send({ topic, messages: values.map((value, i) => ({ value, partition: i % 4 })) })
  await producer.disconnect()
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

async function consume(consumer: Consumer, topic: string, seen: string[]): Promise<void> {
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      seen.push(String(message.value))
    },
  })
}

test('a group of one reads everything, commits, and goes on where it stopped', async () => {
  await using broker = await startDevBroker({ numBrokers: 2, topics: [{ name: 't', partitions: 4 }] })
  const first = numbered('a', 40)
  await produce(broker, 't', first)
  const seen: string[] = []
  const consumer = clientOf(broker).consumer({ groupId: 'g', maxWaitTimeInMs: 50 })
  await consume(consumer, 't', seen)
  await until(() => seen.length === 40)
  expect(seen.toSorted()).toEqual(first.toSorted())
  await consumer.disconnect()
  expect([0, 1, 2, 3].map(partition => broker.committedOffset('g', 't', partition)?.offset)).toEqual([
    10, 10, 10, 10,
  ])

  const second = numbered('b', 8)
  await produce(broker, 't', second)
  const again: string[] = []
  const successor = clientOf(broker).consumer({ groupId: 'g', maxWaitTimeInMs: 50 })
  await consume(successor, 't', again)
  await until(() => again.length >= 8)
  expect(again.toSorted()).toEqual(second.toSorted())
  await successor.disconnect()
})

test('two members share the partitions, and one takes over when the other leaves', async () => {
  await using broker = await startDevBroker({ numBrokers: 3, topics: [{ name: 't', partitions: 4 }] })
  const kafka = clientOf(broker)
  const seen: [string[], string[]] = [[], []]
  const members = [0, 1].map(() =>
    kafka.consumer({ groupId: 'g', heartbeatInterval: 100, maxWaitTimeInMs: 50 }),
  )
  const assigned: number[] = [0, 0]
  members.forEach((member, i) => {
    member.on(member.events.GROUP_JOIN, ({ payload }) => {
      assigned[i] = payload.memberAssignment['t']?.length ?? 0
    })
  })
  await consume(members[0]!, 't', seen[0])
  await consume(members[1]!, 't', seen[1])
  await until(() => assigned[0] === 2 && assigned[1] === 2)
  await produce(broker, 't', numbered('a', 40))
  await until(() => seen[0].length + seen[1].length === 40)
  expect([seen[0].length, seen[1].length]).toEqual([20, 20])

  const admin = kafka.admin()
  await admin.connect()
  const described = await admin.describeGroups(['g'])
  expect(described.groups[0]).toMatchObject({ state: 'Stable', protocolType: 'consumer' })
  expect(described.groups[0]!.members).toHaveLength(2)
  expect((await admin.listGroups()).groups).toEqual([{ groupId: 'g', protocolType: 'consumer' }])
  await expect(admin.deleteGroups(['g'])).rejects.toThrow()

  await members[0]!.disconnect()
  await until(() => assigned[1] === 4)
  await produce(broker, 't', numbered('b', 40))
  await until(() => seen[1].length === 60)
  await members[1]!.disconnect()
  await admin.deleteGroups(['g'])
  await admin.disconnect()
})

test('settings are described and altered', async () => {
  await using broker = await startDevBroker({
    maxTransactionTimeoutMs: 60_000,
    topics: [{ name: 't', configs: { 'retention.ms': '-1' } }],
  })
  const admin = clientOf(broker).admin()
  await admin.connect()
  const settingOf = async (type: number, name: string, configName: string) => {
    const answer = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type, name, configNames: [configName] }],
    })
    return answer.resources[0]!.configEntries.map(entry => entry.configValue)
  }
  expect(await settingOf(4, '1', 'transaction.max.timeout.ms')).toEqual(['60000'])
  expect(await settingOf(2, 't', 'retention.ms')).toEqual(['-1'])
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: 't', configEntries }] })
  expect(await settingOf(2, 't', 'message.timestamp.type')).toEqual(['LogAppendTime'])
  expect(await settingOf(2, 't', 'retention.ms')).toEqual(['604800000'])
  await admin.disconnect()
})
