/** TO_TIMESTAMP, TO_DATE, TO_TIMESTAMP_LTZ: NULL for a text that does not fit, as in Flink. */
import {
  cutMs,
  decimalToNumber,
  decodeUtf8,
  encodeUtf8,
  floorDiv,
  type LogicalType,
  MS_PER_DAY,
  type PlainValue,
  parseDate,
  parseTimestamp,
  readTimestamp,
  timeZoneOf,
} from '../../../types/index.ts'
import {
  type CallContext,
  type KernelFunction,
  kernel,
  type ScalarSpec,
  type Slot,
} from '../../function-spec.ts'
import { DateReader } from '../../pattern/date-reader.ts'
import { constantText, remembered } from '../../pattern/pattern-cache.ts'
import { invalidArgument } from '../../runtime-errors.ts'
import { longAsNumber } from '../arithmetic/numeric-operands.ts'

const readerOf = remembered(pattern => new DateReader(pattern))

/** Local ms of a text by a pattern, or NaN. */
export function readTime(text: string, pattern: string): number {
  const bytes = encodeUtf8(text)
  return readerOf(pattern).read(bytes, 0, bytes.length)
}

function plainReader(): KernelFunction {
  const cell = { nanos: 0 }
  return (bytes: Uint8Array, start: number, end: number, slot: Slot) => {
    let ms = readTimestamp(bytes, start, end, cell)
    if (Number.isNaN(ms)) ms = parseTimestamp(decodeUtf8(bytes, start, end))?.[0] ?? Number.NaN
    slot.f64[0] = ms
    return !Number.isNaN(ms)
  }
}

function patternReader(pattern: string): KernelFunction {
  const reader = remembered(() => new DateReader(pattern))
  return (
    bytes: Uint8Array,
    start: number,
    end: number,
    _b: Uint8Array,
    _s: number,
    _e: number,
    slot: Slot,
  ) => {
    const ms = reader('').read(bytes, start, end)
    slot.f64[0] = ms
    return !Number.isNaN(ms)
  }
}

export const toTimestamp: ScalarSpec = {
  names: ['TO_TIMESTAMP'],
  signatures: ['(STRING) -> TIMESTAMP(3)', '(STRING, STRING) -> TIMESTAMP(3)'],
  nulls: 'propagate',
  nullability: 'always',
  implement: (call: CallContext) => {
    if (call.argumentTypes.length === 1) return kernel('slot', plainReader, { nullable: true })
    const pattern = constantText(call, 1)
    return pattern === undefined
      ? undefined
      : kernel('slot', () => patternReader(pattern), { nullable: true })
  },
  naive: ([text, pattern]) => {
    const ms =
      pattern === undefined
        ? (parseTimestamp(text as string)?.[0] ?? Number.NaN)
        : readTime(text as string, pattern as string)
    return Number.isNaN(ms) ? null : ms
  },
  doc: "The text as TIMESTAMP(3), by a Java date pattern ('yyyy-MM-dd HH:mm:ss' when left out); NULL when it does not fit.",
  examples: [
    { sql: "TO_TIMESTAMP('2024-03-10 12:34:56.789')", result: "TIMESTAMP '2024-03-10 12:34:56.789'" },
    {
      sql: "TO_TIMESTAMP('10.3.2024 1:02 PM', 'd.M.yyyy h:mm a')",
      result: "TIMESTAMP '2024-03-10 13:02:00.000'",
    },
    {
      sql: "TO_TIMESTAMP('2024-03-10T12:34:56Z', 'yyyy-MM-dd''T''HH:mm:ss''Z''')",
      result: "TIMESTAMP '2024-03-10 12:34:56.000'",
    },
    { sql: "TO_TIMESTAMP('yesterday')", result: 'CAST(NULL AS TIMESTAMP(3))' },
  ],
}

