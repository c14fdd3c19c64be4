/** Small logical plans for the tests of single rules. */
import type { BoundExpression, Literal } from '../../../../src/expressions/index.ts'
import { printLogical } from '../../../../src/planner/explain/print-logical.ts'
import { allColumns, inputRef } from '../../../../src/planner/expression-rewrite.ts'
import {
  field,
  type LogicalPlan,
  type Scan,
  scan,
  windowTableFunction,
} from '../../../../src/planner/logical/index.ts'
import type { Rule } from '../../../../src/planner/rules/rule.ts'
import {
  booleanType,
  doubleType,
  integerType,
  type LogicalType,
  timestampType,
} from '../../../../src/types/index.ts'

const columns = [
  { kind: 'physical', name: 'a', type: integerType() },
  { kind: 'physical', name: 'b', type: integerType() },
  { kind: 'physical', name: 'ts', type: timestampType(3) },
] as const

/** t(a, b, ts) with a watermark on ts. */
export function tableScan(changelogMode: 'insert' | 'upsert' | 'retract' = 'insert'): Scan {
  const output = columns.map(c => field(c.name, c.type, c.name === 'ts' ? 'rowtime' : undefined))
  return scan({
    table: {
      path: ['c', 'd', 't'],
      options: {},
      schema: { columns, primaryKey: { columns: ['a'] } },
    },
    identity: 't',
    columns,
    watermark: { expression: inputRef(2, timestampType(3)), idleTimeoutMs: 0, emit: 'on-periodic' },
    condition: null,
    projections: allColumns(output),
    source: { bounded: false, changelogMode },
    output,
  })
}

export const a = inputRef(0, integerType())
export const b = inputRef(1, integerType())
export const ts = inputRef(2, timestampType(3))
export const int = (value: number): Literal => ({ kind: 'Literal', value, type: integerType(false) })
export const trueLiteral: Literal = { kind: 'Literal', value: 1, type: booleanType(false) }
export const fn = (
  name: string,
  args: readonly BoundExpression[],
  type: LogicalType = integerType(),
): BoundExpression => ({
  kind: 'Call',
  function: name,
  arguments: args,
  type,
})
export const greater = (left: BoundExpression, right: BoundExpression): BoundExpression =>
  fn('>', [left, right], booleanType())
export const random: BoundExpression = fn('RAND', [], doubleType(false))

export const tumbled = (input: LogicalPlan): LogicalPlan =>
  windowTableFunction(
    input,
    {
      window: { kind: 'tumble', sizeMs: 60_000, offsetMs: 0 },
      timeColumn: 2,
      attribute: 'rowtime',
      localTimeZone: false,
    },
    'ts',
    timestampType(3),
  )

const never = { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null }

/** The plan after one rule, printed without the table's path. */
export const after = (rule: Rule, plan: LogicalPlan): readonly string[] =>
  printLogical([rule.rewrite(plan, { emit: never })])
    .replaceAll('table=[c.d.t], ', '')
    .split('\n')

export const unchanged = (rule: Rule, plan: LogicalPlan): boolean =>
  rule.rewrite(plan, { emit: never }) === plan
