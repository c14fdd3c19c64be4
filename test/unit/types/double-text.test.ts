import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { doubleToString, writeDouble } from '../../../src/types/index.ts'

const written = (value: number, isFloat: boolean): string => {
  const bytes = new Uint8Array(40)
  return Buffer.from(bytes.buffer, 0, writeDouble(bytes, 0, value, isFloat)).toString('latin1')
}

/** Numbers with few fraction digits, where the writer makes no string. */
const ordinary = fc
  .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, scale]) => digits / 10 ** scale)

test('bytes and text of a number agree, and read back equal', () => {
  fc.assert(
    fc.property(fc.oneof(ordinary, fc.double()), value => {
      const text = doubleToString(value)
      expect(written(value, false)).toBe(text)
      expect(Number(text)).toBe(value)
      const single = Math.fround(value)
      expect(written(single, true)).toBe(doubleToString(single, true))
      expect(Math.fround(Number(doubleToString(single, true)))).toBe(single)
    }),
    { numRuns: 2000 },
  )
})

test('the forms of Java', () => {
  const texts = [0, -0, 1, 0.001, 0.00099, 9999999, 10000000, 1e21, 1.5e-9, 123456.789].map(value =>
    doubleToString(value),
  )
  expect(texts).toEqual([
    '0.0',
    '-0.0',
    '1.0',
    '0.001',
    '9.9E-4',
    '9999999.0',
    '1.0E7',
    '1.0E21',
    '1.5E-9',
    '123456.789',
  ])
  expect([3.4028235e38, 1.1, 16777216].map(value => doubleToString(Math.fround(value), true))).toEqual([
    '3.4028235E38',
    '1.1',
    '1.6777216E7',
  ])
})