export const toDate: ScalarSpec = {
  names: ['TO_DATE'],
  signatures: ['(STRING) -> DATE', '(STRING, STRING) -> DATE'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([text, pattern]) => {
    if (pattern === undefined) return parseDate(text as string) ?? null
    const ms = readTime(text as string, pattern as string)
    return Number.isNaN(ms) ? null : floorDiv(ms, MS_PER_DAY)
  },
  doc: "The text as a date, by a Java date pattern ('yyyy-MM-dd' when left out); NULL when it does not fit.",
  examples: [
    { sql: "TO_DATE('2024-03-10')", result: "DATE '2024-03-10'" },
    { sql: "TO_DATE('20240310', 'yyyyMMdd')", result: "DATE '2024-03-10'" },
    { sql: "TO_DATE('x')", result: 'CAST(NULL AS DATE)' },
  ],
}

/** Epoch seconds (precision 0) or milliseconds (3) as epoch ms. */
function fromEpoch(value: PlainValue, type: LogicalType, precision: number): number {
  if (precision !== 0 && precision !== 3)
    throw invalidArgument(
      'TO_TIMESTAMP_LTZ',
      `the precision is 0 (seconds) or 3 (milliseconds), not ${precision}`,
    )
  const factor = precision === 0 ? 1000 : 1
  if (type.kind === 'DECIMAL') return Math.floor(decimalToNumber(value as bigint, type.scale) * factor)
  if (typeof value === 'bigint') return Number(value) * factor
  return Math.floor((value as number) * factor)
}

const LTZ_PATTERN = 'yyyy-MM-dd HH:mm:ss[.SSS]'

export const toTimestampLtz: ScalarSpec = {
  names: ['TO_TIMESTAMP_LTZ'],
  signatures: [
    '(numeric) -> TIMESTAMP_LTZ(3)',
    '(numeric, INT) -> TIMESTAMP_LTZ(3)',
    '(STRING) -> TIMESTAMP_LTZ(3)',
    '(STRING, STRING) -> TIMESTAMP_LTZ(3)',
    '(STRING, STRING, STRING) -> TIMESTAMP_LTZ(3)',
  ],
  nulls: 'propagate',
  nullability: 'always',
  implement: ({ argumentTypes: [type, precision], constants }) => {
    if (type!.kind !== 'BIGINT' && type!.kind !== 'INTEGER') return undefined
    const digits = precision === undefined ? 3 : constants[1]
    if (digits !== 0 && digits !== 3) return undefined
    const factor = digits === 0 ? 1000 : 1
    return {
      kind: 'inline',
      total: true,
      emit: (_, [a]) => `(${type!.kind === 'BIGINT' ? longAsNumber(a!) : a![0]} * ${factor})`,
    }
  },
  naive: ([value, second, zone], { argumentTypes }) => {
    if (typeof value !== 'string')
      return fromEpoch(value!, argumentTypes[0]!, second === undefined ? 3 : (second as number))
    const local = readTime(value, (second as string | undefined) ?? LTZ_PATTERN)
    return Number.isNaN(local)
      ? null
      : cutMs(timeZoneOf((zone as string | undefined) ?? 'UTC').toUtc(local), 3)
  },
  doc: 'Epoch seconds (precision 0) or milliseconds (3) as an instant; or a text by a Java pattern and a zone (UTC).',
  examples: [
    { sql: 'TO_TIMESTAMP_LTZ(1710074096, 0)', result: "TIMESTAMP_LTZ '2024-03-10 12:34:56.000'" },
    {
      sql: 'TO_TIMESTAMP_LTZ(CAST(1710074096789 AS BIGINT), 3)',
      result: "TIMESTAMP_LTZ '2024-03-10 12:34:56.789'",
    },
    {
      sql: "TO_TIMESTAMP_LTZ('2024-03-10 12:34:56', 'yyyy-MM-dd HH:mm:ss', 'Asia/Shanghai')",
      result: "TIMESTAMP_LTZ '2024-03-10 04:34:56.000'",
    },
  ],
}
