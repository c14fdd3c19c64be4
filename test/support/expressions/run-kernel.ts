/** Runs compiled kernels over plain rows, and prints values for comparison. */
import type { BoundExpression, KernelEnvironment } from '../../../src/expressions/index.ts'
import { compileCalc } from '../../../src/expressions/index.ts'
import {
  BatchBuilder,
  type LogicalType,
  type PlainValue,
  readPlain,
  writePlain,
} from '../../../src/types/index.ts'

/** 2024-03-10 12:34:56.789 UTC. */
export const testEnvironment: KernelEnvironment = {
  timeZone: 'UTC',
  now: () => 1710074096789,
  currentWatermark: () => Number.NEGATIVE_INFINITY,
}

export type PlainRow = readonly PlainValue[]

export function batchOf(columnTypes: readonly LogicalType[], rows: readonly PlainRow[]): BatchBuilder {
  const builder = new BatchBuilder(columnTypes, 4)
  for (const row of rows) {
    const at = builder.addRow()
    row.forEach((value, column) => {
      writePlain(builder.columns[column]!, at, value)
    })
  }
  return builder
}

/** The projections of every row that passes. */
export function runCalc(
  inputTypes: readonly LogicalType[],
  rows: readonly PlainRow[],
  projections: readonly BoundExpression[],
  condition: BoundExpression | null = null,
  environment: KernelEnvironment = testEnvironment,
): PlainRow[] {
  const kernel = compileCalc({ inputTypes, condition, projections, watermark: null }, environment)
  const result = kernel.process(batchOf(inputTypes, rows))
  return Array.from({ length: result.length }, (_, row) =>
    projections.map((projection, column) => readPlain(result.columns[column]!, row, projection.type)),
  )
}

export function runOne(expression: BoundExpression, environment = testEnvironment): PlainValue {
  return runCalc([], [[]], [expression], null, environment)[0]![0]!
}

/** A text in which equal values are equal: bigint, bytes, maps and -0 included. */
export function show(value: PlainValue): string {
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${show(k)}: ${show(v)}`).join(', ')}}`
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
