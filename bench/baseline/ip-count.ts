/**
 * The straightforward pipeline that the engine is compared with: kafkajs' own record decoder, JSON.parse, a Map
 * by string key per window, object rows out when the watermark closes a window. Written with care, and then left
 * alone: it is never changed to improve a ratio.
 */
import { createRequire } from 'node:module'

interface KafkaJsMessage {
  readonly value: Buffer
}

const require = createRequire(import.meta.url)
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => unknown
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: unknown,
) => Promise<KafkaJsMessage[]>

export interface IpCountRow {
  readonly window_start: number
  readonly window_end: number
  readonly ip: string
  readonly request_count: number
}

const WINDOW_MS = 5000
const DELAY_MS = 5000

export interface IpCountResult {
  readonly numRecords: number
  readonly numRows: number
  /** Sum over rows of count × hash of the row, to compare contenders and to keep the work alive. */
  readonly checksum: number
}

export function rowChecksum(ip: string, windowStart: number, count: number): number {
  let hash = 0
  for (let i = 0; i < ip.length; i++) hash = (Math.imul(hash, 31) + ip.charCodeAt(i)) | 0
  return ((hash >>> 0) % 1000003) * count + (windowStart % 1000003)
}

/** `batches`: Kafka record batches (magic 2) as a fetch response carries them. */
export async function runBaseline(batches: readonly Buffer[]): Promise<IpCountResult> {
  const windows = new Map<number, Map<string, number>>()
  let watermark = Number.NEGATIVE_INFINITY
  let numRecords = 0
  let numRows = 0
  let checksum = 0
  const close = (upTo: number) => {
    const due = [...windows.keys()].filter(start => start + WINDOW_MS - 1 <= upTo).sort((a, b) => a - b)
    for (const start of due) {
      const rows: IpCountRow[] = []
      for (const [ip, count] of windows.get(start)!) {
        rows.push({ window_start: start, window_end: start + WINDOW_MS, ip, request_count: count })
      }
      windows.delete(start)
      numRows += rows.length
      for (const row of rows) checksum += rowChecksum(row.ip, row.window_start, row.request_count)
    }
  }
  for (const batch of batches) {
    const sized = Buffer.allocUnsafe(batch.length + 4)
    sized.writeInt32BE(batch.length, 0)
    batch.copy(sized, 4)
    for (const message of await decodeMessages(new Decoder(sized))) {
      const row = JSON.parse(message.value.toString()) as { event_time: string; ip: string }
      const time = Date.parse(`${row.event_time.replace(' ', 'T')}Z`)
      numRecords++
      const start = time - (time % WINDOW_MS)
      if (start + WINDOW_MS - 1 > watermark) {
        let counts = windows.get(start)
        if (counts === undefined) {
          counts = new Map()
          windows.set(start, counts)
        }
        counts.set(row.ip, (counts.get(row.ip) ?? 0) + 1)
      }
      if (time - DELAY_MS > watermark) watermark = time - DELAY_MS
    }
    close(watermark)
  }
  close(Number.POSITIVE_INFINITY)
  return { numRecords, numRows, checksum }
}
