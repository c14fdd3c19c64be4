/** Aggregates computed the simple way over rows of plain values: the model that operators are tested against. */
import fc from 'fast-check'
import type { AggregateCall } from '../../src/planner/plan-graph/plan-graph.ts'
import {
  bigintType,
  booleanType,
  bytesType,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  type PlainValue,
  smallintType,
  stringType,
} from '../../src/types/index.ts'
import { textOf } from './operator-harness.ts'

export type Row = readonly PlainValue[]

/** Columns 0–2 are keys, 3 the time, the rest arguments. */
export const modelTypes: readonly LogicalType[] = [
  stringType(),
  bigintType(),
  doubleType(),
  { kind: 'TIMESTAMP', nullable: true, precision: 3 },
  integerType(),
  bigintType(),
  doubleType(),
  decimalType(18, 2),
  decimalType(30, 4),
  stringType(),
  booleanType(),
  smallintType(),
  bytesType(),
  { kind: 'TIMESTAMP', nullable: true, precision: 9 },
  stringType(false),
]

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 6, nil: null })

/** Few different values, so that groups and distinct values repeat; some at the edges of their types. */
const columns: readonly fc.Arbitrary<PlainValue>[] = [
  orNull(fc.constantFrom('', 'a', 'b', 'a longer key that does not fit into eight bytes', 'é')),
  orNull(fc.constantFrom(0n, 1n, -1n, 2n ** 40n)),
  orNull(fc.constantFrom(0, -0, 1.5, Number.NaN)),
  fc.integer({ min: 0, max: 60 }),
  orNull(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(2147483647, -2147483648))),
  orNull(fc.oneof(fc.bigInt(-3n, 3n), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n))),
  orNull(fc.integer({ min: -4, max: 4 }).map(value => value / 2)),
  orNull(fc.oneof(fc.bigInt(-300n, 300n), fc.constantFrom(10n ** 18n - 1n, -(10n ** 18n) + 1n))),
  orNull(fc.oneof(fc.bigInt(-3n, 3n), fc.constantFrom(10n ** 30n - 1n))),
  orNull(fc.constantFrom('', 'x', 'xy', 'y', '\u{1F600}', '\uFFFF')),
  orNull(fc.boolean()),
  orNull(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(32767))),
  orNull(fc.constantFrom(Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(255, 0))),
  orNull(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.constantFrom(0, 1, 999999))),
  fc.constant('|'),
]

export const modelRow: fc.Arbitrary<Row> = fc.tuple(...columns)

const sumTypeOf = (type: LogicalType): LogicalType =>
  type.kind === 'DECIMAL' ? decimalType(38, type.scale) : type
const avgTypeOf = (type: LogicalType): LogicalType =>
  type.kind === 'DECIMAL' ? decimalType(38, Math.max(6, type.scale)) : type

const numericColumns = [4, 5, 6, 7, 8, 11]
const comparableColumns = [4, 5, 6, 7, 8, 9, 10, 12, 13]

export const modelCall: fc.Arbitrary<AggregateCall> = fc
  .tuple(
    fc.constantFrom('COUNT', 'COUNT *', 'SUM', 'MIN', 'MAX', 'AVG', 'FIRST_VALUE', 'LAST_VALUE', 'LISTAGG'),
    fc.nat(),
    fc.boolean(),
    fc.constantFrom(null, null, 10),
  )
  .map(([name, pick, distinct, filter]): AggregateCall => {
    if (name === 'COUNT *') {
      return { function: 'COUNT', arguments: [], distinct: false, filter, type: bigintType(false) }
    }
    if (name === 'LISTAGG') {
      return {
        function: name,
        arguments: pick % 2 === 0 ? [9] : [9, 14],
        distinct,
        filter,
        type: stringType(),
      }
    }
    const among = name === 'SUM' || name === 'AVG' ? numericColumns : comparableColumns
    const argument = among[pick % among.length]!
    const type = modelTypes[argument]!
    const result =
      name === 'COUNT'
        ? bigintType(false)
        : name === 'SUM'
          ? sumTypeOf(type)
          : name === 'AVG'
            ? avgTypeOf(type)
            : type
    return { function: name, arguments: [argument], distinct, filter, type: result }
  })

