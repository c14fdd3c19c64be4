/** EXTRACT(unit FROM x), bound as EXTRACT('unit', x), and YEAR(x), MONTH(x) … TIMESTAMP_LTZ is taken in the session zone. */
import { bigintType, isTemporal, type LogicalType, type PlainValue } from '../../../types/index.ts'
import { type CallContext, type Implementation, inline, type ScalarSpec } from '../../function-spec.ts'
import { invalidArgument } from '../../runtime-errors.ts'
import { localPlain, localTexts, sessionZone } from './local-time.ts'
import { dayTimeFields, monthFields, type TimeField, timeFields } from './time-fields.ts'

function fieldOf(unit: string, type: LogicalType): TimeField {
  const field =
    type.kind === 'INTERVAL_YEAR_MONTH'
      ? monthFields[unit]
      : type.kind === 'INTERVAL_DAY_TIME'
        ? dayTimeFields[unit]
        : timeFields[unit]
  if (field === undefined)
    throw invalidArgument('EXTRACT', `there is no ${unit} in a value of type ${type.kind}`)
  return field
}

function implement(call: CallContext, unit: string | undefined, at: number): Implementation | undefined {
  const type = call.argumentTypes[at]!
  if (unit === undefined) return undefined
  return inline((context, args) => {
    const field = context.constant(fieldOf(unit, type))
    const [ms, nanos] = isTemporal(type) ? localTexts(context, type, args[at]!) : [args[at]![0]!, '0']
    return `BigInt(${field}(${ms}, ${nanos}))`
  })
}

function naive(call: CallContext, unit: string, value: PlainValue, at: number): PlainValue {
  const type = call.argumentTypes[at]!
  const [ms, nanos] = isTemporal(type) ? localPlain(value, type, sessionZone(call)) : [value as number, 0]
  return BigInt(fieldOf(unit, type)(ms, nanos))
}

export const extract: ScalarSpec = {
  names: ['EXTRACT'],
  signatures: ['(STRING, temporal) -> BIGINT', '(STRING, interval) -> BIGINT'],
  inferReturn: () => bigintType(),
  nulls: 'propagate',
  implement: call => {
    const unit = call.constants[0]
    return typeof unit === 'string' ? implement(call, unit, 1) : undefined
  },
  naive: ([unit, value], call) => naive(call, unit as string, value!, 1),
  doc: 'One field of a date, time or interval. WEEK is the ISO week; DOW counts from Sunday = 1, ISODOW from Monday = 1.',
  examples: [
    { sql: "EXTRACT(YEAR FROM DATE '2024-02-29')", result: 'CAST(2024 AS BIGINT)' },
    { sql: "EXTRACT(WEEK FROM DATE '2021-01-03')", result: 'CAST(53 AS BIGINT)' },
    { sql: "EXTRACT(DOW FROM DATE '2024-03-10')", result: 'CAST(1 AS BIGINT)' },
    { sql: "EXTRACT(ISODOW FROM DATE '2024-03-10')", result: 'CAST(7 AS BIGINT)' },
    { sql: "EXTRACT(DOY FROM DATE '2024-12-31')", result: 'CAST(366 AS BIGINT)' },
    { sql: "EXTRACT(HOUR FROM TIMESTAMP '1969-12-31 23:59:59')", result: 'CAST(23 AS BIGINT)' },
    {
      sql: "EXTRACT(MICROSECOND FROM TIMESTAMP '2024-01-01 00:00:00.123456')",
      result: 'CAST(123456 AS BIGINT)',
    },
    {
      sql: "EXTRACT(NANOSECOND FROM TIMESTAMP '2024-01-01 00:00:00.000000001')",
      result: 'CAST(1 AS BIGINT)',
    },
    { sql: "EXTRACT(HOUR FROM INTERVAL '1 02:00:00' DAY TO SECOND)", result: 'CAST(2 AS BIGINT)' },
    { sql: "EXTRACT(CENTURY FROM DATE '2000-12-31')", result: 'CAST(20 AS BIGINT)' },
  ],
}

const ofUnit = (name: string, unit: string, argument: string, result: number): ScalarSpec => ({
  names: [name],
  signatures: ['(temporal) -> BIGINT'],
  nulls: 'propagate',
  implement: call => implement(call, unit, 0),
  naive: ([value], call) => naive(call, unit, value!, 0),
  doc: `The same as EXTRACT(${unit} FROM x).`,
  examples: [{ sql: `${name}(${argument})`, result: `CAST(${result} AS BIGINT)` }],
})

const day = "DATE '1994-09-27'"
const time = "TIMESTAMP '1994-09-27 13:14:15'"
export const fieldFunctions: readonly ScalarSpec[] = [
  ofUnit('YEAR', 'YEAR', day, 1994),
  ofUnit('QUARTER', 'QUARTER', day, 3),
  ofUnit('MONTH', 'MONTH', day, 9),
  ofUnit('WEEK', 'WEEK', day, 39),
  ofUnit('DAYOFYEAR', 'DOY', day, 270),
  ofUnit('DAYOFMONTH', 'DAY', day, 27),
  ofUnit('DAYOFWEEK', 'DOW', day, 3),
  ofUnit('HOUR', 'HOUR', time, 13),
  ofUnit('MINUTE', 'MINUTE', time, 14),
  ofUnit('SECOND', 'SECOND', time, 15),
]
