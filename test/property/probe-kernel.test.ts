/**
 * The probe against a Map where hashes do not help: all keys have one of two, so that every row is told apart by its
 * bytes. Columns end with their last value, or go on behind it.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { probeKernel } from '../../src/state/keys/probe-kernel.ts'
import { KeyedTable } from '../../src/state/table/keyed-table.ts'
import { BytesColumn, bigintType, stringType } from '../../src/types/index.ts'

const key = fc.option(fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é'), maxLength: 40 }), {
  freq: 20,
})
const batch = fc.record({ keys: fc.array(key, { maxLength: 80 }), tight: fc.boolean(), insert: fc.boolean() })

function columnOf(keys: readonly (string | null)[], tight: boolean): BytesColumn {
  const column = new BytesColumn(Math.max(1, keys.length))
  keys.forEach((text, row) => {
    const bytes = Buffer.from(text ?? '')
    if (text === null) column.appendNull(row)
    else column.append(row, bytes, 0, bytes.length)
  })
  if (tight) column.bytes = column.bytes.slice(0, column.offsets[keys.length]!)
  return column
}

test('keys of one hash are told apart by their bytes', () => {
  const probe = probeKernel(['bytes'])
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), fc.boolean(), (batches, sameHash) => {
      const table = new KeyedTable([stringType()], [bigintType()])
      const known = new Map<string | null, number>()
      for (const { keys, tight, insert } of batches) {
        const rows = Int32Array.from(keys.keys())
        const ids = new Int32Array(keys.length)
        const hashes = Int32Array.from(keys, text => (sameHash ? 7 : Buffer.byteLength(text ?? '') % 2))
        probe(table, [columnOf(keys, tight)], rows, keys.length, hashes, ids, insert)
        keys.forEach((text, row) => {
          if (insert && !known.has(text)) known.set(text, ids[row]!)
          expect(ids[row]).toBe(known.get(text) ?? -1)
        })
      }
      expect(new Set(known.values()).size).toBe(known.size)
      expect(table.size).toBe(known.size)
    }),
    { numRuns: 300 },
  )
})
