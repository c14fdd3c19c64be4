/**
 * State files. Laws: reading gives back the rows that were written, for every type; a file that is cut off is
 * refused; a changed byte inside a page is refused.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MillraceError } from '../../src/errors/index.ts'
import { readTable } from '../../src/state/snapshot/read-table.ts'
import { writeTable } from '../../src/state/snapshot/write-table.ts'
import type { StateSchema } from '../../src/state/state-io.ts'
import { bigintType, integerType, type LogicalType, stringType } from '../../src/types/index.ts'
import { arbitraryValues } from '../support/arbitrary-values.ts'
import { batchOf, rowsOf } from '../support/operator-harness.ts'

const table = fc.array(fc.nat(arbitraryValues.length - 1), { minLength: 1, maxLength: 5 }).chain(picks =>
  fc.record({
    types: fc.constant(picks.map(pick => arbitraryValues[pick]![0])),
    batches: fc.array(
      fc.array(fc.tuple(...picks.map(pick => fc.option(arbitraryValues[pick]![1], { freq: 4 }))), {
        maxLength: 20,
      }),
      { maxLength: 4 },
    ),
  }),
)

const schemaOf = (types: readonly LogicalType[]): StateSchema => ({
  name: 'test',
  version: 1,
  keyed: false,
  columns: types.map((type, c) => ({ name: `column${c}`, type })),
})

test('what is read is what was written', () => {
  fc.assert(
    fc.property(table, ({ types, batches }) => {
      const schema = schemaOf(types)
      const bytes = writeTable(
        schema,
        batches.map(rows => batchOf(types, rows)),
      )
      const read = [...readTable(bytes, schema)].map(batch => rowsOf(types, batch))
      expect(read.flat()).toEqual(batches.flat().map(row => ['+I', ...row]))
    }),
    { numRuns: 300 },
  )
})

test('a damaged file is refused', () => {
  const types = [integerType(), stringType()]
  const schema = schemaOf(types)
  const bytes = writeTable(schema, [
    batchOf(
      types,
      Array.from({ length: 50 }, (_, i) => [i, `value ${i}`]),
    ),
  ])
  const read = (damaged: Uint8Array) => () => [...readTable(damaged, schema)]
  const refused = expect.objectContaining({ code: 'MR_STATE_CORRUPT' })
  for (let length = 0; length < bytes.length; length++) expect(read(bytes.slice(0, length))).toThrow(refused)
  for (let at = 4; at < 800; at++) {
    const damaged = bytes.slice()
    damaged[at]! ^= 0x10
    try {
      // A change in an unused header field may be harmless; the rows must then be right.
      expect(read(damaged)()).toEqual(read(bytes)())
    } catch (error) {
      expect(error).toBeInstanceOf(MillraceError)
    }
  }
  expect(() => [...readTable(bytes, schemaOf([integerType(), bigintType()]))]).toThrow(refused)
})
