/**
 * Law: a kernel of random, nested, lazy expressions (condition and projections together) gives the rows the naive
 * evaluator gives, and fails exactly when that one reaches an error, with the same code. NULLs everywhere.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BoundExpression, compileCalc, evaluateNaive } from '../../../src/expressions/index.ts'
import {
  bigintType,
  booleanType,
  decimalType,
  integerType,
  type PlainValue,
  readPlain,
  stringType,
} from '../../../src/types/index.ts'
import { bindSql, type TestColumn } from '../../support/expressions/bind-sql.ts'
import { batchOf, show, testEnvironment } from '../../support/expressions/run-kernel.ts'

const columns: readonly TestColumn[] = [
  { name: 'i', type: integerType() },
  { name: 'j', type: integerType() },
  { name: 'l', type: bigintType() },
  { name: 'd', type: decimalType(10, 2) },
  { name: 's', type: stringType() },
  { name: 'u', type: stringType() },
  { name: 'p', type: booleanType() },
]

/** SQL text by type, so that what fails is easy to read and to try. */
const sql = fc.letrec<Record<'bool' | 'int' | 'text' | 'long', string>>(tie => {
  const [bool, int, text, long] = [tie('bool'), tie('int'), tie('text'), tie('long')]
  const call = (template: string, ...parts: fc.Arbitrary<string>[]) =>
    fc
      .tuple(...parts)
      .map(values => values.reduce((all, value, i) => all.replaceAll(`$${i}`, () => value), template))
  return {
    int: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('i', 'j', '0', '1', '7', 'CAST(NULL AS INT)'),
      call('($0 + $1)', int, int),
      call('($0 / $1)', int, int),
      call('MOD($0, $1)', int, int),
      call('COALESCE($0, $1)', int, int),
      call('NULLIF($0, $1)', int, int),
      call('GREATEST($0, $1)', int, int),
      call('IF($0, $1, $2)', bool, int, int),
      call('CASE WHEN $0 THEN $1 WHEN $2 THEN $3 END', bool, int, bool, int),
      call('CHAR_LENGTH($0)', text),
      call('CAST($0 AS INT)', text),
      call('TRY_CAST($0 AS INT)', text),
      call('CAST($0 AS INT)', long),
    ),
    long: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('l', 'CAST(5 AS BIGINT)', 'CAST(i AS BIGINT)'),
      call('($0 * $1)', long, long),
      call('($0 - $1)', long, int),
      call('COALESCE($0, $1)', long, long),
      call('CAST(d AS BIGINT)'),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('s', 'u', "'1'", "'ab'", 'CAST(NULL AS STRING)'),
      call('UPPER($0)', text),
      call('($0 || $1)', text, text),
      call('SUBSTRING($0, $1)', text, int),
      call('COALESCE($0, $1)', text, text),
      call('CASE WHEN $0 THEN $1 ELSE $2 END', bool, text, text),
      call('CAST($0 AS STRING)', int),
      call('CAST(d AS STRING)'),
      call('TRIM($0)', text),
      call('NULLIF($0, $1)', text, text),
    ),
    bool: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('p', 'TRUE', 'FALSE', 'CAST(NULL AS BOOLEAN)', 'd > 1.5'),
      call('($0 AND $1)', bool, bool),
      call('($0 OR $1)', bool, bool),
      call('(NOT $0)', bool),
      call('($0 < $1)', int, int),
      call('($0 = $1)', text, text),
      call('($0 >= $1)', long, long),
      call('($0 IS NULL)', int),
      call('($0 IS NOT TRUE)', bool),
      call('($0 IS DISTINCT FROM $1)', text, text),
      call('($0 IN (1, 2, $1))', int, int),
      call("($0 IN ('1', 'ab'))", text),
      call("($0 LIKE '%a_%')", text),
    ),
  }
})

const value: Record<string, fc.Arbitrary<PlainValue>> = {
  int: fc.oneof(fc.constantFrom(0, 1, -1, 2147483647), fc.integer({ min: -9, max: 9 })),
  long: fc.oneof(fc.constantFrom(0n, 2n ** 62n, -(2n ** 63n)), fc.bigInt({ min: -9n, max: 9n })),
  decimal: fc.bigInt({ min: -500n, max: 500n }),
  text: fc.constantFrom('', '1', 'ab', 'Ab ', 'éa', '12', 'xab'),
  bool: fc.boolean(),
}
const cell = (kind: string) => fc.option(value[kind]!, { nil: null, freq: 4 })
const row = fc.tuple(
  ...['int', 'int', 'long', 'decimal', 'text', 'text', 'bool'].map(cell),
) as unknown as fc.Arbitrary<PlainValue[]>

const attempt = (run: () => string[]): string[] => {
  try {
    return run()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === undefined || !code.startsWith('MR_EXPR')) throw error
    return [`error ${code}`]
  }
}

/** A condition drops the row at its first conjunct that is not TRUE; the others are not evaluated. */
function passes(condition: BoundExpression, values: PlainValue[]): boolean {
  return condition.kind === 'Call' && condition.function === 'AND'
    ? condition.arguments.every(conjunct => passes(conjunct, values))
    : evaluateNaive(condition, values, testEnvironment) === true
}

/** Row by row, projections from left to right: the order in which a kernel meets errors. */
function naive(
  condition: BoundExpression,
  projections: readonly BoundExpression[],
  rows: PlainValue[][],
): string[] {
  const out: string[] = []
  for (const values of rows) {
    if (!passes(condition, values)) continue
    out.push(projections.map(part => show(evaluateNaive(part, values, testEnvironment))).join(' | '))
  }
  return out
}

describe('random kernels', () => {
  it('agree with the naive evaluator', () => {
    fc.assert(
      fc.property(
        sql.bool,
        sql.int,
        sql.text,
        sql.long,
        sql.bool,
        fc.array(row, { minLength: 1, maxLength: 8 }),
        (where, int, text, long, bool, rows) => {
          const condition = bindSql(where, columns)
          const projections = [int, text, 's', long, bool].map(part => bindSql(part, columns))
          const inputTypes = columns.map(column => column.type)
          const kernel = compileCalc({ inputTypes, condition, projections, watermark: null }, testEnvironment)
          const compiled = attempt(() => {
            const out = kernel.process(batchOf(inputTypes, rows))
            return Array.from({ length: out.length }, (_, r) =>
              projections.map((part, c) => show(readPlain(out.columns[c]!, r, part.type))).join(' | '),
            )
          })
          expect(compiled, `WHERE ${where} SELECT ${int}, ${text}, ${long}, ${bool}`).toEqual(
            attempt(() => naive(condition, projections, rows)),
          )
        },
      ),
      { numRuns: 400 },
    )
  })
})
