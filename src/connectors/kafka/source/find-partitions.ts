import { connectorError } from '../../../errors/index.ts'
import type { TopicPartition } from '../requests/offsets.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import type { SourceConfig } from './source-config.ts'

/** Every partition of the table's topics now. Listed topics must exist; a pattern may match nothing. */
export async function findPartitions(cluster: KafkaCluster, config: SourceConfig): Promise<TopicPartition[]> {
  const topics =
    config.topics === null
      ? (await cluster.metadata(null)).topics.filter(
          ({ topic, code, internal }) => code === 0 && !internal && matches(config.topicPattern, topic),
        )
      : await cluster.requireTopics(config.topics)
  return topics
    .flatMap(({ topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })))
    .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
}

const matches = (pattern: RegExp | null, topic: string): boolean =>
  pattern !== null && new RegExp(`^(?:${pattern.source})$`).test(topic)

/** A pattern that matches nothing at start is almost surely a mistake. */
export const nothingMatches = (config: SourceConfig) =>
  connectorError(
    'MR_KAFKA_TOPIC_MISSING',
    `No topic matches the topic-pattern '${config.topicPattern?.source}' of table '${config.tableName}'.`,
  )
