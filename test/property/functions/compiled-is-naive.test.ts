/**
 * Law: for every function and any rows, the compiled kernel gives what the naive body gives, row by row, or fails
 * with the same code when the naive one fails on some row. Argument types and constant arguments are those of the
 * function's own examples; every literal argument in turn, and all together, becomes a column.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BoundExpression, compileCalc, evaluateNaive } from '../../../src/expressions/index.ts'
import { scalarFunctions } from '../../../src/functions/scalar/index.ts'
import { type LogicalType, type PlainValue, readPlain, withNullable } from '../../../src/types/index.ts'
import { bindSql } from '../../support/expressions/bind-sql.ts'
import { batchOf, show, testEnvironment } from '../../support/expressions/run-kernel.ts'
import { nullable } from './values.ts'

const environment = { ...testEnvironment, timeZone: 'Europe/Berlin' }

interface Form {
  readonly bound: BoundExpression
  readonly types: readonly LogicalType[]
}

function countLiterals(expression: BoundExpression): number {
  let count = 0
  replaceLiterals(expression, () => {
    count++
    return undefined
  })
  return count
}

function replaceLiterals(
  expression: BoundExpression,
  replace: (type: LogicalType) => BoundExpression | undefined,
): BoundExpression {
  const visit = (part: BoundExpression): BoundExpression => {
    if (part.kind === 'Literal') return part.type.kind === 'NULL' ? part : (replace(part.type) ?? part)
    // The name of a field is a literal by the grammar.
    if (part.kind === 'Call' && part.function === 'FIELD')
      return { ...part, arguments: [visit(part.arguments[0]!), part.arguments[1]!] }
    if (part.kind === 'Call') return { ...part, arguments: part.arguments.map(visit) }
    if (part.kind === 'Cast') return { ...part, operand: visit(part.operand) }
    return part
  }
  return visit(expression)
}

function formsOf(expression: BoundExpression): Form[] {
  const count = countLiterals(expression)
  const form = (isColumn: (literal: number) => boolean): Form => {
    const types: LogicalType[] = []
    let at = 0
    const bound = replaceLiterals(expression, type => {
      if (!isColumn(at++)) return undefined
      types.push(withNullable(type, true))
      return { kind: 'InputRef', index: types.length - 1, type: types.at(-1)! }
    })
    return { bound, types }
  }
  return [form(() => true), ...Array.from({ length: count > 1 ? count : 0 }, (_, i) => form(at => at === i))]
}

const attempt = (run: () => string[]): string[] => {
  try {
    return run()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === undefined || code === 'MR_INTERNAL') throw error
    return [`error ${code}`]
  }
}

const isRandom = (name: string): boolean => /^(RAND|RAND_INTEGER|UUID)$/.test(name)

describe('compiled functions agree with naive ones', () => {
  it.each(
    scalarFunctions.filter(spec => !isRandom(spec.names[0])).map(spec => [spec.names[0], spec] as const),
  )('%s', (_, spec) => {
    for (const { sql } of spec.examples) {
      for (const { bound, types } of formsOf(bindSql(sql))) {
        if (types.length === 0 || /RAND|UUID/.test(sql)) continue
        const kernel = compileCalc(
          { inputTypes: types, condition: null, projections: [bound], watermark: null },
          environment,
        )
        const row = fc.tuple(...types.map(nullable)) as fc.Arbitrary<PlainValue[]>
        fc.assert(
          fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), rows => {
            const naive = attempt(() => rows.map(values => show(evaluateNaive(bound, values, environment))))
            const compiled = attempt(() => {
              const out = kernel.process(batchOf(types, rows))
              return rows.map((__, i) => show(readPlain(out.columns[0]!, i, bound.type)))
            })
            expect(compiled, sql).toEqual(naive)
          }),
          { numRuns: 25 },
        )
      }
    }
  })
})
