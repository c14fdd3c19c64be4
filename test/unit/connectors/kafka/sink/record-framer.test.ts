import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordBatchBuilder } from '../../../../../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordFramer } from '../../../../../src/connectors/kafka/sink/record-framer.ts'
import { RowsByPartition } from '../../../../../src/connectors/kafka/sink/rows-by-partition.ts'
import type { EncodedRows } from '../../../../../src/formats/format.ts'
import { kernelsOrNull } from '../../../../../src/wasm/kernels.ts'

const kernels = kernelsOrNull()!
const seal = {
  producerId: 7,
  producerEpoch: 1,
  baseSequence: 0,
  transactional: true,
  compression: 'none',
} as const

/** Encoded rows in the arena, as an encoder's kernel leaves them. */
function encoded(parts: readonly Uint8Array[]): EncodedRows & { release(): void } {
  const total = parts.reduce((sum, part) => sum + part.length, 0)
  const place = (size: number) => kernels.arena.allocate(size)!.byteOffset
  const bytesAt = place(total + 16)
  const offsetsAt = place((parts.length + 1) * 4)
  const bytes = kernels.bytes.subarray(bytesAt, bytesAt + total)
  const offsets = kernels.words.subarray(offsetsAt >> 2, (offsetsAt >> 2) + parts.length + 1)
  offsets[0] = 0
  parts.forEach((part, i) => {
    bytes.set(part, offsets[i])
    offsets[i + 1] = offsets[i]! + part.length
  })
  return {
    bytes,
    offsets,
    release() {
      kernels.arena.release(bytesAt)
      kernels.arena.release(offsetsAt)
    },
  }
}

/** One record after the other, by the reference; a batch is closed when it holds `batchBytes`. */
function reference(
  rows: readonly number[],
  values: readonly Uint8Array[],
  keys: readonly Uint8Array[] | null,
  timestamps: readonly [first: number, rest: number],
  batchBytes: number,
): Buffer[] {
  const batches: Buffer[] = []
  let builder = new RecordBatchBuilder(64)
  const close = () => {
    if (!builder.isEmpty) batches.push(Buffer.from(builder.seal(seal)))
    builder = new RecordBatchBuilder(64)
  }
  rows.forEach((row, i) => {
    const key = keys?.[row]
    builder.begin(
      timestamps[i === 0 ? 0 : 1],
      key ?? new Uint8Array(0),
      key === undefined ? -1 : 0,
      key?.length ?? 0,
    )
    builder.reserve(values[row]!.length)
    builder.bytes.set(values[row]!, builder.length)
    builder.length += values[row]!.length
    builder.end()
    if (builder.length >= batchBytes) close()
  })
  close()
  return batches
}

/** Lengths around those at which a varint grows. */
const size = fc.oneof(
  fc.nat({ max: 30 }),
  fc.integer({ min: 60, max: 70 }),
  fc.integer({ min: 8100, max: 8300 }),
)
const filled = (length: number, i: number) => new Uint8Array(length).map((_, at) => at + i)

test('batches are those of the builder, byte for byte', () => {
  const framer = new RecordFramer(kernels)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 50 }),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 0, max: 5_000_000_000 }),
      (pairs, hasKeys, reverses, batchBytes, later) => {
        const values = pairs.map(([length], i) => filled(length, i))
        const keys = hasKeys ? pairs.map(([, length], i) => filled(length, i + 99)) : null
        const order = reverses ? values.map((_, i) => values.length - 1 - i) : values.map((_, i) => i)
        const timestamps = [1_700_000_000_000, 1_700_000_000_000 + later] as const
        const encodedValues = encoded(values)
        const encodedKeys = keys === null ? null : encoded(keys)
        const rows = reverses ? Int32Array.from(order) : null
        const batches: Buffer[] = []
        let builder = new RecordBatchBuilder(64)
        const close = () => {
          if (!builder.isEmpty) batches.push(Buffer.from(builder.seal(seal)))
          builder = new RecordBatchBuilder(64)
        }
        for (let i = 0; i < order.length; ) {
          const run = { values: encodedValues, keys: encodedKeys, timestamp: timestamps[i === 0 ? 0 : 1] }
          const next = framer.append(builder, run, rows, i, i === 0 ? 1 : order.length, batchBytes, 1_000_000)
          expect(next).toBeGreaterThan(i)
          i = next
          if (builder.length >= batchBytes) close()
        }
        close()
        expect(batches).toEqual(reference(order, values, keys, timestamps, batchBytes))
        encodedValues.release()
        encodedKeys?.release()
      },
    ),
    { numRuns: 200 },
  )
  framer.release()
})

test('a record that does not fit is left out, and nothing after it is taken', () => {
  const framer = new RecordFramer(kernels)
  const values = encoded([new Uint8Array(100), new Uint8Array(3000), new Uint8Array(10)])
  const builder = new RecordBatchBuilder(64)
  const run = { values, keys: null, timestamp: 5 }
  expect(framer.append(builder, run, null, 0, 3, 16_384, 1000)).toBe(1)
  expect(builder.numRecords).toBe(1)
  expect(framer.append(builder, run, null, 1, 3, 16_384, 1000)).toBe(1)
  values.release()
  framer.release()
})

test('rows by partition: every row once, in batch order', () => {
  const sorter = new RowsByPartition()
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 60 }), partitions => {
      sorter.sort(partitions.length, 7, row => partitions[row]!)
      for (let p = 0; p < 7; p++)
        expect([...sorter.rows(p)]).toEqual(
          partitions.flatMap((partition, row) => (partition === p ? [row] : [])),
        )
    }),
  )
})
