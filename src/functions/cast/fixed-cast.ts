/** Casts between fixed-width types as inline text or small kernels. None of them fails. */
import {
  cutMs,
  decimalToNumber,
  floorDiv,
  isApproximate,
  isIntegral,
  isInterval,
  isTimestamp,
  type LogicalType,
  MS_PER_DAY,
  microsToMs,
  pow10,
  storageOf,
  timeZoneOf,
  toDecimal,
} from '../../types/index.ts'
import { type Implementation, inline, kernel } from '../function-spec.ts'
import { longAsNumber } from '../scalar/arithmetic/numeric-operands.ts'
import { doubleToInt, doubleToLong } from './number-text.ts'

type Decimal = Extract<LogicalType, { kind: 'DECIMAL' }>

export function fixedCast(from: LogicalType, to: LogicalType): Implementation | undefined {
  if (isIntegral(to)) return toInteger(from, to.kind)
  if (isApproximate(to)) return toDouble(from, to.kind === 'FLOAT')
  if (to.kind === 'DECIMAL') return toDecimalCast(from, to)
  if (to.kind === 'BOOLEAN' && (isIntegral(from) || isApproximate(from)))
    return inline((_, [a]) => `(${a![0]} !== ${from.kind === 'BIGINT' ? '0n' : '0'})`, { total: true })
  if (to.kind === 'INTERVAL_YEAR_MONTH' && isIntegral(from)) return toInteger(from, 'INTEGER')
  if (isInterval(to) && isIntegral(from)) return toDouble(from, false)
  return toTemporal(from, to)
}

function narrowText(kind: string, text: string): string {
  return kind === 'TINYINT'
    ? `(${text} << 24 >> 24)`
    : kind === 'SMALLINT'
      ? `(${text} << 16 >> 16)`
      : `(${text} | 0)`
}

const bits: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32 }

function toInteger(from: LogicalType, kind: string): Implementation | undefined {
  const wide = kind === 'BIGINT'
  if (from.kind === 'BOOLEAN')
    return inline((_, [a]) => (wide ? `(${a![0]} ? 1n : 0n)` : `(${a![0]} ? 1 : 0)`), { total: true })
  if (from.kind === 'BIGINT')
    return inline(
      (_, [a]) => {
        if (wide) return a![0]!
        if (a!.words !== undefined) return narrowText(kind, a!.words[0])
        return `Number(BigInt.asIntN(${bits[kind]}, ${a![0]}))`
      },
      { total: true },
    )
  if (isIntegral(from) || from.kind === 'INTERVAL_YEAR_MONTH')
    return inline((_, [a]) => (wide ? `BigInt(${a![0]})` : narrowText(kind, a![0]!)), {
      total: true,
      emitWords: wide ? (_, [a]) => [a![0]!, `(${a![0]} >> 31)`] : undefined,
    })
  if (isApproximate(from) || from.kind === 'INTERVAL_DAY_TIME')
    return inline((context, [a]) =>
      wide
        ? `${context.constant(doubleToLong)}(${a![0]})`
        : narrowText(kind, `${context.constant(doubleToInt)}(${a![0]})`),
    )
  if (from.kind === 'DECIMAL')
    return inline((context, [a]) => {
      const whole = from.scale === 0 ? a![0]! : `${a![0]} / ${context.constant(pow10(from.scale))}`
      return wide ? `BigInt.asIntN(64, ${whole})` : `Number(BigInt.asIntN(${bits[kind]}, ${whole}))`
    })
  return undefined
}

function toDouble(from: LogicalType, single: boolean): Implementation | undefined {
  const rounded = (text: string): string => (single ? `Math.fround(${text})` : text)
  if (from.kind === 'BOOLEAN') return inline((_, [a]) => `(${a![0]} ? 1 : 0)`, { total: true })
  if (from.kind === 'BIGINT') return inline((_, [a]) => rounded(longAsNumber(a!)), { total: true })
  if (isIntegral(from) || isApproximate(from)) return inline((_, [a]) => rounded(a![0]!), { total: true })
  if (from.kind === 'DECIMAL')
    return inline((context, [a]) => rounded(`${context.constant(decimalToNumber)}(${a![0]}, ${from.scale})`))
  return undefined
}

const integerDigits: Readonly<Record<string, number>> = { TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19 }

function toDecimalCast(from: LogicalType, to: Decimal): Implementation | undefined {
  if (from.kind === 'DECIMAL') {
    if (to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale)
      return scaleUp(to.scale - from.scale, to)
    return kernel('value', () => (value: bigint) => toDecimal(value, from.scale, to), { nullable: true })
  }
  if (!isIntegral(from)) return undefined
  const wide = from.kind === 'BIGINT'
  if (to.precision - to.scale >= integerDigits[from.kind]!)
    return inline(
      (context, [a]) => {
        const whole = wide ? a![0]! : `BigInt(${a![0]})`
        return to.scale === 0 ? whole : `(${whole} * ${context.constant(pow10(to.scale))})`
      },
      { total: true },
    )
  return kernel('value', () => (value: number | bigint) => toDecimal(BigInt(value), 0, to), {
    nullable: true,
  })
}

const scaleUp = (digits: number, to: Decimal): Implementation =>
  inline((context, [a]) => {
    if (digits === 0) return a![0]!
    const product = `${a![0]} * ${context.constant(pow10(digits))}`
    return to.precision <= 18 ? `BigInt.asIntN(64, ${product})` : `(${product})`
  })

/** Timestamps of up to 3 digits, dates and times; other precisions go through the plain cast. */
function toTemporal(from: LogicalType, to: LogicalType): Implementation | undefined {
  if (from.kind === 'DATE' && to.kind === 'TIMESTAMP' && to.precision <= 3)
    return inline((_, [a]) => `(${a![0]} * ${MS_PER_DAY})`, { total: true })
  if (!isTimestamp(from) || storageOf(from) === 'msnanos') return undefined
  const ms = (context: { constant(value: unknown): string }, text: string): string =>
    storageOf(from) === 'i64' ? `${context.constant(microsToMs)}(${text})` : text
  if (isTimestamp(to)) {
    if (to.precision > 3) {
      const widens = from.kind === to.kind && from.precision <= 3 && to.precision <= 6
      return widens ? inline((_, [a]) => `(BigInt(${a![0]}) * 1000n)`) : undefined
    }
    const { kind, precision } = to
    return kernelOfMs(from, zone => local => {
      const moved =
        kind === from.kind ? local : kind === 'TIMESTAMP' ? zone.toLocal(local) : zone.toUtc(local)
      return cutMs(moved, precision)
    })
  }
  if (from.kind === 'TIMESTAMP' && to.kind === 'DATE')
    return inline((context, [a]) => `Math.floor(${ms(context, a![0]!)} / ${MS_PER_DAY})`)
  if (to.kind !== 'DATE' && to.kind !== 'TIME') return undefined
  return kernelOfMs(from, zone => at => {
    const local = from.kind === 'TIMESTAMP' ? at : zone.toLocal(at)
    const day = floorDiv(local, MS_PER_DAY)
    return to.kind === 'DATE' ? day : cutMs(local - day * MS_PER_DAY, to.precision)
  })
}

function kernelOfMs(
  from: LogicalType,
  make: (zone: ReturnType<typeof timeZoneOf>) => (ms: number) => number,
): Implementation {
  return kernel('value', ({ environment }) => {
    const body = make(timeZoneOf(environment.timeZone))
    return storageOf(from) === 'i64' ? (micros: bigint) => body(microsToMs(micros)) : body
  })
}
