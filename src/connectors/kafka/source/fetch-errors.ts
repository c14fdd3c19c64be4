import { connectorError, type MillraceError } from '../../../errors/index.ts'
import { errorName, isAuthorizationError } from '../transport/error-codes.ts'
import type { PartitionCursor } from './partition-cursor.ts'
import type { SourceConfig } from './source-config.ts'

/** The error of a partition that cannot be read. `range`: what its log holds now, if that is known. */
export function fetchFailure(
  cursor: PartitionCursor,
  code: number,
  config: SourceConfig,
  range: { readonly first: number; readonly end: number } | null,
): MillraceError {
  const { topic, partition, fetchOffset } = cursor
  const place = `topic '${topic}' partition ${partition}`
  if (code === 1) {
    const restored = cursor.restored || cursor.hasMoved
    const origin = cursor.hasMoved
      ? 'the job as far as it has read'
      : restored
        ? 'the checkpoint'
        : `scan.startup.mode ${config.startup.mode}`
    return connectorError(
      'MR_KAFKA_OFFSET_OUT_OF_RANGE',
      `Offset ${fetchOffset} of ${place}, asked for by ${origin}, is not in the log${gapText(fetchOffset, range)}.`,
      {
        hint: restored
          ? "Nothing after the checkpoint was written. Raise the topic's retention.ms or retention.bytes; start over with --resume none, where scan.startup.mode says what is read again."
          : "Choose an offset in the log, or set 'scan.startup.mode' to earliest-offset.",
      },
    )
  }
  if (code === 3) {
    return connectorError('MR_KAFKA_TOPIC_MISSING', `The ${place} no longer exists.`, {
      hint: 'The topic was deleted while the job was reading it: what was not read of it is gone.',
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

function gapText(offset: number, range: { readonly first: number; readonly end: number } | null): string {
  if (range === null) return ': records were deleted by retention, or the log was cut'
  const { first, end } = range
  if (offset < first)
    return `, which begins at ${first}: ${first - offset} offsets were deleted by retention before they were read`
  return `, which ends at ${end}: records at its end were lost`
}
