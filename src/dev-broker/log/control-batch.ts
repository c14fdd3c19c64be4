/**
 * Transaction markers: a control batch of one record whose key says how the transaction ended.
 *
 *   key => version:i16 (0) type:i16 (0 abort, 1 commit)      value => version:i16 (0) coordinator_epoch:i32
 */
import { type Batch, batchHeaderSize, encodeBatch, transactionalControl } from './record-batch.ts'

/** length 16 (zig-zag varint), attributes, timestamp delta, offset delta, key length 4, key, value length 6, value, no headers. */
function markerRecord(isCommit: boolean, coordinatorEpoch: number): Buffer {
  const record = Buffer.from([32, 0, 0, 0, 8, 0, 0, 0, isCommit ? 1 : 0, 12, 0, 0, 0, 0, 0, 0, 0])
  record.writeInt32BE(coordinatorEpoch, 12)
  return record
}

const keyTypeAt = batchHeaderSize + 7

export function encodeMarker(
  producerId: number,
  producerEpoch: number,
  isCommit: boolean,
  coordinatorEpoch: number,
  timestamp: number,
): Buffer {
  return encodeBatch({
    attributes: transactionalControl,
    timestamp,
    producerId,
    producerEpoch,
    baseSequence: -1,
    recordCount: 1,
    records: markerRecord(isCommit, coordinatorEpoch),
  })
}

/** Whether the marker in a control batch of this broker commits. */
export const isCommitMarker = (batch: Batch): boolean => batch.bytes.readInt16BE(keyTypeAt) === 1
