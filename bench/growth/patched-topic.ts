/**
 * Any number of records without holding them: one record batch, of which a few digits are changed in place each time it
 * is asked for. What the making costs is counted, so that it can be taken off.
 */
import { crc32c } from '../../src/connectors/kafka/records/crc32c.ts'
import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'
import type { BatchSource } from '../in-memory-kafka.ts'

export const RECORDS_PER_BATCH = 2000
const CRC_AT = 17
const CRC_FROM = 21

/** Every value has this in it, once: the ten digits that are written over. */
export const DIGITS = '1000000000'
const OFFSET = 1_000_000_000

export interface PatchedTopic extends BatchSource {
  /** Processor time spent on making batches, so far. */
  readonly makingMs: number
  /** Records handed out, so far. */
  readonly numMade: number
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** `numberOf(n)` is written, added to 1,000,000,000, into record n: less than nine billion. */
export function patchedTopic(
  value: string,
  numRecords: number,
  numberOf: (n: number) => number,
  onBatch?: (first: number) => void,
): PatchedTopic {
  const batch = template(value)
  const view = new DataView(batch.buffer)
  const positions = digitPositions(batch)
  let makingMs = 0
  let numMade = 0
  return {
    numRecords,
    get makingMs() {
      return makingMs
    },
    get numMade() {
      return numMade
    },
    batches: {
      at(index) {
        const first = index * RECORDS_PER_BATCH
        if (first >= numRecords) return undefined
        onBatch?.(first)
        const start = threadCpuMs()
        view.setBigInt64(0, BigInt(first))
        for (let i = 0; i < RECORDS_PER_BATCH; i++)
          writeDigits(batch, positions[i]!, OFFSET + numberOf(first + i))
        view.setUint32(CRC_AT, crc32c(batch.subarray(CRC_FROM)) >>> 0)
        makingMs += threadCpuMs() - start
        numMade = first + RECORDS_PER_BATCH
        return batch
      },
    },
  }
}

function template(value: string): Uint8Array {
  const bytes = Buffer.from(value)
  const builder = new RecordBatchBuilder(RECORDS_PER_BATCH * (bytes.length + 32))
  const noKey = new Uint8Array(0)
  for (let i = 0; i < RECORDS_PER_BATCH; i++) {
    builder.begin(Date.UTC(2025, 0, 1), noKey, -1, -1)
    builder.reserve(bytes.length)
    builder.bytes.set(bytes, builder.length)
    builder.length += bytes.length
    builder.end()
  }
  const header = { producerId: -1, producerEpoch: -1, baseSequence: -1, transactional: false }
  return Uint8Array.from(builder.seal({ ...header, compression: 'none' }))
}

function digitPositions(batch: Uint8Array): Int32Array {
  const positions = new Int32Array(RECORDS_PER_BATCH)
  const buffer = Buffer.from(batch.buffer)
  for (let i = 0, from = 0; i < RECORDS_PER_BATCH; i++) {
    positions[i] = buffer.indexOf(DIGITS, from)
    from = positions[i]! + DIGITS.length
  }
  return positions
}

function writeDigits(bytes: Uint8Array, at: number, value: number): void {
  for (let i = at + DIGITS.length - 1; i >= at; i--) {
    const rest = Math.floor(value / 10)
    bytes[i] = 48 + value - rest * 10
    value = rest
  }
}
