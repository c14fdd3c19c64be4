import { describe, expect, it } from 'vitest'
import { enforceLength, hasLength } from '../../../../src/functions/index.ts'
import { type BytesColumn, parseTypeText, readPlain, stringType } from '../../../../src/types/index.ts'
import { batchOf } from '../../../support/expressions/run-kernel.ts'

const enforced = (typeText: string, values: readonly (string | null)[]) => {
  const batch = batchOf(
    [stringType()],
    values.map(value => [value]),
  )
  const column = batch.columns[0] as BytesColumn
  const result = enforceLength(column, values.length, parseTypeText(typeText))
  return { same: result === column, values: values.map((_, i) => readPlain(result, i, stringType())) }
}

describe('length enforcer', () => {
  it('cuts by characters, not bytes', () => {
    expect(enforced('VARCHAR(3)', ['abcd', 'né😀x', null, 'ab']).values).toEqual(['abc', 'né😀', null, 'ab'])
  })

  it('pads CHAR', () => {
    expect(enforced('CHAR(3)', ['a', 'éé', 'abcdef', null]).values).toEqual(['a  ', 'éé ', 'abc', null])
  })

  it('hands the column on when everything fits', () => {
    expect(enforced('VARCHAR(3)', ['abc', null, '']).same).toBe(true)
    expect(enforced('STRING', ['anything']).same).toBe(true)
  })

  it('knows which types have a length', () => {
    expect(hasLength(parseTypeText('VARCHAR(3)'))).toBe(true)
    expect(hasLength(parseTypeText('STRING'))).toBe(false)
    expect(hasLength(parseTypeText('INT'))).toBe(false)
  })
})
