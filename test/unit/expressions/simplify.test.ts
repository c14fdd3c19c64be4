import { describe, expect, it } from 'vitest'
import { evaluateConstant, simplify } from '../../../src/expressions/index.ts'
import { integerType, varcharType } from '../../../src/types/index.ts'
import { bindSql } from '../../support/expressions/bind-sql.ts'
import { testEnvironment } from '../../support/expressions/run-kernel.ts'

const columns = [
  { name: 'a', type: integerType() },
  { name: 's', type: varcharType(5) },
]
const simplified = (sql: string) => simplify(bindSql(sql, columns), testEnvironment)

describe('simplify', () => {
  it('folds what has no columns', () => {
    expect(simplified('1 + 2 * 3')).toMatchObject({ kind: 'Literal', value: 7 })
    expect(simplified("UPPER('x') || 'y'")).toMatchObject({ kind: 'Literal', value: 'Xy' })
    expect(simplified("CAST('2024-01-01' AS DATE)")).toMatchObject({ kind: 'Literal', value: 19723 })
    expect(simplified("CAST('NaN' AS DOUBLE)")).toMatchObject({ kind: 'Literal', value: 'NaN' })
  })

  it('folds parts', () => {
    const result = simplified('a + (1 + 2)')
    expect(result).toMatchObject({
      kind: 'Call',
      arguments: [{ kind: 'InputRef' }, { kind: 'Literal', value: 3 }],
    })
  })

  it('leaves what fails, and what is not deterministic', () => {
    expect(simplified('1 / 0').kind).toBe('Call')
    expect(simplified("CAST('x' AS INT)").kind).toBe('Cast')
    expect(simplified('RAND()').kind).toBe('Call')
    expect(simplified('CURRENT_TIMESTAMP').kind).toBe('Call')
  })

  it('drops branches of CASE that are never or always taken', () => {
    expect(simplified('CASE WHEN 1 = 2 THEN a ELSE 7 END')).toMatchObject({ kind: 'Literal', value: 7 })
    expect(simplified('CASE WHEN a = 1 THEN 1 WHEN TRUE THEN 2 ELSE 3 END')).toMatchObject({
      branches: [{ then: { value: 1 } }],
      otherwise: { value: 2 },
    })
  })

  it('drops casts that change nothing in memory', () => {
    expect(simplified('CAST(s AS STRING)')).toMatchObject({
      kind: 'InputRef',
      index: 1,
      type: { length: 2147483647 },
    })
    expect(simplified('CAST(s AS VARCHAR(3))').kind).toBe('Cast')
  })
})

describe('evaluateConstant', () => {
  it('gives a literal', () => {
    expect(evaluateConstant(bindSql("INTERVAL '1' HOUR * 2"), testEnvironment).value).toBe(7_200_000)
  })

  it('fails as at run time, or says that it is no constant', () => {
    expect(() => evaluateConstant(bindSql('1 / 0'), testEnvironment)).toThrow(
      expect.objectContaining({ code: 'MR_EXPR_DIVISION_BY_ZERO' }),
    )
    expect(() => evaluateConstant(bindSql('a + 1', columns), testEnvironment)).toThrow(
      expect.objectContaining({ code: 'MR_EXPR_NOT_CONSTANT' }),
    )
  })
})
