/** What the demo does to the cluster through kafkajs: make the two topics, write the traffic. */
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { NUM_PARTITIONS, type Traffic, type TrafficRecord } from './traffic.ts'

export const SOURCE_TOPIC = 'ip_count_source'
export const SINK_TOPIC = 'ip_count_sink'
const TICK_MS = 50
/** kafkajs groups a send in time that grows with its square. */
const MAX_SEND = 500

export const connectTo = (bootstrap: string): Kafka =>
  new Kafka({
    clientId: 'millrace-demo',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 5 },
  })

async function numRecordsIn(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic)
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
}

/** Makes both topics. Topics that hold records are refused, or with `force` deleted and made anew. */
export async function prepareTopics(kafka: Kafka, force: boolean): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const existing = new Set(await admin.listTopics())
    const present = [SOURCE_TOPIC, SINK_TOPIC].filter(topic => existing.has(topic))
    const counts = await Promise.all(present.map(topic => numRecordsIn(admin, topic)))
    const full = present.filter((_, i) => counts[i]! > 0)
    if (full.length > 0 && !force)
      throw new Error(`${full.join(' and ')} hold records already; --force deletes and re-creates them`)
    if (present.length > 0) await deleteTopics(admin, present)
    await createTopics(admin)
  } finally {
    await admin.disconnect()
  }
}

async function deleteTopics(admin: Admin, topics: string[]): Promise<void> {
  await admin.deleteTopics({ topics })
  for (let attempt = 0; attempt < 100; attempt++) {
    const left = await admin.listTopics()
    if (!topics.some(topic => left.includes(topic))) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${topics.join(' and ')} could not be deleted`)
}

/** Event times are old: without retention.ms=-1 a cluster whose records carry them would delete them at once. */
async function createTopics(admin: Admin): Promise<void> {
  const configEntries = [{ name: 'retention.ms', value: '-1' }]
  await admin.createTopics({
    topics: [
      { topic: SOURCE_TOPIC, numPartitions: NUM_PARTITIONS, configEntries },
      { topic: SINK_TOPIC, numPartitions: NUM_PARTITIONS, configEntries },
    ],
    waitForLeaders: true,
  })
}

/** Writes all traffic at its rate, then the closing records. Resolves when everything is acknowledged. */
export async function writeTraffic(kafka: Kafka, traffic: Traffic, signal: AbortSignal): Promise<void> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false })
  await producer.connect()
  const send = (records: readonly TrafficRecord[]) =>
    producer.send({
      topic: SOURCE_TOPIC,
      acks: -1,
      messages: records.map(({ partition, ip, value }) => ({ partition, key: ip, value })),
    })
  try {
    const startedAt = performance.now()
    while (!traffic.done && !signal.aborted) {
      const records = traffic.take(performance.now() - startedAt, MAX_SEND)
      if (records.length > 0) await send(records)
      if (records.length < MAX_SEND) await new Promise(resolve => setTimeout(resolve, TICK_MS))
    }
    if (!signal.aborted) await send(traffic.closing())
  } finally {
    await producer.disconnect()
  }
}
