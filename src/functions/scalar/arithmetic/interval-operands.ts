/** Dates, times, timestamps and intervals under + and -. Months are added as in the calendar: 31 Jan + 1 month = 29 Feb. */
import {
  addMonthsToDays,
  floorDiv,
  isInterval,
  isTemporal,
  type LogicalType,
  MS_PER_DAY,
  type PlainValue,
  withNullable,
} from '../../../types/index.ts'
import type { ArgumentText, InlineContext } from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'

/** [temporal, interval] types of `t ± i` or `i + t`, in argument order; undefined when it is not that. */
export function temporalOperands(
  args: readonly ArgumentInfo[],
  operator: '+' | '-',
): readonly LogicalType[] | undefined {
  const [a, b] = args.map(arg => arg.type)
  if (a === undefined || b === undefined) return undefined
  if (isTemporal(a) && isInterval(b))
    return a.kind === 'TIME' && b.kind === 'INTERVAL_YEAR_MONTH' ? undefined : [a, b]
  if (operator === '+' && isInterval(a) && isTemporal(b))
    return b.kind === 'TIME' && a.kind === 'INTERVAL_YEAR_MONTH' ? undefined : [a, b]
  if (isInterval(a) && a.kind === b.kind) return [a, b]
  return undefined
}

/** The operand that is no interval, or the interval type of interval ± interval. */
export const temporalResult = (types: readonly LogicalType[]): LogicalType => {
  const temporal = types.find(isTemporal) ?? types[0]!
  return withNullable(temporal, true)
}

export function addMonthsToMs(ms: number, months: number): number {
  const day = floorDiv(ms, MS_PER_DAY)
  return addMonthsToDays(day, months) * MS_PER_DAY + (ms - day * MS_PER_DAY)
}

const addMonthsToMicros = (micros: bigint, months: number): bigint => {
  const day = Number(
    BigInt.asIntN(
      64,
      (micros - (((micros % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n)) / 86_400_000_000n,
    ),
  )
  return micros + BigInt(addMonthsToDays(day, months) - day) * 86_400_000_000n
}

const addMsToDays = (day: number, ms: number): number => floorDiv(day * MS_PER_DAY + ms, MS_PER_DAY)
const addMsToTime = (time: number, ms: number): number => {
  const sum = (time + ms) % MS_PER_DAY
  return sum < 0 ? sum + MS_PER_DAY : sum
}

/** `temporal ± interval` as text. */
export function shiftText(
  context: InlineContext,
  temporal: LogicalType,
  interval: LogicalType,
  [value, nanos]: ArgumentText,
  amount: string,
  operator: '+' | '-',
): string | readonly string[] {
  const signed = operator === '-' ? `-${amount}` : amount
  const call = (helper: unknown): string => `${context.constant(helper)}(${value}, ${signed})`
  const months = interval.kind === 'INTERVAL_YEAR_MONTH'
  switch (temporal.kind) {
    case 'DATE':
      return months ? call(addMonthsToDays) : call(addMsToDays)
    case 'TIME':
      return call(addMsToTime)
    default: {
      if (nanos !== undefined)
        return [months ? call(addMonthsToMs) : `(${value} ${operator} ${amount})`, nanos]
      const micros = (temporal as { precision: number }).precision > 3
      if (months) return call(micros ? addMonthsToMicros : addMonthsToMs)
      return micros
        ? `BigInt.asIntN(64, ${value} ${operator} BigInt(${amount}) * 1000n)`
        : `(${value} ${operator} ${amount})`
    }
  }
}

/** The same on plain values. */
export function shiftPlain(
  temporal: LogicalType,
  interval: LogicalType,
  value: PlainValue,
  amount: number,
): PlainValue {
  const months = interval.kind === 'INTERVAL_YEAR_MONTH'
  if (temporal.kind === 'DATE')
    return (months ? addMonthsToDays(value as number, amount) : addMsToDays(value as number, amount)) | 0
  if (temporal.kind === 'TIME') return addMsToTime(value as number, amount)
  const add = (ms: number): number => (months ? addMonthsToMs(ms, amount) : ms + amount)
  if (typeof value === 'number') return add(value)
  if (typeof value === 'bigint') {
    const rest = ((value % 1000n) + 1000n) % 1000n
    return BigInt(add(Number((value - rest) / 1000n))) * 1000n + rest
  }
  const [ms, nanos] = value as readonly [number, number]
  return [add(ms), nanos]
}
