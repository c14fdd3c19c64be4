/** Every example of every scalar function, compiled and naive. The expected result is read by the naive evaluator. */
import { describe, expect, it } from 'vitest'
import type { BoundExpression } from '../../../src/expressions/index.ts'
import { compileCalc, evaluateNaive, plainOfLiteral } from '../../../src/expressions/index.ts'
import { scalarFunctions } from '../../../src/functions/scalar/index.ts'
import {
  type LogicalType,
  type PlainValue,
  readPlain,
  typeToString,
  withNullable,
} from '../../../src/types/index.ts'
import { bindSql } from '../../support/expressions/bind-sql.ts'
import { batchOf, runOne, show, testEnvironment } from '../../support/expressions/run-kernel.ts'

const cases = scalarFunctions.flatMap(spec =>
  spec.examples.map(({ sql, result }) => ({ name: spec.names[0], sql, result })),
)

/** The expression over columns instead of literals, so that nothing is folded; the literals become the row. */
function columnized(expression: BoundExpression): {
  bound: BoundExpression
  types: LogicalType[]
  row: PlainValue[]
} {
  const types: LogicalType[] = []
  const row: PlainValue[] = []
  const visit = (part: BoundExpression): BoundExpression => {
    switch (part.kind) {
      case 'Literal':
        if (part.type.kind === 'NULL') return part
        types.push(withNullable(part.type, true))
        row.push(plainOfLiteral(part))
        return { kind: 'InputRef', index: types.length - 1, type: types.at(-1)! }
      case 'Call':
        return { ...part, arguments: part.arguments.map(visit) }
      case 'Cast':
        return { ...part, operand: visit(part.operand) }
      case 'Case':
        return {
          ...part,
          branches: part.branches.map(({ when, then }) => ({ when: visit(when), then: visit(then) })),
          otherwise: visit(part.otherwise),
        }
      case 'InputRef':
        return part
    }
  }
  return { bound: visit(expression), types, row }
}

describe('examples of functions', () => {
  it.each(cases)('$name: $sql is $result', ({ sql, result }) => {
    const expression = bindSql(sql)
    const expected = bindSql(result)
    const want = show(evaluateNaive(expected, [], testEnvironment))
    if (
      expected.type.kind !== 'CHAR' &&
      expected.type.kind !== 'NULL' &&
      !/^TIMESTAMP/.test(expected.type.kind)
    )
      expect(typeToString(withNullable(expression.type, true))).toBe(
        typeToString(withNullable(expected.type, true)),
      )
    expect(show(evaluateNaive(expression, [], testEnvironment))).toBe(want)
    expect(show(runOne(expression))).toBe(want)
  })

  it.each(cases)('$name over columns of several rows, NULLs between: $sql', ({ sql, result }) => {
    const want = show(evaluateNaive(bindSql(result), [], testEnvironment))
    const { bound, types, row } = columnized(bindSql(sql))
    const nulls = types.map(() => null)
    const rows = [row, nulls, row, row, nulls]
    const kernel = compileCalc(
      { inputTypes: types, condition: null, projections: [bound], watermark: null },
      testEnvironment,
    )
    const naiveOfNulls = outcome(() => evaluateNaive(bound, nulls, testEnvironment))
    if (naiveOfNulls.startsWith('error')) return
    for (let round = 0; round < 2; round++) {
      const out = kernel.process(batchOf(types, rows))
      const got = rows.map((_, i) => show(readPlain(out.columns[0]!, i, bound.type)))
      expect(got).toEqual([want, naiveOfNulls, want, want, naiveOfNulls])
    }
  })
})

const outcome = (run: () => PlainValue): string => {
  try {
    return show(run())
  } catch (error) {
    return `error ${(error as { code?: string }).code}`
  }
}
