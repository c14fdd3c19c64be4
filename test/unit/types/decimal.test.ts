import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  additionType,
  decimalToString,
  divideHalfUp,
  divisionType,
  moduloType,
  multiplicationType,
  parseDecimal,
  pow10,
  rescale,
  roundType,
  toDecimal,
  typeToString,
} from '../../../src/types/index.ts'

const digits = (precision: number, scale: number) => ({ precision, scale })

describe('decimal result types', () => {
  it.each([
    [additionType(digits(10, 2), digits(5, 4)), 'DECIMAL(13, 4)'],
    [additionType(digits(38, 10), digits(38, 2)), 'DECIMAL(38, 6)'],
    [multiplicationType(digits(5, 2), digits(10, 4)), 'DECIMAL(15, 6)'],
    [multiplicationType(digits(30, 20), digits(30, 20)), 'DECIMAL(38, 18)'],
    [divisionType(digits(10, 2), digits(5, 1)), 'DECIMAL(17, 8)'],
    [divisionType(digits(38, 10), digits(38, 10)), 'DECIMAL(38, 6)'],
    [moduloType(digits(10, 2), digits(5, 4)), 'DECIMAL(5, 4)'],
    [moduloType(digits(10, 0), digits(5, 0)), 'DECIMAL(5, 0)'],
    [roundType(digits(10, 4), 2), 'DECIMAL(9, 2)'],
    [roundType(digits(10, 4), -1), 'DECIMAL(7, 0)'],
  ])('case %#: %s', (type, expected) => {
    expect(typeToString(type)).toBe(expected)
  })
})

describe('decimal values', () => {
  it.each([
    ['12.50', '12.50'],
    ['-0.05', '-0.05'],
    ['.5', '0.5'],
    ['1e3', '1000'],
    ['1.5E-3', '0.0015'],
    [' 7 ', '7'],
  ])('reads %j as %s', (text, expected) => {
    const { unscaled, scale } = parseDecimal(text)!
    expect(decimalToString(unscaled, scale)).toBe(expected)
  })

  it.each(['', '.', 'x', '1.2.3', '1e', '--1'])('%j is no decimal', text => {
    expect(parseDecimal(text)).toBeUndefined()
  })

  it('has bounded cost for huge exponents', () => {
    expect(toDecimal(parseDecimal('1e999999999')!.unscaled, 0, digits(38, 0))).toBeNull()
    expect(parseDecimal('1e-999999999')!.unscaled).toBe(0n)
  })

  it('prints and reads back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
        fc.integer({ min: 0, max: 38 }),
        (value, scale) => {
          expect(parseDecimal(decimalToString(value, scale))).toEqual({ unscaled: value, scale })
        },
      ),
    )
  })

  it('rounds half away from zero, never by more than half a unit', () => {
    expect(divideHalfUp(5n, 2n)).toBe(3n)
    expect(divideHalfUp(-5n, 2n)).toBe(-3n)
    expect(divideHalfUp(5n, -2n)).toBe(-3n)
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 20n }), (a, b) => {
        const twice = 2n * (a - divideHalfUp(a, b) * b)
        expect(twice <= b && twice >= -b).toBe(true)
      }),
    )
  })

  it('loses nothing when the scale grows', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 20 }), (value, more) => {
        expect(rescale(value, 0, more)).toBe(value * pow10(more))
        expect(rescale(rescale(value, 0, more), more, 0)).toBe(value)
      }),
    )
  })
})
