/** ROUND (half away from zero) and TRUNCATE to so many places; negative places round before the point. */
import {
  decimalType,
  type LogicalType,
  type PlainValue,
  parseDouble,
  pow10,
  rescale,
  roundType,
} from '../../../types/index.ts'
import { type CallContext, inline, type ScalarSpec } from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { roundToType, wrapInteger } from '../arithmetic/numeric-operands.ts'

const cutUnits = (value: bigint, unit: bigint): bigint => (value / unit) * unit

function roundUnscaled(value: bigint, scale: number, places: number, cuts: boolean): bigint {
  if (places >= scale) return value
  const dropped = scale - places
  if (dropped > 80) return 0n
  return cuts ? cutUnits(value, pow10(dropped)) : rescale(value, scale, places) * pow10(dropped)
}

/** Doubles go through their shortest decimal, so that 2.675 is not rounded as 2.67499…: as BigDecimal.valueOf does. */
function roundDouble(value: number, places: number, cuts: boolean): number {
  const exact = parseDouble(value)
  if (exact === undefined || places >= exact.scale) return value
  const rounded = roundUnscaled(exact.unscaled, exact.scale, places, cuts)
  return Number(`${rounded}e-${exact.scale}`)
}

function rounded(
  cuts: boolean,
  [value, places = 0]: readonly PlainValue[],
  { argumentTypes, resultType }: CallContext,
): PlainValue {
  const type = argumentTypes[0]!
  const digits = Number(places)
  if (type.kind === 'DECIMAL' && resultType.kind === 'DECIMAL') {
    const unscaled = roundUnscaled(value as bigint, type.scale, digits, cuts)
    // The type follows the places when they are a constant, and keeps the scale when they are not.
    return rescale(unscaled, type.scale, resultType.scale)
  }
  if (type.kind === 'FLOAT' || type.kind === 'DOUBLE')
    return roundToType(type, roundDouble(value as number, digits, cuts))
  return wrapInteger(type, roundUnscaled(BigInt(value as number | bigint), 0, digits, cuts))
}

function returnType([arg, places]: readonly ArgumentInfo[]): LogicalType {
  const { type } = arg!
  if (type.kind !== 'DECIMAL') return type
  if (places === undefined) return roundType(type, 0)
  return typeof places.literal === 'number'
    ? roundType(type, places.literal)
    : decimalType(Math.min(38, type.precision + 1), type.scale)
}

const spec = (name: string, cuts: boolean, doc: string, examples: ScalarSpec['examples']): ScalarSpec => ({
  names: [name],
  signatures: ['(T numeric) -> T', '(T numeric, INT) -> T'],
  inferReturn: returnType,
  nulls: 'propagate',
  implement: ({ argumentTypes: [type], constants }) => {
    const whole = type!.kind !== 'DECIMAL' && type!.kind !== 'FLOAT' && type!.kind !== 'DOUBLE'
    const places = argumentPlaces(constants)
    return whole && places !== undefined && places >= 0
      ? inline((_, [a]) => a![0]!, { total: true })
      : undefined
  },
  naive: (args, call) => rounded(cuts, args, call),
  doc,
  examples,
})

const argumentPlaces = (constants: CallContext['constants']): number | undefined => {
  if (constants.length === 1) return 0
  return typeof constants[1] === 'number' ? constants[1] : undefined
}

export const round = spec(
  'ROUND',
  false,
  'The value rounded half away from zero to so many places (0 when left out).',
  [
    { sql: 'ROUND(2.5e0)', result: '3e0' },
    { sql: 'ROUND(-2.675e0, 2)', result: '-2.68e0' },
    { sql: 'ROUND(1.255, 2)', result: 'CAST(1.26 AS DECIMAL(4, 2))' },
    { sql: 'ROUND(1250, -2)', result: '1300' },
  ],
)
export const truncate = spec('TRUNCATE', true, 'The value cut to so many places (0 when left out).', [
  { sql: 'TRUNCATE(42.345, 2)', result: 'CAST(42.34 AS DECIMAL(5, 2))' },
  { sql: 'TRUNCATE(-42.9e0)', result: '-42e0' },
  { sql: 'TRUNCATE(1299, -2)', result: '1200' },
])
