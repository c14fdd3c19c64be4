import { connectorError, type MillraceError } from '../../../errors/index.ts'
import { errorName, isAuthorizationError } from '../transport/error-codes.ts'
import type { PartitionCursor } from './partition-cursor.ts'
import type { SourceConfig } from './source-config.ts'

/** The error of a partition that cannot be read. */
export function fetchFailure(cursor: PartitionCursor, code: number, config: SourceConfig): MillraceError {
  const { topic, partition, fetchOffset, restored } = cursor
  const place = `topic '${topic}' partition ${partition}`
  if (code === 1) {
    const origin = restored ? 'the checkpoint' : `scan.startup.mode ${config.startup.mode}`
    return connectorError(
      'MR_KAFKA_OFFSET_OUT_OF_RANGE',
      `Offset ${fetchOffset} of ${place}, asked for by ${origin}, is not in the log: records were deleted by retention, or the topic was made anew.`,
      {
        hint: restored
          ? 'Records between the checkpoint and the start of the log are gone. Restore an older savepoint of the topic, or accept the gap with --resume none and another scan.startup.mode.'
          : "Choose an offset in the log, or set 'scan.startup.mode' to earliest-offset.",
      },
    )
  }
  if (code === 3) {
    return connectorError('MR_KAFKA_TOPIC_MISSING', `The ${place} no longer exists.`, {
      hint: 'The topic was deleted while the job was reading it.',
    })
  }
  if (isAuthorizationError(code)) {
    return connectorError('MR_KAFKA_PERMISSION', `No permission to read ${place}: ${errorName(code)}.`, {
      hint: `Grant this user Read on topic '${topic}'.`,
    })
  }
  return connectorError(
    'MR_KAFKA_FETCH',
    `Reading ${place} at offset ${fetchOffset} failed: ${errorName(code)}.`,
    {
      retriable: code === 2,
    },
  )
}
