/**
 * The ceiling: a loop written by hand for just the count per IP and 5 s window, with the engine's kernels for records
 * and JSON but nothing general behind them. Keys of up to 16 bytes stand in the hash table itself, a row is written by
 * templates, one partition, no watermark but the largest time, no checkpoint. What the engine costs more is the
 * price of being general.
 */

import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordDecoder } from '../../src/connectors/kafka/records/record-decoder.ts'
import { RecordRun } from '../../src/connectors/kafka/records/record-run.ts'
import { ResponsePool } from '../../src/connectors/kafka/transport/response-pool.ts'
import { jsonFormat } from '../../src/formats/json/index.ts'
import {
  BATCH_ROWS,
  type BytesColumn,
  createColumns,
  type Float64Column,
  stringType,
  timestampType,
  writeTimestamp,
} from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { InMemoryTopic } from '../in-memory-kafka.ts'

const WINDOW_MS = 5000
const DELAY_MS = 5000
const BATCH_BYTES = 512 * 1024

/** Words of a slot: four of the key, its length (0 = empty), the count, two unused: one cache line holds two slots. */
const SLOT_WORDS = 8
const LENGTH_AT = 4
const COUNT_AT = 5

class Groups {
  words = new Int32Array(32_768 * SLOT_WORDS)
  size = 0

  add(view: DataView, at: number, length: number): void {
    const w0 = view.getInt32(at, true)
    const w1 = view.getInt32(at + 4, true)
    const w2 = view.getInt32(at + 8, true) & (length < 12 ? (1 << ((length - 8) * 8)) - 1 : -1)
    const w3 = length > 12 ? view.getInt32(at + 12, true) & ((1 << ((length - 12) * 8)) - 1) : 0
    let h = Math.imul(w0, 0x9e3779b1) ^ Math.imul(w1, 0x85ebca6b) ^ Math.imul(w2, 0xc2b2ae35) ^ w3
    h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
    h ^= h >>> 13
    const { words } = this
    const mask = words.length / SLOT_WORDS - 1
    for (let slot = h & mask; ; slot = (slot + 1) & mask) {
      const s = slot * SLOT_WORDS
      if (
        words[s + LENGTH_AT] === length &&
        words[s] === w0 &&
        words[s + 1] === w1 &&
        words[s + 2] === w2 &&
        words[s + 3] === w3
      ) {
        words[s + COUNT_AT]!++
        return
      }
      if (words[s + LENGTH_AT] !== 0) continue
      words[s] = w0
      words[s + 1] = w1
      words[s + 2] = w2
      words[s + 3] = w3
      words[s + LENGTH_AT] = length
      words[s + COUNT_AT] = 1
      this.size++
      if (this.size * 2 > words.length / SLOT_WORDS)
        throw new Error('more groups than this loop was written for')
      return
    }
  }
}

class Output {
  readonly #builder = new RecordBatchBuilder(BATCH_BYTES * 2)
  readonly #head = new Uint8Array(128)
  readonly #noKey = new Uint8Array(0)
  numRows = 0
  numBytes = 0

  write(start: number, { words }: Groups): void {
    const bytes = new Uint8Array(words.buffer)
    const head = this.#head
    let headLength = put(head, 0, '{"window_start":"')
    headLength = put(head, writeTimestamp(head, headLength, start, 0, 32), '","window_end":"')
    headLength = put(head, writeTimestamp(head, headLength, start + WINDOW_MS, 0, 32), '","ip":"')
    const template = head.subarray(0, headLength)
    const builder = this.#builder
    for (let s = 0; s < words.length; s += SLOT_WORDS) {
      const length = words[s + LENGTH_AT]!
      if (length === 0) continue
      builder.begin(1_700_000_000_000, this.#noKey, -1, -1)
      builder.reserve(headLength + 64)
      const out = builder.bytes
      let at = builder.length
      out.set(template, at)
      at += headLength
      for (let i = 0; i < length; i++) out[at++] = bytes[s * 4 + i]!
      at = put(out, at, '","request_count":')
      at = put(out, at, String(words[s + COUNT_AT]!))
      out[at++] = 125
      builder.length = at
      builder.end()
      this.numRows++
      if (builder.length > BATCH_BYTES) this.seal()
    }
  }

  seal(): void {
    if (this.#builder.isEmpty) return
    const identity = { producerId: 1, producerEpoch: 0, baseSequence: 0 }
    this.numBytes += this.#builder.seal({ ...identity, transactional: true, compression: 'none' }).length
    this.#builder.reset()
  }
}

function put(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i)
  return at
}

/** Counts a topic of access-log records; returns how many rows it wrote. */
export function runCeiling({ batches }: InMemoryTopic): number {
  const memory = columnMemory()
  const pool = new ResponsePool()
  const records = new RecordDecoder('t', 0, true)
  const run = new RecordRun(BATCH_ROWS, memory, true)
  const fields = [
    { name: 'event_time', type: timestampType(3) },
    { name: 'ip', type: stringType() },
  ]
  const json = jsonFormat.createDecoder({ fields, wanted: [0, 1] }, { options: {}, timeZone: 'UTC' })
  const columns = createColumns(
    fields.map(({ type }) => type),
    BATCH_ROWS,
    memory,
  )
  const [times, ips] = columns as [Float64Column, BytesColumn]
  const rowRecords = new Int32Array(BATCH_ROWS)
  const windows = new Map<number, Groups>()
  const out = new Output()
  let newest = Number.NEGATIVE_INFINITY
  const close = (upTo: number) => {
    for (const [start, groups] of windows) {
      if (start + WINDOW_MS - 1 > upTo) continue
      out.write(start, groups)
      windows.delete(start)
    }
  }
  for (const batch of batches) {
    const bytes = pool.allocate(batch.length)
    bytes.set(batch)
    const response = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    records.openHeader(response, 0, response.length)
    records.openRecords(response)
    run.bytes = records.bytes
    while (!records.exhausted) {
      run.length = 0
      records.decode(run, 0, Number.POSITIVE_INFINITY)
      const count = json.decode(run.values, 0, run.length, columns, rowRecords, 0)
      const view = new DataView(ips.bytes.buffer, ips.bytes.byteOffset, ips.bytes.byteLength)
      let start = Number.NaN
      let groups: Groups | undefined
      for (let row = 0; row < count; row++) {
        const time = times.values[row]!
        if (!(time >= start && time < start + WINDOW_MS)) {
          start = time - (time % WINDOW_MS)
          groups = windows.get(start)
          if (groups === undefined) windows.set(start, (groups = new Groups()))
        }
        if (time > newest) newest = time
        groups!.add(view, ips.offsets[row]!, ips.offsets[row + 1]! - ips.offsets[row]!)
      }
      close(newest - DELAY_MS)
    }
    pool.recycle(response)
  }
  close(Number.POSITIVE_INFINITY)
  out.seal()
  pool.close()
  run.release()
  json.close?.()
  for (const column of columns) column.release()
  return out.numRows
}
