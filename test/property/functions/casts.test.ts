/**
 * Laws of CAST, over every pair of types that has one: compiled gives what naive gives (same value or same error);
 * TRY_CAST gives NULL exactly where CAST fails; a value printed as text and read back is itself.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cast, compileCalc, evaluateNaive } from '../../../src/expressions/index.ts'
import {
  canCast,
  type LogicalType,
  type PlainValue,
  parseTypeText,
  readPlain,
  typeToString,
} from '../../../src/types/index.ts'
import { batchOf, runCalc, show, testEnvironment } from '../../support/expressions/run-kernel.ts'
import { anyValue, nullable } from './values.ts'

const environment = { ...testEnvironment, timeZone: 'America/New_York' }
const types = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL(5, 2)',
  'DECIMAL(18, 0)',
  'DECIMAL(30, 10)',
  'CHAR(3)',
  'VARCHAR(5)',
  'STRING',
  'BINARY(3)',
  'BYTES',
  'DATE',
  'TIME(0)',
  'TIMESTAMP(0)',
  'TIMESTAMP(3)',
  'TIMESTAMP(6)',
  'TIMESTAMP(9)',
  'TIMESTAMP_LTZ(3)',
  'TIMESTAMP_LTZ(6)',
  'INTERVAL YEAR TO MONTH',
  'INTERVAL DAY TO SECOND',
  'ARRAY<INT>',
  'ARRAY<STRING>',
  'MAP<STRING, INT>',
  'ROW<a INT, b STRING>',
].map(parseTypeText)

const pairs = types.flatMap(from => types.filter(to => canCast(from, to)).map(to => [from, to] as const))

const castOf = (from: LogicalType, to: LogicalType, safe: boolean): Cast => ({
  kind: 'Cast',
  operand: { kind: 'InputRef', index: 0, type: from },
  safe,
  type: to,
})

const attempt = (run: () => PlainValue): string => {
  try {
    return show(run())
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== 'MR_EXPR_CAST') throw error
    return `error ${code}`
  }
}

/** One value through a kernel that is kept. */
function compiled(from: LogicalType, to: LogicalType, safe: boolean): (value: PlainValue) => PlainValue {
  const spec = { inputTypes: [from], condition: null, projections: [castOf(from, to, safe)], watermark: null }
  const kernel = compileCalc(spec, environment)
  return value => readPlain(kernel.process(batchOf([from], [[value]])).columns[0]!, 0, to)
}

describe('casts', () => {
  it.each(pairs.map(([from, to]) => [typeToString(from), typeToString(to), from, to] as const))(
    '%s to %s',
    (_, __, from, to) => {
      const cast = compiled(from, to, false)
      const tryCast = compiled(from, to, true)
      fc.assert(
        fc.property(nullable(from), value => {
          const naive = attempt(() => evaluateNaive(castOf(from, to, false), [value], environment))
          expect(attempt(() => cast(value))).toBe(naive)
          expect(attempt(() => tryCast(value))).toBe(naive.startsWith('error') ? 'null' : naive)
        }),
        { numRuns: 40 },
      )
    },
  )

  const text = parseTypeText('STRING')
  const reversible = types.filter(
    type =>
      !/CHAR|BINARY|ARRAY|MAP|ROW|INTERVAL/.test(type.kind) &&
      canCast(type, text) &&
      type.kind !== 'TIMESTAMP_LTZ' &&
      canCast(text, type),
  )
  it.each(reversible.map(type => [typeToString(type), type] as const))('%s survives its text', (_, type) => {
    fc.assert(
      fc.property(anyValue(type), value => {
        const [[printed]] = runCalc([type], [[value]], [castOf(type, text, false)]) as [[PlainValue]]
        const [[back]] = runCalc([text], [[printed]], [castOf(text, type, false)]) as [[PlainValue]]
        expect(show(back)).toBe(show(value))
      }),
      { numRuns: 60 },
    )
  })
})
