/** Literals of the text → Literal values in the JSON form of their storage. */
import { assertNever } from '../../errors/index.ts'
import type { Literal as BoundLiteral } from '../../expressions/bound-expression.ts'
import type { DateTimeLiteral, IntervalLiteral, Literal, NumberLiteral } from '../../parser/index.ts'
import { daysFromCivil, daysInMonth } from '../../types/civil-date.ts'
import * as t from '../../types/index.ts'
import { bindError, unsupported } from './bind-error.ts'

const literal = (value: BoundLiteral['value'], type: t.LogicalType): BoundLiteral => ({
  kind: 'Literal',
  value,
  type,
})

export const textLiteral = (text: string): BoundLiteral => literal(text, t.charType([...text].length, false))

export function bindLiteral(e: Literal): BoundLiteral {
  switch (e.kind) {
    case 'NumberLiteral':
      return bindNumber(e, false)
    case 'StringLiteral':
      return textLiteral(e.value)
    case 'BinaryLiteral': {
      const bytes = Buffer.from(e.hex, 'hex')
      return literal(bytes.toString('base64'), t.binaryType(Math.max(1, bytes.length), false))
    }
    case 'BooleanLiteral':
      return e.value === null
        ? literal(null, t.booleanType())
        : literal(e.value ? 1 : 0, t.booleanType(false))
    case 'NullLiteral':
      return literal(null, t.nullType)
    case 'DateTimeLiteral':
      return bindDateTime(e)
    case 'IntervalLiteral':
      return bindInterval(e)
    default:
      return assertNever(e, 'literal')
  }
}

const MAX_INT = 2147483647n
const MAX_BIGINT = 9223372036854775807n

export function bindNumber(e: NumberLiteral, negative: boolean): BoundLiteral {
  const sign = negative ? '-' : ''
  if (e.form === 'double') return literal(Number(sign + e.text), t.doubleType(false))
  if (e.form === 'integer') {
    const value = BigInt(sign + e.text)
    if (value <= MAX_INT && value >= -MAX_INT - 1n) return literal(Number(value), t.integerType(false))
    if (value <= MAX_BIGINT && value >= -MAX_BIGINT - 1n) return literal(String(value), t.bigintType(false))
  }
  const [whole, fraction = ''] = e.text.split('.')
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '')
  const precision = Math.max(digits.length, fraction.length, 1)
  if (precision > 38) {
    throw bindError('MR_BIND_NUMBER_RANGE', `the number ${e.text} has more than 38 digits`, e.position, {
      hint: 'write it with an exponent to make it a DOUBLE',
    })
  }
  return literal(`${sign}${digits}`, t.decimalType(precision, fraction.length, false))
}

const datePattern = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const timePattern = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/

function bindDateTime(e: DateTimeLiteral): BoundLiteral {
  const text = e.text.trim()
  switch (e.type) {
    case 'DATE':
      return literal(dayOf(text) ?? wrongText(e, 'DATE', "'2024-01-31'"), t.dateType(false))
    case 'TIME': {
      const time = timeOf(text) ?? wrongText(e, 'TIME', "'23:59:59'")
      return literal(time.ms, t.timeType(0, false))
    }
    case 'TIMESTAMP':
      return timestampLiteral(e, text)
    case 'TIMESTAMP_LTZ':
      throw unsupported(
        'TIMESTAMP_LTZ literals are not part of Flink SQL',
        e.position,
        "write TO_TIMESTAMP_LTZ(millis, 3), or CAST(TIMESTAMP '…' AS TIMESTAMP_LTZ(3))",
      )
  }
}

function timestampLiteral(e: DateTimeLiteral, text: string): BoundLiteral {
  const [date, clock = '00:00:00'] = text.split(/[ T]/)
  const day = dayOf(date!)
  const time = timeOf(clock)
  if (day === undefined || time === undefined) return wrongText(e, 'TIMESTAMP', "'2024-01-31 23:59:59.999'")
  const ms = day * 86_400_000 + time.ms
  const type = t.timestampType(time.digits, false)
  if (time.digits <= 3) return literal(ms, type)
  if (time.digits <= 6)
    return literal(String(BigInt(ms) * 1000n + BigInt(Math.floor(time.nanos / 1000))), type)
  return literal([ms, time.nanos], type)
}

