import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowGroups } from '../../src/runtime/channels/row-groups.ts'
import { keyGroupOf, subtaskOf } from '../../src/state/key-groups.ts'
import { BatchBuilder, integerType } from '../../src/types/index.ts'

function batchOf(length: number): BatchBuilder {
  const batch = new BatchBuilder([integerType()], length)
  for (let i = 0; i < length; i++) batch.addRow()
  return batch
}

const hashes = fc.array(fc.integer(), { minLength: 1, maxLength: 300 })

test('every row goes to the owner of its key group, in the order of the batch', () => {
  fc.assert(
    fc.property(
      fc.array(hashes, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 20, max: 1000 }),
      (batches, numTargets, maxParallelism) => {
        let hash: readonly number[] = []
        const groups = new RowGroups((_, out) => out.set(hash), numTargets, maxParallelism)
        for (hash of batches) {
          groups.group(batchOf(hash.length))
          const expected = Array.from({ length: numTargets }, (): number[] => [])
          for (const [row, h] of hash.entries())
            expected[subtaskOf(keyGroupOf(h, maxParallelism), numTargets, maxParallelism)]!.push(row)
          const found = expected.map((_, t) => [
            ...groups.rows.subarray(t === 0 ? 0 : groups.ends[t - 1], groups.ends[t]),
          ])
          expect(found).toEqual(expected)
        }
        groups.release()
      },
    ),
  )
})

test('without a hash rows go to the targets in turn, from batch to batch', () => {
  const groups = new RowGroups(null, 3, 128)
  groups.group(batchOf(4))
  expect([...groups.rows.subarray(0, 4)]).toEqual([0, 3, 1, 2])
  groups.group(batchOf(2))
  expect([...groups.ends]).toEqual([0, 1, 2])
  groups.release()
})
