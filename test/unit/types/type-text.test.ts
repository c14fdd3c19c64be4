import { describe, expect, it } from 'vitest'
import {
  bigintType,
  canCastImplicitly,
  commonType,
  decimalType,
  integerType,
  parseTypeText,
  typeToString,
} from '../../../src/types/index.ts'

describe('type text', () => {
  it.each([
    'STRING',
    'INT NOT NULL',
    'DECIMAL(10, 2) NOT NULL',
    'TIMESTAMP(3)',
    'TIMESTAMP_LTZ(9)',
    'VARCHAR(7)',
    'BYTES',
    'ARRAY<INT NOT NULL>',
    'MAP<STRING, DOUBLE>',
    'ROW<`a` INT, `b c` ARRAY<STRING>> NOT NULL',
    'INTERVAL DAY(3) TO SECOND(3)',
  ])('%s is read and written back', text => {
    expect(typeToString(parseTypeText(text))).toBe(text)
  })

  it('reads short spellings', () => {
    expect(typeToString(parseTypeText('dec(5)'))).toBe('DECIMAL(5, 0)')
    expect(typeToString(parseTypeText('Timestamp'))).toBe('TIMESTAMP(6)')
  })

  it('refuses what is no type', () => {
    expect(() => parseTypeText('STRNG')).toThrow(/STRNG/)
    expect(() => parseTypeText('INT INT')).toThrow()
  })
})

describe('common type', () => {
  it.each([
    ['INT', 'BIGINT', 'BIGINT'],
    ['INT', 'DECIMAL(10, 2)', 'DECIMAL(12, 2)'],
    ['FLOAT', 'INT', 'FLOAT'],
    ['DECIMAL(5, 1)', 'FLOAT', 'DOUBLE'],
    ['CHAR(2)', 'CHAR(3)', 'VARCHAR(3)'],
    ['TIMESTAMP(3)', 'TIMESTAMP_LTZ(6)', 'TIMESTAMP_LTZ(6)'],
    ['DATE', 'TIMESTAMP(3)', 'TIMESTAMP(3)'],
    ['ARRAY<INT>', 'ARRAY<BIGINT>', 'ARRAY<BIGINT>'],
    ['NULL', 'INT', 'INT'],
  ])('%s and %s meet at %s', (a, b, expected) => {
    const common = commonType([parseTypeText(a), parseTypeText(b)])
    expect(common && typeToString(common)).toBe(expected)
  })

  it('has none for text and numbers', () => {
    expect(commonType([parseTypeText('STRING'), integerType()])).toBeUndefined()
  })

  it('widens but does not narrow implicitly', () => {
    expect(canCastImplicitly(integerType(), bigintType())).toBe(true)
    expect(canCastImplicitly(bigintType(), integerType())).toBe(false)
    expect(canCastImplicitly(bigintType(), decimalType(38, 0))).toBe(true)
  })
})