function dayOf(text: string): number | undefined {
  const match = datePattern.exec(text)
  if (match === null) return undefined
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return daysFromCivil(year, month, day)
}

/** Milliseconds of the day, nanoseconds within the millisecond, and digits after the point. */
function timeOf(text: string): { ms: number; nanos: number; digits: number } | undefined {
  const match = timePattern.exec(text)
  if (match === null) return undefined
  const [hour, minute, second] = [match[1], match[2], match[3] ?? '0'].map(Number) as [number, number, number]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const fraction = match[4] ?? ''
  const nanos = Number(fraction.padEnd(9, '0'))
  const ms = ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nanos / 1e6)
  return { ms, nanos: nanos % 1e6, digits: fraction.length }
}

function wrongText(e: DateTimeLiteral | IntervalLiteral, what: string, example: string): never {
  throw bindError('MR_BIND_LITERAL', `'${e.text}' is no ${what}`, e.position, {
    expected: [`a text such as ${example}`],
  })
}

const unitMs: Readonly<Record<string, number>> = {
  WEEK: 604_800_000,
  DAY: 86_400_000,
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1000,
}
const unitMonths: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 }

function bindInterval(e: IntervalLiteral): BoundLiteral {
  const { start, end } = e.qualifier
  const trimmed = e.text.trim()
  const inner = trimmed.startsWith('-')
  const text = trimmed.replace(/^[+-]\s*/, '')
  const sign = e.negative === inner ? 1 : -1
  if (start in unitMonths) return literal(sign * monthsOf(e, text), t.yearMonthType(false))
  const ms = end === undefined ? singleUnit(e, text) : severalUnits(e, text)
  return literal(sign * ms, t.dayTimeType(false))
}

function monthsOf(e: IntervalLiteral, text: string): number {
  const { start, end } = e.qualifier
  const match = end === undefined ? /^(\d+)$/.exec(text) : /^(\d+)-(\d+)$/.exec(text)
  if (match === null)
    return wrongText(e, `interval in ${start}${end === undefined ? '' : ` TO ${end}`}`, "'1'")
  return Number(match[1]) * unitMonths[start]! + Number(match[2] ?? 0)
}

function singleUnit(e: IntervalLiteral, text: string): number {
  const { start } = e.qualifier
  const match = (start === 'SECOND' ? /^(\d+)(?:\.(\d{1,9}))?$/ : /^(\d+)$/).exec(text)
  if (match === null) return wrongText(e, `interval in ${start}`, "'10'")
  return Number(match[1]) * unitMs[start]! + Math.floor(Number((match[2] ?? '').padEnd(9, '0')) / 1e6)
}

/** `DAY TO SECOND` '1 02:03:04.005', `HOUR TO MINUTE` '2:30' and the like. */
function severalUnits(e: IntervalLiteral, text: string): number {
  const order = ['DAY', 'HOUR', 'MINUTE', 'SECOND']
  const { start, end } = e.qualifier
  const units = order.slice(order.indexOf(start), order.indexOf(end!) + 1)
  const parts = text.split(/[ :]/)
  const example = start === 'DAY' ? "'1 02:03:04'" : "'02:03'"
  if (units.length < 2 || parts.length !== units.length) {
    return wrongText(e, `interval in ${start} TO ${end}`, example)
  }
  return parts.reduce((sum, part, i) => {
    const unit = units[i]!
    const match = (unit === 'SECOND' ? /^(\d+)(?:\.(\d{1,9}))?$/ : /^(\d+)$/).exec(part)
    if (match === null) return wrongText(e, `interval in ${start} TO ${end}`, example)
    return sum + Number(match[1]) * unitMs[unit]! + Math.floor(Number((match[2] ?? '').padEnd(9, '0')) / 1e6)
  }, 0)
}
