/**
 * What the proof does to a cluster through kafkajs: make topics, write source records and aborted junk. A patient
 * client outlives brokers that die: what it was writing then is perhaps there and perhaps not, and is not repeated.
 */
import { randomUUID } from 'node:crypto'
import { type Admin, Kafka, logLevel, type Message, type Producer } from 'kafkajs'

export interface SourceClientOptions {
  readonly isPatient?: boolean
}

const TOPIC_TIMEOUT_MS = 30_000
const PATIENCE_MS = 90_000
const RETRY_MS = 200

export class SourceClient {
  readonly #kafka: Kafka
  readonly #admin: Admin
  readonly #isPatient: boolean
  readonly #junkId = `prove-junk-${randomUUID()}`
  #producer: Producer
  #junk: Producer
  readonly #topics: string[] = []
  /** A producer has one transaction at a time; trials share it. */
  #lastJunk: Promise<void> = Promise.resolve()

  private constructor(kafka: Kafka, isPatient: boolean) {
    this.#kafka = kafka
    this.#isPatient = isPatient
    this.#admin = kafka.admin()
    this.#producer = this.#makeProducer()
    this.#junk = this.#makeProducer(this.#junkId)
  }

  static async connect(
    bootstrap: string,
    { isPatient = false }: SourceClientOptions = {},
  ): Promise<SourceClient> {
    const kafka = new Kafka({
      clientId: 'millrace-prove',
      brokers: bootstrap.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 20, maxRetryTime: 2_000 },
    })
    const client = new SourceClient(kafka, isPatient)
    await client.#admin.connect()
    await client.#producer.connect()
    await client.#junk.connect()
    return client
  }

  #makeProducer(transactionalId?: string): Producer {
    const common = { idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false }
    return this.#kafka.producer(transactionalId === undefined ? common : { ...common, transactionalId })
  }

  /** Event times are old: without retention.ms=-1 a cluster would delete the records at once. */
  async createTopics(topics: readonly string[], numPartitions: number, replicas = -1): Promise<void> {
    this.#topics.push(...topics)
    const configEntries = [{ name: 'retention.ms', value: '-1' }]
    await this.#admin.createTopics({
      topics: topics.map(topic => ({ topic, numPartitions, replicationFactor: replicas, configEntries })),
      waitForLeaders: false,
      timeout: 30_000,
    })
    await this.#untilLed(topics)
  }

  /** kafkajs's own wait gives up at once when a broker does not know a new topic yet. */
  async #untilLed(topics: readonly string[]): Promise<void> {
    for (const deadline = performance.now() + TOPIC_TIMEOUT_MS; ; ) {
      const { topics: found } = await this.#admin.fetchTopicMetadata({ topics: [...topics] }).catch(error => {
        if (performance.now() > deadline) throw error
        return { topics: [] }
      })
      const hasLeaders = found.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))
      if (found.length === topics.length && hasLeaders) return
      if (performance.now() > deadline) throw new Error(`${topics.join(', ')} got no leaders`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  /** False when a patient client had to give up what it was writing. */
  async send(topic: string, messages: Message[]): Promise<boolean> {
    try {
      await this.#producer.send({ topic, acks: -1, messages })
      return true
    } catch (error) {
      if (!this.#isPatient) throw error
      await this.#patiently(async () => {
        await this.#producer.disconnect().catch(() => {})
        this.#producer = this.#makeProducer()
        await this.#producer.connect()
      })
      return false
    }
  }

  sendAborted(topic: string, messages: Message[]): Promise<void> {
    const send = async () => {
      const transaction = await this.#junk.transaction()
      await transaction.send({ topic, acks: -1, messages })
      await transaction.abort()
    }
    const sent = this.#lastJunk.then(send).catch(error => {
      if (!this.#isPatient) throw error
      return this.#patiently(() => this.#abandonJunk())
    })
    this.#lastJunk = sent.catch(() => {})
    return sent
  }

  /** A new producer of the same id: its first transaction aborts the one that was left open. */
  async #abandonJunk(): Promise<void> {
    await this.#junk.disconnect().catch(() => {})
    this.#junk = this.#makeProducer(this.#junkId)
    await this.#junk.connect()
    const transaction = await this.#junk.transaction()
    await transaction.abort()
  }

  async #patiently(attempt: () => Promise<void>): Promise<void> {
    for (const deadline = performance.now() + PATIENCE_MS; ; ) {
      try {
        return await attempt()
      } catch (error) {
        if (performance.now() > deadline) throw error
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  /** Deletes the topics it made, all at the end: kafkajs fails for every topic when one it has written to is gone. */
  async close({ deleteTopics }: { readonly deleteTopics: boolean }): Promise<void> {
    if (deleteTopics) await this.#admin.deleteTopics({ topics: this.#topics })
    await this.#junk.disconnect()
    await this.#producer.disconnect()
    await this.#admin.disconnect()
  }
}
