/** What the soak does to the cluster through kafkajs: make topics, write records, delete old ones. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs'
import { NUM_PARTITIONS, type Traffic, type TrafficRecord } from './traffic.ts'

export interface Topics {
  readonly source: string
  readonly windows: string
  readonly sessions: string
}

const TICK_MS = 50
/** kafkajs groups a send in time that grows with its square. */
const MAX_SEND = 500
/** Longer than the job is ever down, and than readers of the sink are behind. */
const KEEP_MS = 60_000
const RETENTION_PERIOD_MS = 10_000

interface Ends {
  readonly atMs: number
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
}

export class Cluster {
  readonly #topics: Topics
  readonly #admin: Admin
  readonly #producer: Producer
  readonly #ends: Ends[] = []
  #endsAtMs = 0

  private constructor(kafka: Kafka, topics: Topics) {
    this.#topics = topics
    this.#admin = kafka.admin()
    this.#producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
    })
  }

  static async connect(bootstrap: string, topics: Topics): Promise<Cluster> {
    const brokers = bootstrap.split(',')
    const kafka = new Kafka({
      clientId: 'millrace-soak',
      brokers,
      logLevel: logLevel.NOTHING,
      retry: { retries: 20 },
    })
    const cluster = new Cluster(kafka, topics)
    await cluster.#admin.connect()
    await cluster.#producer.connect()
    await cluster.#admin.createTopics({
      topics: Object.values<string>({ ...topics }).map(topic => ({ topic, numPartitions: NUM_PARTITIONS })),
      waitForLeaders: true,
    })
    return cluster
  }

  async #send(records: readonly TrafficRecord[]): Promise<void> {
    await this.#producer.send({ topic: this.#topics.source, acks: -1, messages: [...records] })
  }

  /** Writes what is due until `endMs`, then the closing records. */
  async write(traffic: Traffic, endMs: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) return
      const now = Math.min(Date.now(), endMs)
      const records = traffic.take(now, MAX_SEND)
      if (records.length > 0) await this.#send(records)
      else if (now === endMs) break
      if (records.length < MAX_SEND) await sleep(TICK_MS)
    }
    await this.#send(traffic.closing(Date.now()))
  }

  /** Deletes records older than KEEP_MS, so that an hour of traffic needs the disk of a minute. */
  async deleteOld(): Promise<void> {
    const now = Date.now()
    if (now - this.#endsAtMs < RETENTION_PERIOD_MS) return
    this.#endsAtMs = now
    for (const topic of Object.values<string>({ ...this.#topics })) {
      const offsets = await this.#admin.fetchTopicOffsets(topic)
      const partitions = offsets.map(({ partition, offset }) => ({ partition, offset }))
      this.#ends.push({ atMs: now, topic, partitions })
    }
    while (this.#ends[0] !== undefined && this.#ends[0].atMs < now - KEEP_MS) {
      const { topic, partitions } = this.#ends.shift()!
      await this.#admin.deleteTopicRecords({ topic, partitions: [...partitions] })
    }
  }

  async close({ deleteTopics }: { readonly deleteTopics: boolean }): Promise<void> {
    if (deleteTopics) await this.#admin.deleteTopics({ topics: Object.values<string>({ ...this.#topics }) })
    await this.#producer.disconnect()
    await this.#admin.disconnect()
  }
}
