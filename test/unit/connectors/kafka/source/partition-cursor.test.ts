import { expect, test } from 'vitest'
import { RecordBatchBuilder } from '../../../../../src/connectors/kafka/records/record-batch-builder.ts'
import { encodeRecordHeaders } from '../../../../../src/connectors/kafka/records/record-headers.ts'
import { RecordRun } from '../../../../../src/connectors/kafka/records/record-run.ts'
import { PartitionCursor } from '../../../../../src/connectors/kafka/source/partition-cursor.ts'

function batchOf(values: readonly string[]): Uint8Array {
  const builder = new RecordBatchBuilder(64)
  for (const value of values) {
    builder.begin(1_000, new Uint8Array(0), -1, 0)
    builder.reserve(value.length)
    builder.bytes.set(Buffer.from(value), builder.length)
    builder.length += value.length
    builder.end(encodeRecordHeaders([]))
  }
  return builder.seal({
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    compression: 'none',
  })
}

test('a response that is read to its end is given back only when the run that points into it is empty', () => {
  const bytes = batchOf(['a', 'b', 'c'])
  let numFreed = 0
  const lease = { numChunks: 0, free: () => void numFreed++ }
  const cursor = new PartitionCursor(
    { topic: 't', partition: 0, offset: 0, stop: null, topicId: '' },
    false,
    true,
    false,
  )
  cursor.fetched(
    {
      topic: 't',
      partition: 0,
      code: 0,
      highWatermark: 3,
      lastStableOffset: 3,
      logStartOffset: 0,
      aborted: [],
      bytes,
      start: 0,
      end: bytes.length,
    },
    lease,
  )
  const run = new RecordRun(16)
  cursor.read(
    run,
    () => 16,
    () => {},
    false,
  )
  expect({ hasData: cursor.hasData, length: run.length, numFreed }).toEqual({
    hasData: false,
    length: 3,
    numFreed: 0,
  })
  cursor.releaseUsed()
  cursor.releaseUsed()
  expect(numFreed).toBe(1)
})
