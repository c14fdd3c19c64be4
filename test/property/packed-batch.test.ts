/** What crosses between threads is what was sent, whatever the builder and the block held before. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PackedBlock, packBatch, unpackBatch } from '../../src/runtime/channels/packed-batch.ts'
import { BatchBuilder, integerType, rowKindNames, stringType } from '../../src/types/index.ts'
import { arbitraryValues } from '../support/arbitrary-values.ts'
import { batchOf, rowsOf } from '../support/operator-harness.ts'

const batches = fc.array(fc.nat(arbitraryValues.length - 1), { maxLength: 5 }).chain(picks =>
  fc.record({
    types: fc.constant(picks.map(pick => arbitraryValues[pick]![0])),
    batches: fc.array(
      fc.record({
        hasKinds: fc.boolean(),
        rows: fc.array(
          fc.tuple(
            fc.constantFrom(...rowKindNames),
            ...picks.map(pick => fc.option(arbitraryValues[pick]![1], { freq: 4 })),
          ),
          { maxLength: 300 },
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
)

test.each([true, false])('key hashes cross with the rows, where the reader wants them: %s', wanted => {
  const types = [integerType(), stringType()]
  const keys = [0]
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer(), fc.string()), { maxLength: 50 }), rows => {
      const sent = new BatchBuilder(types, 4, undefined, keys)
      sent.appendBatch(
        batchOf(
          types,
          rows.map(([a, b]) => ['+I', a, b]),
        ),
      )
      const hashes = rows.map(([a]) => a ^ 77)
      sent.keyHashes!.values.set(hashes)
      const packed = packBatch(sent, numBytes => new PackedBlock(new SharedArrayBuffer(numBytes)))
      const into = new BatchBuilder(types, 1, undefined, wanted ? keys : null)
      unpackBatch(packed, into)
      expect(rowsOf(types, into)).toEqual(rowsOf(types, sent))
      if (wanted) expect([...into.keyHashes!.values.subarray(0, rows.length)]).toEqual(hashes)
    }),
  )
})

test('packed and unpacked, a batch is the same', () => {
  fc.assert(
    fc.property(batches, ({ types, batches }) => {
      const into = new BatchBuilder(types)
      let block = new PackedBlock(new SharedArrayBuffer(0))
      for (const { hasKinds, rows } of batches) {
        const sent = batchOf(types, hasKinds ? rows : rows.map(([, ...values]) => ['+I', ...values]))
        const packed = packBatch(sent, numBytes => {
          if (block.buffer.byteLength < numBytes) block = new PackedBlock(new SharedArrayBuffer(numBytes))
          return block
        })
        into.reset()
        unpackBatch(packed, into)
        expect(rowsOf(types, into)).toEqual(rowsOf(types, sent))
      }
    }),
    { numRuns: 200 },
  )
})
