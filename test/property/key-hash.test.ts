import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashByKernel } from '../../src/state/keys/hash-by-kernel.ts'
import { hashLoop } from '../../src/state/keys/key-hash.ts'
import {
  BatchBuilder,
  bigintType,
  doubleType,
  integerType,
  type PlainValue,
  storageOf,
  stringType,
  writePlain,
} from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'

const kinds = [
  { type: integerType(), value: fc.option(fc.integer()) },
  { type: bigintType(), value: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })) },
  { type: doubleType(), value: fc.option(fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN))) },
  { type: stringType(), value: fc.option(fc.string({ maxLength: 20 })) },
] as const

const scene = fc.array(fc.nat({ max: kinds.length - 1 }), { minLength: 1, maxLength: 3 }).chain(chosen =>
  fc.record({
    chosen: fc.constant(chosen),
    rows: fc.array(fc.tuple(...chosen.map(k => kinds[k]!.value as fc.Arbitrary<PlainValue>)), {
      minLength: 16,
      maxLength: 40,
    }),
  }),
)

test('the kernel hashes keys as the loop does', () => {
  fc.assert(
    fc.property(scene, ({ chosen, rows }) => {
      const types = chosen.map(k => kinds[k]!.type)
      const batch = new BatchBuilder(types, rows.length, columnMemory())
      for (const row of rows) {
        const at = batch.addRow()
        for (const [c, value] of row.entries()) writePlain(batch.columns[c]!, at, value)
      }
      const [kernel, loop] = [new Int32Array(rows.length), new Int32Array(rows.length)]
      expect(hashByKernel(batch.columns, rows.length, kernel)).toBe(true)
      hashLoop(types.map(storageOf))(batch.columns, rows.length, loop)
      expect(kernel).toEqual(loop)
      batch.release()
    }),
  )
})
