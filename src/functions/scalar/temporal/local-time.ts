/** Any DATE, TIME, TIMESTAMP or TIMESTAMP_LTZ as local milliseconds and nanoseconds, in compiled and naive bodies. */
import {
  instantOf,
  type LogicalType,
  MS_PER_DAY,
  microsToMs,
  type PlainValue,
  storageOf,
  type TimeZone,
  timeZoneOf,
} from '../../../types/index.ts'
import type { ArgumentText, CallContext, InlineContext } from '../../function-spec.ts'

export const sessionZone = ({ environment }: CallContext): TimeZone => timeZoneOf(environment.timeZone)

/** [local ms, nanoseconds of that ms] as text. */
export function localTexts(
  context: InlineContext,
  type: LogicalType,
  [value, nanos]: ArgumentText,
): [string, string] {
  if (type.kind === 'DATE') return [`(${value} * ${MS_PER_DAY})`, '0']
  const wide = storageOf(type) === 'i64'
  const ms = wide ? `${context.constant(microsToMs)}(${value})` : value!
  const below = nanos ?? (wide ? `${context.constant(nanosOfMicros)}(${value})` : '0')
  if (type.kind !== 'TIMESTAMP_LTZ') return [ms, below]
  return [`${context.constant(sessionZone(context))}.toLocal(${ms})`, below]
}

const nanosOfMicros = (micros: bigint): number => {
  const rest = Number(micros % 1000n)
  return (rest < 0 ? rest + 1000 : rest) * 1000
}

/** The same of a plain value. */
export function localPlain(
  value: PlainValue,
  type: LogicalType,
  zone: TimeZone,
): readonly [ms: number, nanos: number] {
  if (type.kind === 'DATE') return [(value as number) * MS_PER_DAY, 0]
  const [ms, nanos] = instantOf(value)
  return [type.kind === 'TIMESTAMP_LTZ' ? zone.toLocal(ms) : ms, nanos]
}
