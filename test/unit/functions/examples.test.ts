/** Every example of every scalar function, compiled and naive. The expected result is read by the naive evaluator. */
import { describe, expect, it } from 'vitest'
import type { BoundExpression } from '../../../src/expressions/index.ts'
import { compileCalc, evaluateNaive, plainOfLiteral } from '../../../src/expressions/index.ts'
import { scalarFunctions } from '../../../src/functions/scalar/index.ts'
import {
  type Batch,
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

interface Columnized {
  readonly bound: BoundExpression
  readonly types: readonly LogicalType[]
  readonly row: readonly PlainValue[]
  readonly numLiterals: number
}

/** The expression over columns instead of (some of) its literals, so that nothing is folded; they become the row. */
function columnized(expression: BoundExpression, isColumn: (literal: number) => boolean): Columnized {
  const types: LogicalType[] = []
  const row: PlainValue[] = []
  let numLiterals = 0
  const visit = (part: BoundExpression): BoundExpression => {
    switch (part.kind) {
      case 'Literal':
        if (part.type.kind === 'NULL' || !isColumn(numLiterals++)) return part
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
  const bound = visit(expression)
  return { bound, types, row, numLiterals }
}

/** Compiled and naive agree on the row, on a row of NULLs, and on several of them; errors have the same code. */
function checkColumns({ bound, types, row }: Columnized, want: string): void {
  const spec = { inputTypes: types, condition: null, projections: [bound], watermark: null }
  const kernel = compileCalc(spec, testEnvironment)
  const valueAt = (out: Batch, at: number): PlainValue => readPlain(out.columns[0]!, at, bound.type)
  const nulls = types.map(() => null)
  const naiveOfNulls = outcome(() => evaluateNaive(bound, nulls, testEnvironment))
  expect(outcome(() => valueAt(kernel.process(batchOf(types, [nulls])), 0))).toBe(naiveOfNulls)
  const mixed = !naiveOfNulls.startsWith('error')
  const rows = mixed ? [row, nulls, row, row, nulls] : [row, row]
  const expected = mixed ? [want, naiveOfNulls, want, want, naiveOfNulls] : [want, want]
  for (let round = 0; round < 2; round++) {
    const out = kernel.process(batchOf(types, rows))
    expect(rows.map((_, i) => show(valueAt(out, i)))).toEqual(expected)
  }
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
    const expression = bindSql(sql)
    const all = columnized(expression, () => true)
    checkColumns(all, want)
    // One argument a column and the others constants: the prepared forms of patterns, formats and units.
    for (let only = 0; only < all.numLiterals; only++)
      checkColumns(
        columnized(expression, at => at === only),
        want,
      )
  })
})

const outcome = (run: () => PlainValue): string => {
  try {
    return show(run())
  } catch (error) {
    return `error ${(error as { code?: string }).code}`
  }
}
