/** FLOOR(x TO unit) and CEIL(x TO unit), bound as FLOOR(x, 'unit'). Weeks begin on Sunday, as in Flink. */
import {
  daysFromCivil,
  floorDiv,
  floorMod,
  type LogicalType,
  MS_PER_DAY,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  monthOf,
  type PlainValue,
  plainOfInstant,
  storageOf,
  yearOf,
} from '../../../types/index.ts'
import { type CallContext, inline, type ScalarSpec } from '../../function-spec.ts'
import { invalidArgument } from '../../runtime-errors.ts'
import { localPlain, sessionZone } from './local-time.ts'

const periods: Readonly<Record<string, number>> = {
  DAY: MS_PER_DAY,
  HOUR: MS_PER_HOUR,
  MINUTE: MS_PER_MINUTE,
  SECOND: 1000,
  MILLISECOND: 1,
}
const yearSpans: Readonly<Record<string, number>> = { YEAR: 1, DECADE: 10, CENTURY: 100, MILLENNIUM: 1000 }
const monthSpans: Readonly<Record<string, number>> = { QUARTER: 3, MONTH: 1 }

/** First day of the period, and of the one `next` periods later. */
function periodStart(unit: string, epochDay: number, next: number): number {
  const years = yearSpans[unit]
  if (years !== undefined) {
    // Centuries and millennia begin with year 1, decades with year 0.
    const base = years >= 100 ? 1 : 0
    const year = Math.floor((yearOf(epochDay) - base) / years) * years + base + next * years
    return daysFromCivil(year, 1, 1)
  }
  const months = monthSpans[unit]
  if (months !== undefined) {
    const month = Math.floor((monthOf(epochDay) - 1) / months) * months + next * months
    return daysFromCivil(yearOf(epochDay) + Math.floor(month / 12), (month % 12) + 1, 1)
  }
  if (unit === 'WEEK') return epochDay - floorMod(epochDay + 4, 7) + next * 7
  throw invalidArgument('FLOOR … TO', `there is no unit ${unit}`)
}

function floorMs(unit: string, ms: number): number {
  const period = periods[unit]
  if (period !== undefined) return Math.floor(ms / period) * period
  return periodStart(unit, floorDiv(ms, MS_PER_DAY), 0) * MS_PER_DAY
}

function ceilMs(unit: string, ms: number): number {
  const floor = floorMs(unit, ms)
  if (floor === ms) return ms
  const period = periods[unit]
  return period === undefined ? periodStart(unit, floorDiv(ms, MS_PER_DAY), 1) * MS_PER_DAY : floor + period
}

function rounded(unit: string, value: PlainValue, call: CallContext, isCeil: boolean): PlainValue {
  const type = call.argumentTypes[0]!
  const zone = sessionZone(call)
  const [ms, nanos] = localPlain(value, type, zone)
  const local = isCeil ? ceilMs(unit, nanos > 0 ? ms + 1 : ms) : floorMs(unit, ms)
  if (type.kind === 'DATE') return local / MS_PER_DAY
  if (type.kind === 'TIME') return local
  const { precision } = type as Extract<LogicalType, { kind: 'TIMESTAMP' | 'TIMESTAMP_LTZ' }>
  return plainOfInstant(type.kind === 'TIMESTAMP_LTZ' ? zone.toUtc(local) : local, 0, precision)
}

const spec = (
  names: readonly [string, ...string[]],
  isCeil: boolean,
  examples: ScalarSpec['examples'],
): ScalarSpec => ({
  names,
  signatures: ['(T temporal, STRING) -> T'],
  nulls: 'propagate',
  implement: call => {
    const unit = call.constants[1]
    const type = call.argumentTypes[0]!
    if (typeof unit !== 'string' || type.kind !== 'TIMESTAMP' || storageOf(type) !== 'f64') return undefined
    const body = isCeil ? (ms: number) => ceilMs(unit, ms) : (ms: number) => floorMs(unit, ms)
    const period = periods[unit]
    if (period !== undefined && !isCeil)
      return inline(
        (context, [a]) =>
          `(Math.floor(${a![0]} / ${context.constant(period)}) * ${context.constant(period)})`,
        {
          total: true,
        },
      )
    return inline((context, [a]) => `${context.constant(body)}(${a![0]})`)
  },
  naive: ([value, unit], call) => rounded(unit as string, value!, call, isCeil),
  doc: `The time rounded ${isCeil ? 'up' : 'down'} to the start of a unit.`,
  examples,
})

export const floorTo = spec(['FLOOR_TO', 'FLOOR'], false, [
  {
    sql: "FLOOR(TIMESTAMP '2024-03-10 12:34:56.789' TO MINUTE)",
    result: "TIMESTAMP '2024-03-10 12:34:00.000'",
  },
  { sql: "FLOOR(TIMESTAMP '2024-03-10 12:34:56' TO MONTH)", result: "TIMESTAMP '2024-03-01 00:00:00'" },
  { sql: "FLOOR(DATE '2024-03-13' TO WEEK)", result: "DATE '2024-03-10'" },
  {
    sql: "FLOOR(TIMESTAMP '2024-05-10 12:34:56.123456' TO QUARTER)",
    result: "TIMESTAMP '2024-04-01 00:00:00.000000'",
  },
])
export const ceilTo = spec(['CEIL_TO', 'CEIL', 'CEILING'], true, [
  { sql: "CEIL(TIMESTAMP '2024-03-10 12:34:56' TO HOUR)", result: "TIMESTAMP '2024-03-10 13:00:00'" },
  { sql: "CEIL(TIMESTAMP '2024-12-10 00:00:00' TO YEAR)", result: "TIMESTAMP '2025-01-01 00:00:00'" },
  { sql: "CEIL(DATE '2024-03-01' TO MONTH)", result: "DATE '2024-03-01'" },
])
