import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { compressionTypes } from '../../../../../src/connectors/kafka/records/compression.ts'
import { crc32c, crc32cInJavaScript } from '../../../../../src/connectors/kafka/records/crc32c.ts'
import { RecordBatchBuilder } from '../../../../../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordDecoder } from '../../../../../src/connectors/kafka/records/record-decoder.ts'
import {
  encodeRecordHeaders,
  type RecordHeader,
  readRecordHeaders,
} from '../../../../../src/connectors/kafka/records/record-headers.ts'
import { RecordRun } from '../../../../../src/connectors/kafka/records/record-run.ts'
import { type ColumnMemory, heapMemory } from '../../../../../src/types/index.ts'
import { memories } from '../../../../support/memories.ts'

const require = createRequire(import.meta.url)

interface Rec {
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

const seal = {
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  transactional: false,
  compression: 'none',
} as const

function append(builder: RecordBatchBuilder, { timestamp, key, value, headers }: Rec): void {
  builder.begin(timestamp, key ?? new Uint8Array(0), key === null ? -1 : 0, key?.length ?? 0)
  const section = encodeRecordHeaders(headers)
  if (value === null) {
    builder.endNull(section)
    return
  }
  builder.reserve(value.length)
  builder.bytes.set(value, builder.length)
  builder.length += value.length
  builder.end(section)
}

function build(
  records: readonly Rec[],
  options: Parameters<RecordBatchBuilder['seal']>[0] = seal,
): Uint8Array {
  const builder = new RecordBatchBuilder(64)
  for (const record of records) append(builder, record)
  return builder.seal(options)
}

/** Batches and runs on the heap are decoded by JavaScript, in the arena by the WebAssembly kernel. */
let memory: ColumnMemory = heapMemory

function placed(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset } = memory.allocate(bytes.length)
  const copy = new Uint8Array(buffer, byteOffset, bytes.length)
  copy.set(bytes)
  return copy
}

function decodeAll(
  source: Uint8Array,
  from = 0,
  to = Number.POSITIVE_INFINITY,
  capacity = 7,
): (Rec & { offset: number })[] {
  const decoder = new RecordDecoder('t', 3, true)
  const bytes = placed(source)
  const found: (Rec & { offset: number })[] = []
  for (let at = 0; decoder.openHeader(bytes, at, bytes.length); at = decoder.header.end) {
    decoder.openRecords(bytes)
    while (!decoder.exhausted) {
      const run = new RecordRun(capacity, memory)
      run.bytes = decoder.bytes
      decoder.decode(run, from, to)
      for (let i = 0; i < run.length; i++) {
        const slice = (start: number, end: number): Uint8Array | null =>
          start < 0 ? null : new Uint8Array(run.bytes.subarray(start, end))
        found.push({
          offset: run.offsets[i]!,
          timestamp: run.timestamps[i]!,
          key: slice(run.keyStarts[i]!, run.keyEnds[i]!),
          value: slice(run.valueStarts[i]!, run.valueEnds[i]!),
          headers: readRecordHeaders(run.bytes, run.headerStarts[i]!, run.headerEnds[i]!)!,
        })
      }
      run.release()
    }
  }
  memory.release(bytes)
  return found
}

const bytesArbitrary = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ minLength: 60, maxLength: 70 }),
  fc.constant(new Uint8Array(9000).fill(65)),
)
const recordArbitrary: fc.Arbitrary<Rec> = fc.record({
  timestamp: fc.oneof(
    fc.integer({ min: 0, max: 2 ** 31 }),
    fc.maxSafeInteger().map(v => (Math.abs(v) / 2) | 0),
    fc.integer({ min: 0, max: 253402300799999 }),
  ),
  key: fc.option(bytesArbitrary),
  value: fc.option(bytesArbitrary),
  headers: fc.array(
    fc.record({ key: fc.string({ maxLength: 5 }), value: fc.option(fc.uint8Array({ maxLength: 5 })) }),
    {
      maxLength: 3,
    },
  ),
})

