/** TIMESTAMPADD(unit, n, t) and TIMESTAMPDIFF(unit, a, b); the unit is a literal first argument. */
import {
  addMonthsToDays,
  dayOfMonth,
  floorDiv,
  floorMod,
  instantOf,
  type LogicalType,
  MS_PER_DAY,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  monthOf,
  type PlainValue,
  plainOfInstant,
  timestampType,
  yearOf,
} from '../../../types/index.ts'
import type { CallContext, ScalarSpec } from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { invalidArgument } from '../../runtime-errors.ts'
import { addMonthsToMs } from '../arithmetic/interval-operands.ts'
import { localPlain, sessionZone } from './local-time.ts'

const monthsOf: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 }
const msOf: Readonly<Record<string, number>> = {
  WEEK: 7 * MS_PER_DAY,
  DAY: MS_PER_DAY,
  HOUR: MS_PER_HOUR,
  MINUTE: MS_PER_MINUTE,
  SECOND: 1000,
  MILLISECOND: 1,
}

const badUnit = (name: string, unit: string) => invalidArgument(name, `there is no unit ${unit}`)

function shiftMs(unit: string, amount: number, ms: number): number {
  const months = monthsOf[unit]
  if (months !== undefined) return addMonthsToMs(ms, amount * months)
  const size = msOf[unit]
  if (size === undefined) throw badUnit('TIMESTAMPADD', unit)
  return ms + amount * size
}

/** A date moved by hours or less becomes a timestamp. */
function shiftedType([unit, , time]: readonly ArgumentInfo[]): LogicalType {
  const { type } = time!
  if (type.kind !== 'DATE') return type
  const keeps =
    typeof unit!.literal === 'string' &&
    (monthsOf[unit!.literal] !== undefined || /^(WEEK|DAY)$/.test(unit!.literal))
  return keeps ? type : timestampType(3)
}

function shift(unit: string, amount: PlainValue, value: PlainValue, call: CallContext): PlainValue {
  const from = call.argumentTypes[2]!
  const to = call.resultType
  const count = Number(amount)
  if (from.kind === 'DATE') {
    const months = monthsOf[unit]
    if (months !== undefined) return addMonthsToDays(value as number, count * months) | 0
    const ms = shiftMs(unit, count, (value as number) * MS_PER_DAY)
    return to.kind === 'DATE' ? floorDiv(ms, MS_PER_DAY) | 0 : ms
  }
  if (from.kind === 'TIME') return floorMod(shiftMs(unit, count, value as number), MS_PER_DAY)
  const [ms, nanos] = instantOf(value)
  const { precision } = from as Extract<LogicalType, { kind: 'TIMESTAMP' | 'TIMESTAMP_LTZ' }>
  return plainOfInstant(shiftMs(unit, count, ms), nanos, precision)
}

export const timestampAdd: ScalarSpec = {
  names: ['TIMESTAMPADD'],
  signatures: ['(STRING, INT, T temporal) -> T', '(STRING, BIGINT, T temporal) -> T'],
  inferReturn: shiftedType,
  nulls: 'propagate',
  naive: ([unit, amount, value], call) => shift(unit as string, amount!, value!, call),
  doc: 'The time so many units later. Months end at the last day of the month.',
  examples: [
    { sql: "TIMESTAMPADD(WEEK, 1, DATE '2003-01-02')", result: "DATE '2003-01-09'" },
    {
      sql: "TIMESTAMPADD(MONTH, 1, TIMESTAMP '2024-01-31 10:00:00')",
      result: "TIMESTAMP '2024-02-29 10:00:00'",
    },
    { sql: "TIMESTAMPADD(HOUR, -1, DATE '2024-01-01')", result: "TIMESTAMP '2023-12-31 23:00:00.000'" },
    {
      sql: "TIMESTAMPADD(SECOND, 1, TIMESTAMP '2024-01-01 00:00:00.000001')",
      result: "TIMESTAMP '2024-01-01 00:00:01.000001'",
    },
  ],
}

/** Whole months from one local time to another, towards zero. */
function monthsBetween(from: number, to: number): number {
  const fromDay = floorDiv(from, MS_PER_DAY)
  const toDay = floorDiv(to, MS_PER_DAY)
  let months = (yearOf(toDay) - yearOf(fromDay)) * 12 + monthOf(toDay) - monthOf(fromDay)
  const rest =
    dayOfMonth(toDay) - dayOfMonth(fromDay) || to - toDay * MS_PER_DAY - (from - fromDay * MS_PER_DAY)
  if (months > 0 && rest < 0) months--
  else if (months < 0 && rest > 0) months++
  return months
}

function difference(unit: string, a: PlainValue, b: PlainValue, call: CallContext): number {
  const zone = sessionZone(call)
  const [from] = localPlain(a, call.argumentTypes[1]!, zone)
  const [to] = localPlain(b, call.argumentTypes[2]!, zone)
  const months = monthsOf[unit]
  if (months !== undefined) return Math.trunc(monthsBetween(from, to) / months)
  const size = msOf[unit]
  if (size === undefined) throw badUnit('TIMESTAMPDIFF', unit)
  return Math.trunc((to - from) / size) | 0
}

export const timestampDiff: ScalarSpec = {
  names: ['TIMESTAMPDIFF'],
  signatures: ['(STRING, temporal, temporal) -> INT'],
  nulls: 'propagate',
  naive: ([unit, a, b], call) => difference(unit as string, a!, b!, call),
  doc: 'How many whole units lie between the first and the second time.',
  examples: [
    {
      sql: "TIMESTAMPDIFF(DAY, TIMESTAMP '2003-01-02 10:00:00', TIMESTAMP '2003-01-03 10:00:00')",
      result: '1',
    },
    { sql: "TIMESTAMPDIFF(MONTH, DATE '2024-01-31', DATE '2024-02-29')", result: '0' },
    { sql: "TIMESTAMPDIFF(HOUR, TIMESTAMP '2024-01-01 03:00:00', DATE '2024-01-01')", result: '-3' },
  ],
}
