import { describe, expect, it } from 'vitest'
import {
  isAggregateFunction,
  isScalarFunction,
  resolveAggregate,
  resolveScalar,
} from '../../../src/functions/index.ts'
import { parseTypeText, typeToString } from '../../../src/types/index.ts'

const args = (...types: string[]) => types.map(text => ({ type: parseTypeText(text) }))
const resultOf = (name: string, ...types: string[]) =>
  typeToString(resolveScalar(name, args(...types)).returnType)

describe('scalar resolution', () => {
  it.each([
    ['+', ['INT NOT NULL', 'BIGINT NOT NULL'], 'BIGINT NOT NULL'],
    ['+', ['DECIMAL(10, 2)', 'INT'], 'DECIMAL(13, 2)'],
    ['*', ['DECIMAL(10, 2)', 'DECIMAL(5, 3)'], 'DECIMAL(15, 5)'],
    ['*', ['DECIMAL(38, 10)', 'DECIMAL(38, 10)'], 'DECIMAL(38, 6)'],
    ['/', ['DECIMAL(10, 2)', 'DECIMAL(10, 2)'], 'DECIMAL(23, 13)'],
    ['/', ['INT', 'INT'], 'INT'],
    ['%', ['BIGINT', 'INT'], 'INT'],
    ['-', ['DOUBLE', 'DECIMAL(3, 1)'], 'DOUBLE'],
    ['+', ['TIMESTAMP(3)', 'INTERVAL DAY TO SECOND'], 'TIMESTAMP(3)'],
    ['=', ['INT NOT NULL', 'INT NOT NULL'], 'BOOLEAN NOT NULL'],
    ['IS NULL', ['STRING'], 'BOOLEAN NOT NULL'],
    ['coalesce', ['INT', 'BIGINT NOT NULL'], 'BIGINT NOT NULL'],
    ['||', ['STRING NOT NULL', 'CHAR(3) NOT NULL'], 'STRING NOT NULL'],
    ['char_length', ['VARCHAR(4)'], 'INT'],
  ])('%s over %j is %s', (name, types, expected) => {
    expect(resultOf(name, ...types)).toBe(expected)
  })

  it('casts both sides of a comparison to the common type', () => {
    const resolution = resolveScalar('<', args('INT', 'BIGINT NOT NULL'))
    expect(resolution.argumentTypes.map(typeToString)).toEqual(['BIGINT', 'BIGINT NOT NULL'])
  })

  it('gives the canonical name of an alias', () => {
    expect(resolveScalar('character_length', args('STRING')).function).toBe('CHAR_LENGTH')
  })

  it('names the nearest function', () => {
    expect(() => resolveScalar('UPER', args('STRING'))).toThrow(
      expect.objectContaining({
        code: 'MR_FUNCTION_UNKNOWN',
        details: expect.objectContaining({ nearest: 'UPPER' }),
      }),
    )
  })

  it('lists the signatures when the arguments do not fit', () => {
    expect(() => resolveScalar('UPPER', args('INT'))).toThrow(
      expect.objectContaining({
        code: 'MR_FUNCTION_ARGUMENTS',
        details: expect.objectContaining({ expected: ['UPPER(STRING) -> STRING'] }),
      }),
    )
    expect(() => resolveScalar('=', args('INT', 'STRING'))).toThrow(/does not take/)
  })
})

describe('aggregate resolution', () => {
  it.each([
    ['SUM', ['INT'], 'INT'],
    ['SUM', ['DECIMAL(10, 2)'], 'DECIMAL(38, 2)'],
    ['AVG', ['BIGINT'], 'BIGINT'],
    ['AVG', ['DECIMAL(10, 2)'], 'DECIMAL(38, 6)'],
    ['COUNT', [], 'BIGINT NOT NULL'],
    ['COUNT', ['STRING'], 'BIGINT NOT NULL'],
    ['MAX', ['TIMESTAMP(3) NOT NULL'], 'TIMESTAMP(3)'],
    ['LISTAGG', ['STRING', 'STRING'], 'STRING'],
  ])('%s over %j is %s', (name, types, expected) => {
    expect(typeToString(resolveAggregate(name, args(...types)).returnType)).toBe(expected)
  })

  it('knows which names are what', () => {
    expect(isAggregateFunction('sum')).toBe(true)
    expect(isScalarFunction('sum')).toBe(false)
  })
})
