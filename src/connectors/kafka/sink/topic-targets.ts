/**
 * The topics a sink may write to and their partition counts. Counts are read again now and then, so that added
 * partitions are used.
 */
import { runtimeFailure } from '../../../errors/index.ts'
import { alignedInterval } from '../transport/aligned-interval.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { recreatedTopics, sinkTopicGone, type TopicIds } from '../transport/topic-identity.ts'
import type { SinkConfig } from './sink-config.ts'

export class TopicTargets {
  readonly #cluster: KafkaCluster
  readonly #config: SinkConfig
  readonly #topics: string[] = []
  #ids: TopicIds = new Map()
  #endReading: (() => void) | null = null

  constructor(cluster: KafkaCluster, config: SinkConfig) {
    this.#cluster = cluster
    this.#config = config
  }

  /** Reads metadata; throws coded errors for missing topics. */
  async open(): Promise<void> {
    if (this.#endReading !== null) return
    const { topics, connection } = this.#config
    await this.#cluster.connect()
    if (topics !== null) {
      await this.#cluster.requireTopics(topics, true)
      this.#topics.push(...topics)
    } else await this.#readPattern()
    this.#compareIds()
    this.#endReading = alignedInterval(connection.metadataMaxAgeMs, () => {
      const reading = topics === null ? this.#readPattern() : this.#cluster.refresh(topics)
      reading
        .then(() => this.#compareIds())
        .catch(error =>
          this.#cluster.logger.warn('the metadata of sink topics could not be read', {
            error: String(error),
          }),
        )
    })
  }

  /** Only says so: an exactly-once sink has its own, stricter check, and the others promise less. */
  #compareIds(): void {
    const topics = recreatedTopics(this.#cluster, this.#ids)
    if (topics.length > 0)
      this.#cluster.logger.error('a sink topic was deleted and created again: what was in it is gone', {
        topics,
      })
    this.#ids = new Map(this.#topics.map(topic => [topic, this.#cluster.topicId(topic)]))
  }

  async #readPattern(): Promise<void> {
    const { topics } = await this.#cluster.metadata(null)
    const found = topics.filter(
      ({ topic, internal, code }) => !internal && code === 0 && this.#matches(topic),
    )
    this.#topics.length = 0
    this.#topics.push(...found.map(({ topic }) => topic).sort())
    if (this.#topics.length === 0) {
      throw runtimeFailure(
        'MR_KAFKA_TOPIC_MISSING',
        `No topic matches the topic-pattern '${this.#config.topicPattern?.source}' of table '${this.#config.tableName}'.`,
      )
    }
  }

  #matches(topic: string): boolean {
    const pattern = this.#config.topicPattern
    if (pattern === null) return false
    return new RegExp(`^(?:${pattern.source})$`).test(topic)
  }

  /** The first topic: where the witness lives, and the only target without a `topic` column. */
  get first(): string {
    return this.#topics[0] ?? this.#config.topics?.[0] ?? ''
  }

  /** Throws when a row names a topic the table does not allow. */
  numPartitions(topic: string): number {
    const isOurs = this.#topics.includes(topic)
    const count = isOurs ? this.#cluster.numPartitions(topic) : 0
    if (count > 0) return count
    if (isOurs) throw sinkTopicGone(topic)
    throw runtimeFailure(
      'MR_KAFKA_TOPIC_NOT_ALLOWED',
      `A row for table '${this.#config.tableName}' names topic '${topic}', which is not among its topics.`,
      { hint: `Allowed are: ${this.#topics.join(', ')}.` },
    )
  }

  close(): void {
    this.#endReading?.()
    this.#endReading = null
  }
}
