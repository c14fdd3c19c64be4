import { decimalType } from '../../types/index.ts'
import type { AggregateSpec } from './aggregate-spec.ts'

const count: AggregateSpec = {
  names: ['COUNT'],
  signatures: ['() -> BIGINT', '(any...) -> BIGINT'],
  nullable: false,
  doc: 'COUNT(*) counts rows, COUNT(x, …) rows in which no argument is NULL.',
}

const sum: AggregateSpec = {
  names: ['SUM'],
  signatures: ['(T numeric) -> T'],
  // Integers keep their type and wrap, as in Flink; DECIMAL(p, s) becomes DECIMAL(38, s).
  inferReturn: ([arg]) => (arg!.type.kind === 'DECIMAL' ? decimalType(38, arg!.type.scale) : arg!.type),
  nullable: true,
  doc: 'Sum of the non-NULL values; NULL when there are none.',
}

const avg: AggregateSpec = {
  names: ['AVG'],
  signatures: ['(T numeric) -> T'],
  inferReturn: ([arg]) =>
    arg!.type.kind === 'DECIMAL' ? decimalType(38, Math.max(6, arg!.type.scale)) : arg!.type,
  nullable: true,
  doc: 'Mean of the non-NULL values, of the same type: the mean of integers is cut towards zero.',
}

const extremes = (name: string, what: string): AggregateSpec => ({
  names: [name],
  signatures: ['(T comparable) -> T'],
  nullable: true,
  doc: `The ${what} of the non-NULL values.`,
})

const ends = (name: string, which: string): AggregateSpec => ({
  names: [name],
  signatures: ['(T any) -> T'],
  nullable: true,
  doc: `The ${which} non-NULL value in order of arrival.`,
})

const listagg: AggregateSpec = {
  names: ['LISTAGG'],
  signatures: ['(STRING) -> STRING', '(STRING, STRING) -> STRING'],
  nullable: true,
  doc: "The non-NULL texts joined by the separator, which is a literal; ',' when left out.",
}

/** Every aggregate; the accumulators' table in src/runtime/aggregates has the same names. */
export const aggregateFunctions: readonly AggregateSpec[] = [
  count,
  sum,
  avg,
  extremes('MIN', 'smallest'),
  extremes('MAX', 'largest'),
  ends('FIRST_VALUE', 'first'),
  ends('LAST_VALUE', 'last'),
  listagg,
]