export const compareValues = (a: PlainValue, b: PlainValue): number => {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return a[0] - b[0] || a[1] - b[1]
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

const divideHalfUp = (a: bigint, b: bigint): bigint => {
  const negative = a < 0n
  const size = negative ? -a : a
  const rounded = (size * 2n + b) / (b * 2n)
  return negative ? -rounded : rounded
}

function sumOf(values: readonly PlainValue[], type: LogicalType): PlainValue {
  if (values.length === 0) return null
  switch (type.kind) {
    case 'BIGINT':
      return BigInt.asIntN(
        64,
        values.reduce((sum: bigint, value) => sum + (value as bigint), 0n),
      )
    case 'DECIMAL': {
      const sum = values.reduce((total: bigint, value) => total + (value as bigint), 0n)
      return sum < 10n ** 38n && sum > -(10n ** 38n) ? sum : null
    }
    case 'DOUBLE':
      return values.reduce((sum: number, value) => sum + (value as number), 0)
    default: {
      const sum = values.reduce((total: bigint, value) => total + BigInt(value as number), 0n)
      return Number(BigInt.asIntN(type.kind === 'SMALLINT' ? 16 : 32, sum))
    }
  }
}

function averageOf(values: readonly PlainValue[], call: AggregateCall): PlainValue {
  if (values.length === 0) return null
  const argument = modelTypes[call.arguments[0]!]!
  if (argument.kind === 'DOUBLE') return (sumOf(values, argument) as number) / values.length
  if (argument.kind === 'DECIMAL' && call.type.kind === 'DECIMAL') {
    const sum = values.reduce((total: bigint, value) => total + (value as bigint), 0n)
    const factor = 10n ** BigInt(call.type.scale - argument.scale)
    return divideHalfUp(sum * factor, BigInt(values.length))
  }
  const wide = values.map(value => BigInt(value as number | bigint))
  const quotient = (sumOf(wide, bigintType()) as bigint) / BigInt(values.length)
  if (argument.kind === 'BIGINT') return quotient
  return Number(BigInt.asIntN(32, quotient))
}

/** Results of these depend on the order of rows. */
export const isOrdered = (call: AggregateCall): boolean =>
  call.function === 'FIRST_VALUE' || call.function === 'LAST_VALUE' || call.function === 'LISTAGG'

/** The result of one call over the rows of a group. */
export function naiveAggregate(call: AggregateCall, rows: readonly Row[]): PlainValue {
  const passing = rows.filter(row => call.filter === null || row[call.filter] === true)
  if (call.arguments.length === 0) return BigInt(passing.length)
  let values = passing.map(row => row[call.arguments[0]!] as PlainValue).filter(value => value !== null)
  if (call.distinct) values = [...new Map(values.map(value => [textOf([value]), value])).values()]
  switch (call.function) {
    case 'COUNT':
      return BigInt(values.length)
    case 'SUM':
      return sumOf(values, call.type)
    case 'AVG':
      return averageOf(values, call)
    case 'FIRST_VALUE':
      return values[0] ?? null
    case 'LAST_VALUE':
      return values.at(-1) ?? null
    case 'LISTAGG':
      return values.length === 0 ? null : values.join(call.arguments.length === 2 ? '|' : ',')
    default: {
      const sorted = values.toSorted(compareValues)
      return (call.function === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null
    }
  }
}

/** Text of a key; -0 is 0. */
export const keyText = (row: Row, keys: readonly number[]): string =>
  JSON.stringify(
    keys.map(key => {
      const value = row[key]
      if (typeof value === 'bigint') return `${value}n`
      return typeof value === 'number' ? (Number.isNaN(value) ? 'NaN' : value + 0) : (value ?? null)
    }),
  )

/** Rows by key, in order of first appearance. */
export function groupRows(rows: readonly Row[], keys: readonly number[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const text = keyText(row, keys)
    const group = groups.get(text)
    if (group === undefined) groups.set(text, [row])
    else group.push(row)
  }
  return groups
}
