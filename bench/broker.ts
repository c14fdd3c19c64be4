/**
 * The broker of a benchmark that needs one: `MILLRACE_BENCH_BROKER` = `4.x` (Apache Kafka from its jars, the default),
 * `3.9`, `dev`, or HOST:PORT. Always a process of its own.
 */
import { Kafka, logLevel } from 'kafkajs'
import type { Broker } from '../prove/broker/broker.ts'
import { startBroker } from '../prove/broker/start-broker.ts'

export const benchBroker = (): Promise<Broker> => startBroker(process.env['MILLRACE_BENCH_BROKER'] ?? '4.x')

/** Deletes what an earlier run has left. */
export async function makeTopics(
  bootstrap: string,
  topics: readonly string[],
  numPartitions: number,
): Promise<void> {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    const existing = await admin.listTopics()
    const old = topics.filter(topic => existing.includes(topic))
    if (old.length > 0) await admin.deleteTopics({ topics: old })
    await admin.createTopics({
      topics: topics.map(topic => ({ topic, numPartitions })),
      waitForLeaders: true,
      timeout: 60_000,
    })
  } finally {
    await admin.disconnect()
  }
}
