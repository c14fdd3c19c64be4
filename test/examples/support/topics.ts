/** Topics through clients that are not ours: kafkajs writes, kcat (librdkafka) reads where it is installed. */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs'
import { TopicTool } from '../../support/kafka-topics.ts'
import { NUM_PARTITIONS, type SourceRecord } from './traffic.ts'

export interface StoredRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
}

const run = promisify(execFile)
const hasKcat = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0

/** What kcat prints with -J. */
interface KcatRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly payload: string | null
}

export class Topics implements AsyncDisposable {
  readonly #bootstrap: string
  readonly #tool: TopicTool
  readonly #producer: Producer
  readonly #admin: Admin

  private constructor(bootstrap: string) {
    this.#bootstrap = bootstrap
    this.#tool = new TopicTool(bootstrap)
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING })
    this.#producer = kafka.producer()
    this.#admin = kafka.admin()
  }

  static async connect(bootstrap: string): Promise<Topics> {
    const topics = new Topics(bootstrap)
    await topics.#producer.connect()
    await topics.#admin.connect()
    return topics
  }

  /** Makes the topics anew, empty. */
  async create(names: readonly string[]): Promise<void> {
    const existing = new Set(await this.#admin.listTopics())
    const old = names.filter(name => existing.has(name))
    if (old.length > 0) await this.#admin.deleteTopics({ topics: old })
    for (const name of names) await this.#tool.create(name, NUM_PARTITIONS)
  }

  async write(topic: string, records: readonly SourceRecord[]): Promise<void> {
    const messages = records.map(({ partition, value }) => ({ partition, value }))
    await this.#producer.send({ topic, messages })
  }

  /** Every committed record, in order within each partition. */
  async read(topic: string): Promise<StoredRecord[]> {
    await this.#tool.untilDecided(topic)
    if (!hasKcat) return this.#tool.read(topic)
    const isolation = ['-X', 'isolation.level=read_committed']
    const { stdout } = await run(
      'kcat',
      ['-C', '-b', this.#bootstrap, '-t', topic, '-o', 'beginning', '-e', '-q', '-J', ...isolation],
      { maxBuffer: 256 * 1024 * 1024 },
    )
    return stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        const { partition, offset, key, payload } = JSON.parse(line) as KcatRecord
        return { partition, offset, key, value: payload }
      })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#admin.disconnect(), this.#tool.close()])
  }
}
