/** Access-log records of about 165 bytes in Kafka record batches: 10,000 IPs, five records for each and window. */
import { RecordBatchBuilder } from '../src/connectors/kafka/records/record-batch-builder.ts'
import type { InMemoryTopic } from './in-memory-kafka.ts'

const RECORDS_PER_BATCH = 500
const START_MS = Date.UTC(2025, 0, 1)
/** 10,000 IPs × 5 records in each 5 s window. */
const RECORDS_PER_MS = 10

const pad = (value: number, width: number) => String(value).padStart(width, '0')

function scattered(n: number): string {
  const ip = Math.imul(n, 0x9e3779b1) >>> 0
  return `10.${20 + (ip % 4)}.${(ip >>> 8) % 50}.${(ip >>> 16) % 50}`
}

/** Each of 10,000 addresses once in 10,000 records, in an order that looks random. */
export function evenly(n: number): string {
  const ip = (n * 7919) % 10_000
  return `10.${20 + (ip % 4)}.${(ip >>> 2) % 50}.${Math.floor(ip / 200)}`
}

/** The n-th line of the log. Times only grow. */
export function accessLogRecord(n: number, address: string): string {
  const time = new Date(START_MS + Math.floor(n / RECORDS_PER_MS)).toISOString()
  return `{"event_time":"${time.slice(0, 10)} ${time.slice(11, 23)}","ip":"${address}","method":"GET","path":"/shop/item/${pad(n % 5000, 4)}","status":200,"bytes":${1000 + ((n * 37) % 90000)},"user_agent":"Mozilla/5.0 (X11)"}`
}

export function accessLog(numRecords: number): InMemoryTopic {
  const batches: Uint8Array[] = []
  const noKey = new Uint8Array(0)
  for (let first = 0; first < numRecords; first += RECORDS_PER_BATCH) {
    const builder = new RecordBatchBuilder(128 * 1024)
    for (let n = first; n < Math.min(first + RECORDS_PER_BATCH, numRecords); n++) {
      const value = Buffer.from(accessLogRecord(n, scattered(n)))
      builder.begin(START_MS + n, noKey, -1, -1)
      builder.reserve(value.length)
      builder.bytes.set(value, builder.length)
      builder.length += value.length
      builder.end()
    }
    const bytes = Uint8Array.from(
      builder.seal({
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        transactional: false,
        compression: 'none',
      }),
    )
    // The broker writes the base offset; this one is ours.
    new DataView(bytes.buffer).setBigInt64(0, BigInt(first))
    batches.push(bytes)
  }
  return { batches, numRecords }
}
