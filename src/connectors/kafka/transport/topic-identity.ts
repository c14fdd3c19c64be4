/**
 * A topic that was deleted and created again has the same name and another id. Offsets, sequences and transactions
 * of the old one mean nothing in it, yet brokers take them without complaint: whoever relies on them compares ids.
 * Brokers before Kafka 2.8 have no ids; there nothing is compared.
 */
import { connectorError, type MillraceError } from '../../../errors/index.ts'
import type { KafkaCluster } from './cluster.ts'
import { isTransportError } from './connect-errors.ts'

/** As read at some time; '' = not known. */
export type TopicIds = ReadonlyMap<string, string>

/** Of `ids`, the topics that the cluster now has under another id. */
export const recreatedTopics = (cluster: KafkaCluster, ids: Iterable<readonly [string, string]>): string[] =>
  [...ids]
    .filter(([topic, id]) => {
      const now = cluster.topicId(topic)
      return id !== '' && now !== '' && now !== id
    })
    .map(([topic]) => topic)

/** Reads metadata again and compares; while no broker answers, what was read last. */
export async function findRecreated(cluster: KafkaCluster, ids: TopicIds): Promise<string[]> {
  if (ids.size === 0) return []
  try {
    await cluster.refresh([...ids.keys()].sort())
  } catch (error) {
    if (!isTransportError(error)) throw error
    cluster.logger.debug('the ids of topics could not be read', { error: String(error) })
  }
  return recreatedTopics(cluster, ids)
}

/** Kept in transaction handles: `topic=id,…`; neither sign can be in a name. */
export const encodeTopicIds = (ids: TopicIds): string =>
  [...ids].map(([topic, id]) => `${topic}=${id}`).join(',')

export const decodeTopicIds = (text: string): TopicIds =>
  new Map(
    text
      .split(',')
      .filter(part => part.includes('='))
      .map(part => {
        const at = part.indexOf('=')
        return [part.slice(0, at), part.slice(at + 1)]
      }),
  )

export const sourceRecreated = (topic: string, table: string): MillraceError =>
  connectorError(
    'MR_KAFKA_TOPIC_RECREATED',
    `Topic '${topic}' of table '${table}' was deleted and created again: the offsets read so far belong to the old one, and what was not read of it is gone.`,
    {
      hint: 'Start over with --resume none; scan.startup.mode says where the new topic is read from.',
    },
  )

/** A sink topic that was there when the job started. */
export const sinkTopicGone = (topic: string): MillraceError =>
  connectorError('MR_KAFKA_TOPIC_MISSING', `Sink topic '${topic}' was deleted while the job was running.`, {
    hint: 'What was committed to it before is gone. Create it again: the job goes on from its last checkpoint.',
    retriable: true,
  })

export const sinkRecreated = (topics: readonly string[], checkpointId: number): MillraceError =>
  connectorError(
    'MR_KAFKA_TOPIC_RECREATED',
    `Topic '${topics.join("', '")}' was deleted and created again while checkpoint ${checkpointId} was being written: what was committed to it before is gone.`,
    {
      hint: 'The job goes on from its last checkpoint and writes to the new topic. To write everything again, start over with --resume none.',
      retriable: true,
    },
  )

/** Past the commit nothing can be mended, but nobody should have to find out by counting. */
export async function logRecreated(
  cluster: KafkaCluster,
  ids: TopicIds,
  checkpointId: number,
): Promise<void> {
  const recreated = await findRecreated(cluster, ids)
  if (recreated.length === 0) return
  cluster.logger.error('rows of a committed checkpoint are gone: their topic was deleted and created again', {
    checkpoint: checkpointId,
    topics: recreated,
  })
}
