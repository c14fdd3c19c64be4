import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  appendSelected,
  BatchBuilder,
  bigintType,
  doubleType,
  int32sOf,
  integerType,
  type LogicalType,
  type PlainValue,
  stringType,
  writePlain,
} from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import { copyByKernel } from '../../src/wasm/copy-selected.ts'

const kinds = [
  { type: integerType(), value: fc.option(fc.integer()) },
  { type: bigintType(), value: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })) },
  { type: doubleType(), value: fc.option(fc.double({ noNaN: true })) },
  { type: stringType(), value: fc.option(fc.string({ maxLength: 40 })) },
  { type: stringType(), value: fc.string({ maxLength: 200 }) },
] as const
const types: readonly LogicalType[] = kinds.map(({ type }) => type)

const batches = fc.array(
  fc.record({
    rows: fc.array(fc.tuple(...kinds.map(({ value }) => value as fc.Arbitrary<PlainValue>)), {
      minLength: 1,
      maxLength: 60,
    }),
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
  }),
  { minLength: 1, maxLength: 4 },
)

/** What is in the columns, without looking at what stands behind the rows. */
const contents = (batch: BatchBuilder): unknown =>
  batch.columns.map(column => {
    const nulls = Array.from({ length: batch.length }, (_, row) => column.isNull(row))
    const values = nulls.map((isNull, row) => {
      if (column.storage === 'bytes')
        return Buffer.from(column.bytes.slice(column.offsets[row]!, column.offsets[row + 1]!)).toString()
      return isNull || column.storage === 'object' ? null : column.values[row]
    })
    return { nulls, values }
  })

test('the kernels append chosen rows as the loops do', () => {
  fc.assert(
    fc.property(batches, given => {
      const memory = columnMemory()
      const byKernel = new BatchBuilder(types, 4, memory)
      const byLoop = new BatchBuilder(types, 4)
      for (const { rows, picks } of given) {
        const source = new BatchBuilder(types, rows.length, memory)
        for (const row of rows) {
          const at = source.addRow()
          for (const [c, value] of row.entries()) writePlain(source.columns[c]!, at, value)
        }
        const selection = int32sOf(memory, picks.length)
        selection.set(picks.map(pick => pick % rows.length).sort((a, b) => a - b))
        appendSelected(byKernel, source, selection, picks.length, copyByKernel)
        appendSelected(byLoop, source, selection, picks.length)
        source.release()
        memory.release(selection)
      }
      expect(contents(byKernel)).toEqual(contents(byLoop))
      byKernel.release()
    }),
  )
})
