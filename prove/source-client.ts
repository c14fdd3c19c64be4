/** What the proof does to a cluster through kafkajs: make topics, write source records and aborted junk. */
import { randomUUID } from 'node:crypto'
import { type Admin, Kafka, logLevel, type Message, type Producer } from 'kafkajs'

const TOPIC_TIMEOUT_MS = 30_000

export class SourceClient {
  readonly producer: Producer
  readonly #admin: Admin
  readonly #junk: Producer
  readonly #topics: string[] = []
  /** A producer has one transaction at a time; trials share it. */
  #lastJunk: Promise<void> = Promise.resolve()

  private constructor(kafka: Kafka) {
    this.#admin = kafka.admin()
    this.producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
    })
    this.#junk = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: `prove-junk-${randomUUID()}`,
      allowAutoTopicCreation: false,
    })
  }

  static async connect(bootstrap: string): Promise<SourceClient> {
    const client = new SourceClient(
      new Kafka({
        clientId: 'millrace-prove',
        brokers: bootstrap.split(','),
        logLevel: logLevel.NOTHING,
        retry: { retries: 20, maxRetryTime: 2_000 },
      }),
    )
    await client.#admin.connect()
    await client.producer.connect()
    await client.#junk.connect()
    return client
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

  sendAborted(topic: string, messages: Message[]): Promise<void> {
    const send = async () => {
      const transaction = await this.#junk.transaction()
      await transaction.send({ topic, acks: -1, messages })
      await transaction.abort()
    }
    const sent = this.#lastJunk.then(send)
    this.#lastJunk = sent.catch(() => {})
    return sent
  }

  /** Deletes the topics it made, all at the end: kafkajs fails for every topic when one it has written to is gone. */
  async close({ deleteTopics }: { readonly deleteTopics: boolean }): Promise<void> {
    if (deleteTopics) await this.#admin.deleteTopics({ topics: this.#topics })
    await this.#junk.disconnect()
    await this.producer.disconnect()
    await this.#admin.disconnect()
  }
}
