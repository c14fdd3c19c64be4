/**
 * The record-batch decoder, behind the cursor that the source reads a partition with, against a slow decoder that
 * checks every bound. With the CRC left alone, made right again, or not checked; compressed data may also be refused.
 */
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { CRC_AT, writeInt32, writeInt64 } from '../../src/connectors/kafka/records/batch-header.ts'
import { type CompressionType, compressionTypes } from '../../src/connectors/kafka/records/compression.ts'
import { crc32c } from '../../src/connectors/kafka/records/crc32c.ts'
import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'
import { encodeRecordHeaders, readRecordHeaders } from '../../src/connectors/kafka/records/record-headers.ts'
import { RecordRun } from '../../src/connectors/kafka/records/record-run.ts'
import { PartitionCursor } from '../../src/connectors/kafka/source/partition-cursor.ts'
import { MillraceError } from '../../src/errors/index.ts'
import { type ColumnMemory, heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { Random } from '../../test/support/random.ts'
import { withAllocationLimit } from '../allocation-meter.ts'
import { mutate } from '../mutate.ts'
import {
  BadBatch,
  type ReferenceBatch,
  type ReferenceRecord,
  readBatches,
  Undecided,
} from '../reference/record-batch.ts'
import { type Case, Finding, type Target } from '../target.ts'

interface Setup {
  readonly checkCrc: boolean
  /** The CRCs of whole batches are computed anew after the damage: as a hostile writer would. */
  readonly reseal: boolean
  /** Offset the reader asks for. */
  readonly from: number
  /** Records a run holds. */
  readonly capacity: number
}

const MAX_BYTES = 64 * 1024 * 1024

function decompressed(codec: number, bytes: Uint8Array): Uint8Array {
  try {
    if (codec === 1) return new Uint8Array(gunzipSync(bytes, { maxOutputLength: MAX_BYTES }))
    if (codec === 4) return new Uint8Array(zstdDecompressSync(bytes, { maxOutputLength: MAX_BYTES }))
  } catch {
    throw new BadBatch('decompression')
  }
  if (codec > 4) throw new BadBatch('an unknown codec')
  // Of snappy and lz4 there is no second decoder here.
  throw new Undecided()
}

/** Of a control batch the product reads no more than it must: a broken one may pass. */
function checkControl(batch: ReferenceBatch): void {
  try {
    batch.records()
  } catch (error) {
    throw error instanceof BadBatch ? new Undecided() : error
  }
}

interface Answer {
  readonly records: readonly ReferenceRecord[]
  /** Refused behind these records. */
  readonly refused: boolean
}

function expectedAnswer(bytes: Uint8Array, { checkCrc, from }: Setup): Answer {
  const records: ReferenceRecord[] = []
  let last = -1n
  try {
    for (const batch of readBatches(bytes, checkCrc, decompressed)) {
      if (batch.baseOffset <= last) throw new BadBatch('not behind the batch before')
      last = batch.lastOffset
      if (batch.isControl) checkControl(batch)
      else if (last >= BigInt(from))
        records.push(...batch.records().filter(({ offset }) => offset >= BigInt(from)))
    }
  } catch (error) {
    if (!(error instanceof BadBatch)) throw error
    return { records, refused: true }
  }
  return { records, refused: bytes.length > 0 && last < BigInt(from) }
}

/** Batches and runs in the arena are decoded by the WebAssembly kernel, on the heap by JavaScript. */
function actualAnswer(bytes: Uint8Array, { checkCrc, from, capacity }: Setup, memory: ColumnMemory): Answer {
  const position = { topic: 't', partition: 0, offset: from, stop: null, topicId: '' }
  const cursor = new PartitionCursor(position, false, checkCrc, false)
  const records: ReferenceRecord[] = []
  // The response goes on behind the partition: what follows must not be read.
  const { buffer, byteOffset } = memory.allocate(bytes.length + 40)
  const response = new Uint8Array(buffer, byteOffset, bytes.length + 40).fill(0x02)
  response.set(bytes, 20)
  const fetched = {
    topic: 't',
    partition: 0,
    code: 0,
    highWatermark: 10,
    lastStableOffset: 10,
    logStartOffset: 0,
  }
  const run = new RecordRun(capacity, memory)
  const take = () => {
    for (let i = 0; i < run.length; i++) records.push(recordOf(run, i))
    run.length = 0
  }
  try {
    cursor.fetched({ ...fetched, aborted: [], bytes: response, start: 20, end: 20 + bytes.length })
    while (cursor.hasData) {
      cursor.read(run, () => capacity, take, false)
      take()
    }
  } catch (error) {
    take()
    if (error instanceof MillraceError && error.family === 'runtime') return { records, refused: true }
    throw error
  } finally {
    memory.release(response)
    run.release()
  }
  return { records, refused: false }
}

function recordOf(run: RecordRun, i: number): ReferenceRecord {
  const slice = (start: number, end: number) => (start < 0 ? null : run.bytes.slice(start, end))
  const headers = readRecordHeaders(run.bytes, run.headerStarts[i]!, run.headerEnds[i]!)
  return {
    offset: BigInt(run.offsets[i]!),
    timestamp: BigInt(run.timestamps[i]!),
    key: slice(run.keyStarts[i]!, run.keyEnds[i]!),
    value: slice(run.valueStarts[i]!, run.valueEnds[i]!),
    headers: headers === undefined ? 'broken' : headers.map(({ key, value }) => [key, value] as const),
  }
}

/** Batches as far as their length fields lead, with their CRCs made right. */
function resealed(bytes: Uint8Array): Uint8Array {
  const result = bytes.slice()
  const view = new DataView(result.buffer)
  for (let at = 0; at + 61 <= result.length; ) {
    const end = at + 12 + view.getInt32(at + 8)
    if (end < at + 61 || end > result.length) break
    writeInt32(result, at + CRC_AT, crc32c(result.subarray(at + 21, end)))
    at = end
  }
  return result
}

function check(input: Case): void {
  for (const memory of [heapMemory, columnMemory()]) checkIn(memory, input)
}

function checkIn(memory: ColumnMemory, input: Case): void {
  const setup = input.setup as Setup
  const bytes = setup.reseal ? resealed(input.parts[0]!) : input.parts[0]!
  const actual = withAllocationLimit(MAX_BYTES, () => actualAnswer(bytes, setup, memory))
  let expected: Answer
  try {
    expected = expectedAnswer(bytes, setup)
  } catch (error) {
    if (error instanceof Undecided) return
    throw error
  }
  const safe = (answer: Answer) =>
    answer.records.every(({ offset, timestamp }) => isSafe(offset) && isSafe(timestamp))
  if (actual.refused !== expected.refused)
    throw new Finding(
      `${actual.refused ? 'refused' : 'accepted'}, expected ${expected.refused ? 'refused' : 'accepted'}`,
    )
  // Rows read before a broken record of a batch may have been handed out: all of them are of the batches expected.
  const whole = expected.records.length
  if (!safe(expected) || !safe(actual)) return
  if (actual.records.length < whole || (!actual.refused && actual.records.length !== whole))
    throw new Finding(`${actual.records.length} records, expected ${whole}`)
  for (let i = 0; i < whole; i++)
    if (!isDeepStrictEqual(actual.records[i], expected.records[i])) throw new Finding(`record ${i} differs`)
}

const isSafe = (value: bigint) => value < 2n ** 53n && value > -(2n ** 53n)

function buildBatch(random: Random, baseOffset: number): { bytes: Uint8Array; numRecords: number } {
  const builder = new RecordBatchBuilder(64)
  const numRecords = 1 + random.below(random.chance(0.1) ? 200 : 5)
  for (let i = 0; i < numRecords; i++) {
    const key = Buffer.from('k'.repeat(random.below(random.chance(0.1) ? 200 : 6)))
    builder.begin(
      1_700_000_000_000 + random.below(100_000) - 50_000,
      key,
      random.chance(0.2) ? -1 : 0,
      key.length,
    )
    const headers = Array.from({ length: random.chance(0.3) ? random.below(4) : 0 }, () => ({
      key: 'h'.repeat(random.below(5)),
      value: random.chance(0.3) ? null : new Uint8Array(random.below(5)),
    }))
    const section = encodeRecordHeaders(headers)
    if (random.chance(0.1)) builder.endNull(section)
    else {
      const value = Buffer.from('v'.repeat(random.below(random.chance(0.1) ? 5000 : 70)))
      builder.reserve(value.length)
      builder.bytes.set(value, builder.length)
      builder.length += value.length
      builder.end(section)
    }
  }
  const compression: CompressionType = random.chance(0.6) ? 'none' : random.pick(compressionTypes)
  const identity = { producerId: random.pick([-1, 7]), producerEpoch: 0, baseSequence: 0 }
  const bytes = builder.seal({ ...identity, transactional: random.chance(0.3), compression }).slice()
  writeInt64(bytes, 0, baseOffset)
  return { bytes, numRecords }
}

export const recordBatch: Target = {
  name: 'record-batch',
  doc: 'record batches of fetch responses against a decoder that checks every bound',
  numUnitCases: 400,
  generate(random) {
    const from = random.pick([0, 0, 0, 3, 100])
    const batches: Uint8Array[] = []
    let offset = from - random.below(Math.min(from, 2) + 1)
    for (let i = 1 + random.below(3); i > 0; i--) {
      const { bytes, numRecords } = buildBatch(random, offset)
      batches.push(bytes)
      offset += numRecords + (random.chance(0.1) ? 5 : 0)
    }
    const whole = new Uint8Array(Buffer.concat(batches))
    const setup: Setup = {
      checkCrc: random.chance(0.5),
      reseal: random.chance(0.7),
      from,
      capacity: random.pick([1, 7, 4096]),
    }
    return { setup, parts: [random.chance(0.1) ? whole : mutate(whole, random)] }
  },
  check,
}