describe.each(memories)('record batch by %s', (_, kind) => {
  beforeAll(() => {
    memory = kind
  })

  test('what is written is read back, with every codec', () => {
    fc.assert(
      fc.property(
        fc.array(recordArbitrary, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...compressionTypes),
        (records, compression) => {
          const found = decodeAll(build(records, { ...seal, compression }))
          expect(found).toEqual(records.map((record, offset) => ({ ...record, offset })))
        },
      ),
      { numRuns: 120 },
    )
  })

  test('kafkajs decodes what we encode', async () => {
    const Decoder = require('kafkajs/src/protocol/decoder.js')
    const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder.js')
    await fc.assert(
      fc.asyncProperty(fc.array(recordArbitrary, { minLength: 1, maxLength: 20 }), async records => {
        const bytes = Buffer.from(
          build(records, { ...seal, producerId: 7, producerEpoch: 3, baseSequence: 11, transactional: true }),
        )
        const result = await decodeBatch(new Decoder(bytes))
        expect(result.producerId).toBe('7')
        expect(result.producerEpoch).toBe(3)
        expect(result.inTransaction).toBe(true)
        expect(
          result.records.map((r: Record<string, unknown>) => [
            r['timestamp'],
            r['key'],
            r['value'],
            r['offset'],
          ]),
        ).toEqual(
          records.map((r, i) => [
            String(r.timestamp),
            r.key === null ? null : Buffer.from(r.key),
            r.value === null ? null : Buffer.from(r.value),
            String(i),
          ]),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('we decode what kafkajs encodes', async () => {
    const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js')
    const Record = require('kafkajs/src/protocol/recordBatch/record/v0/index.js')
    await fc.assert(
      fc.asyncProperty(fc.array(recordArbitrary, { minLength: 1, maxLength: 20 }), async records => {
        const firstTimestamp = Math.min(...records.map(r => r.timestamp))
        const encoded = await RecordBatch({
          firstTimestamp,
          maxTimestamp: Math.max(...records.map(r => r.timestamp)),
          lastOffsetDelta: records.length - 1,
          records: records.map((r, i) =>
            Record({
              offsetDelta: i,
              timestampDelta: r.timestamp - firstTimestamp,
              key: r.key === null ? null : Buffer.from(r.key),
              value: r.value === null ? null : Buffer.from(r.value),
              headers: {},
            }),
          ),
        })
        const found = decodeAll(new Uint8Array(encoded.buffer))
        expect(found).toEqual(records.map((r, offset) => ({ ...r, headers: [], offset })))
      }),
      { numRuns: 60 },
    )
  })

  test('records outside the wanted offsets are dropped; a partial last batch is normal', () => {
    const one = (n: number): Rec => ({ timestamp: n, key: null, value: Uint8Array.of(n), headers: [] })
    const whole = build([one(0), one(1), one(2), one(3), one(4)])
    expect(decodeAll(whole, 2, 4).map(r => r.offset)).toEqual([2, 3])
    const joined = new Uint8Array(whole.length * 2 - 5)
    joined.set(whole)
    joined.set(whole.subarray(0, whole.length - 5), whole.length)
    expect(decodeAll(joined)).toHaveLength(5)
  })

  test('the last record can be moved to another batch', () => {
    fc.assert(
      fc.property(fc.array(recordArbitrary, { minLength: 2, maxLength: 9 }), records => {
        const first = new RecordBatchBuilder(64)
        for (const record of records) append(first, record)
        const second = new RecordBatchBuilder(64)
        first.moveLastTo(second)
        const found = [...decodeAll(first.seal(seal)), ...decodeAll(second.seal(seal))]
        expect(found.map(({ offset: _, ...record }) => record)).toEqual(records)
      }),
    )
  })

  test('LogAppendTime gives every record the batch time', () => {
    const bytes = build([
      { timestamp: 5, key: null, value: null, headers: [] },
      { timestamp: 9, key: null, value: null, headers: [] },
    ])
    bytes[22]! |= 0x08
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(17, crc32c(bytes.subarray(21)))
    expect(decodeAll(bytes).map(r => r.timestamp)).toEqual([9, 9])
  })

  test('any flipped bit after the length is found by the CRC and named', () => {
    const bytes = build([{ timestamp: 5, key: Uint8Array.of(1, 2), value: Uint8Array.of(3), headers: [] }])
    for (let at = 17; at < bytes.length; at++) {
      const broken = bytes.slice()
      broken[at]! ^= 0x10
      expect(() => decodeAll(broken)).toThrow(/topic 't' partition 3 at offset 0/)
    }
  })

  test('broken record bytes never read outside the batch', () => {
    const bytes = build([
      { timestamp: 5, key: Uint8Array.of(1, 2), value: new Uint8Array(40), headers: [] },
      { timestamp: 6, key: null, value: new Uint8Array(3), headers: [{ key: 'a', value: null }] },
    ])
    fc.assert(
      fc.property(
        fc.integer({ min: 61, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const broken = placed(bytes)
          broken[at]! ^= flip
          const decoder = new RecordDecoder('t', 3, false)
          decoder.openHeader(broken, 0, broken.length)
          decoder.openRecords(broken)
          const run = new RecordRun(10, memory)
          try {
            decoder.decode(run, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
          } catch (error) {
            expect(error).toMatchObject({ code: 'MR_KAFKA_CORRUPT_BATCH' })
            return
          }
          for (let i = 0; i < run.length; i++) {
            expect(run.valueEnds[i]!).toBeLessThanOrEqual(broken.length)
            expect(run.keyEnds[i]!).toBeLessThanOrEqual(broken.length)
          }
        },
      ),
    )
  })

  test('a corrupt compressed batch is a coded error', () => {
    const bytes = build([{ timestamp: 5, key: null, value: new Uint8Array(50), headers: [] }], {
      ...seal,
      compression: 'gzip',
    })
    bytes.fill(0, 61)
    const decoder = new RecordDecoder('t', 3, false)
    decoder.openHeader(bytes, 0, bytes.length)
    expect(() => decoder.openRecords(bytes)).toThrow(/decompression failed/)
  })

  test('the CRC fallback agrees with the native one', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), b => crc32cInJavaScript(b) === crc32c(b)))
    const big = new Uint8Array(readFileSync(import.meta.filename))
    expect(crc32cInJavaScript(big)).toBe(crc32c(big))
  })

  test('a batch of 130,000 records', () => {
    const builder = new RecordBatchBuilder()
    for (let i = 0; i < 130_000; i++) {
      builder.begin(i, new Uint8Array(0), -1, -1)
      builder.reserve(1)
      builder.bytes[builder.length++] = i & 0xff
      builder.end()
    }
    const found = decodeAll(builder.seal(seal), 0, Number.POSITIVE_INFINITY, 4096)
    expect(found).toHaveLength(130_000)
    expect(found[129_999]).toMatchObject({ offset: 129_999, value: Uint8Array.of(129_999 & 0xff) })
  })
})
