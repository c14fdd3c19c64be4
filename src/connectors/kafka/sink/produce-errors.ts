import { connectorError, type MillraceError } from '../../../errors/index.ts'
import { errorName, isAuthorizationError, isFenced } from '../transport/error-codes.ts'
import type { PartitionQueue } from './partition-queue.ts'

/** The error of a batch that cannot be written. */
export function produceFailure(
  { topic, partition }: PartitionQueue,
  code: number,
  transactionalId: string | null,
): MillraceError {
  const place = `topic '${topic}' partition ${partition}`
  if (isFenced(code) && transactionalId !== null) {
    return connectorError(
      'MR_KAFKA_TRANSACTION_FENCED',
      `The transaction '${transactionalId}' is dead: ${errorName(code)} while writing to ${place}.`,
      {
        hint: 'Another job uses the same sink.transactional-id-prefix, or the broker ended the transaction after its timeout.',
        retriable: true,
      },
    )
  }
  if (code === 10 || code === 18) {
    return connectorError(
      'MR_KAFKA_RECORD_TOO_LARGE',
      `A batch for ${place} is larger than the broker takes: ${errorName(code)}.`,
      { hint: "Raise the topic's max.message.bytes, or lower 'properties.batch.size'." },
    )
  }
  if (isAuthorizationError(code)) {
    return connectorError('MR_KAFKA_PERMISSION', `No permission to write to ${place}: ${errorName(code)}.`, {
      hint: `Grant this user Write on topic '${topic}'.`,
    })
  }
  if (code === 87) {
    return connectorError(
      'MR_KAFKA_INVALID_RECORD',
      `The broker refuses a record for ${place}: ${errorName(code)}.`,
      { hint: 'A compacted topic needs a key in every record: set key.format and key.fields.' },
    )
  }
  if (code === 3) {
    return connectorError(
      'MR_KAFKA_TOPIC_MISSING',
      `Topic '${topic}' partition ${partition} no longer exists.`,
      {
        hint: 'The topic was deleted, or has fewer partitions, while the job was writing.',
        retriable: true,
      },
    )
  }
  return connectorError('MR_KAFKA_PRODUCE', `Writing to ${place} failed: ${errorName(code)}.`, {
    retriable: true,
  })
}

export const recordTooLarge = ({ topic }: PartitionQueue, bytes: number, limit: number): MillraceError =>
  connectorError(
    'MR_KAFKA_RECORD_TOO_LARGE',
    `A record of ${bytes} bytes for topic '${topic}' exceeds max.request.size (${limit}).`,
    { hint: "Raise 'properties.max.request.size' and the topic's max.message.bytes." },
  )
