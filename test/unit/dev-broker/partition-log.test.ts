/** The log against a naive model of read_committed: what a reader that follows the protocol must get from any run of transactions. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PartitionLog } from '../../../src/dev-broker/log/partition-log.ts'
import {
  type Batch,
  batchAt,
  encodeBatch,
  hasValidChecksum,
} from '../../../src/dev-broker/log/record-batch.ts'

const transactional = 0x10

function batchFor(
  producerId: number,
  epoch: number,
  sequence: number,
  recordCount: number,
  timestamp = 1000,
): Batch {
  const bytes = encodeBatch({
    attributes: producerId < 0 ? 0 : transactional,
    timestamp,
    producerId,
    producerEpoch: epoch,
    baseSequence: sequence,
    recordCount,
    // Opaque to the log: no record is ever opened on this path.
    records: Buffer.alloc(recordCount * 3, producerId & 0xff),
  })
  return batchAt(bytes, 0)!
}

/** The batch rule of kafka-exactly-once.md §3.3: aborted entries sorted by first offset, active from there to their marker. */
function readCommitted(log: PartitionLog, from: number): number[] {
  const upperBound = log.lastStableOffset
  const bytes = Buffer.concat(log.read(from, upperBound, 1 << 30, true))
  const aborted = log.abortedBetween(from, upperBound).toSorted((a, b) => a.firstOffset - b.firstOffset)
  const active = new Set<number>()
  const offsets: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const batch = batchAt(bytes, at)!
    at += batch.bytes.length
    const { header } = batch
    const lastOffset = header.baseOffset + header.lastOffsetDelta
    while (aborted[0] !== undefined && aborted[0].firstOffset <= lastOffset)
      active.add(aborted.shift()!.producerId)
    if (header.isControl) {
      if (batch.bytes.readInt16BE(68) === 0) active.delete(header.producerId)
      continue
    }
    if (header.isTransactional && active.has(header.producerId)) continue
    for (let i = 0; i < header.recordCount; i++)
      if (header.baseOffset + i >= from) offsets.push(header.baseOffset + i)
  }
  return offsets
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      producer: fc.nat(3),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('end' as const), producer: fc.nat(3), isCommit: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('plain' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
)

test('any run of transactions reads back, from any offset, as the model says', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const log = new PartitionLog()
      const sequences = [0, 0, 0, 0]
      const open = new Map<number, number[]>()
      const visible = new Set<number>()
      for (const each of steps) {
        if (each.kind === 'plain') {
          const base = log.append(batchFor(-1, -1, -1, each.count), 0)
          for (let i = 0; i < each.count; i++) visible.add(base + i)
        } else if (each.kind === 'write') {
          const batch = batchFor(each.producer, 0, sequences[each.producer]!, each.count)
          expect(log.judge(batch).kind).toBe('append')
          const base = log.append(batch, 0)
          sequences[each.producer]! += each.count
          const mine = open.get(each.producer) ?? []
          for (let i = 0; i < each.count; i++) mine.push(base + i)
          open.set(each.producer, mine)
        } else {
          log.appendMarker(each.producer, 0, each.isCommit, 0, 0, 1000)
          if (each.isCommit) for (const offset of open.get(each.producer) ?? []) visible.add(offset)
          open.delete(each.producer)
        }
      }
      const stable = Math.min(log.endOffset, ...[...open.values()].map(offsets => offsets[0]!))
      expect(log.lastStableOffset).toBe(stable)
      for (let from = 0; from <= stable; from++) {
        const expected = [...visible]
          .filter(offset => offset >= from && offset < stable)
          .toSorted((a, b) => a - b)
        expect(readCommitted(log, from)).toEqual(expected)
      }
    }),
    { numRuns: 200 },
  )
})

describe('appends', () => {
  test('rewrite offset and leader epoch and leave the rest, checksum included', () => {
    const log = new PartitionLog()
    const before = batchFor(-1, -1, -1, 3)
    const sent = Buffer.from(before.bytes)
    log.append(batchFor(-1, -1, -1, 2), 0)
    expect(log.append(before, 7)).toBe(2)
    const stored = log.batches[1]!
    expect(stored.bytes.readBigInt64BE(0)).toBe(2n)
    expect(stored.bytes.readInt32BE(12)).toBe(7)
    expect(stored.bytes.subarray(16).equals(sent.subarray(16))).toBe(true)
    expect(hasValidChecksum(stored.bytes)).toBe(true)
  })

  test('LogAppendTime replaces the time and renews the checksum', () => {
    const log = new PartitionLog()
    log.append(batchFor(-1, -1, -1, 3), 0, 123_456)
    const { bytes, maxTimestamp } = log.batches[0]!
    expect(maxTimestamp).toBe(123_456)
    expect(bytes.readBigInt64BE(35)).toBe(123_456n)
    expect(bytes.readInt16BE(21) & 0x08).toBe(0x08)
    expect(hasValidChecksum(bytes)).toBe(true)
  })
})

describe('log start', () => {
  test('whole batches before it go, the one that holds it stays', () => {
    const log = new PartitionLog()
    for (let i = 0; i < 3; i++) log.append(batchFor(-1, -1, -1, 2), 0)
    log.deleteBefore(3)
    expect(log.startOffset).toBe(3)
    expect(log.batches.map(batch => batch.baseOffset)).toEqual([2, 4])
    expect(log.endOffset).toBe(6)
  })
})
