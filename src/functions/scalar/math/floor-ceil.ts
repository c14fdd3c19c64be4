/** FLOOR and CEIL of numbers. DECIMAL(p, s) becomes DECIMAL(p, 0). (FLOOR(x TO unit) is temporal/floor-ceil-to.ts.) */
import { decimalType, pow10 } from '../../../types/index.ts'
import { inline, type ScalarSpec } from '../../function-spec.ts'

function floorUnits(value: bigint, unit: bigint): bigint {
  const whole = value / unit
  return value % unit < 0n ? whole - 1n : whole
}
const ceilUnits = (value: bigint, unit: bigint): bigint => -floorUnits(-value, unit)

const spec = (
  names: readonly [string, ...string[]],
  onDouble: 'floor' | 'ceil',
  onUnits: typeof floorUnits,
  examples: ScalarSpec['examples'],
): ScalarSpec => ({
  names,
  signatures: ['(T numeric) -> T'],
  inferReturn: ([arg]) => (arg!.type.kind === 'DECIMAL' ? decimalType(arg!.type.precision, 0) : arg!.type),
  nulls: 'propagate',
  implement: ({ argumentTypes: [type] }) =>
    inline((context, [a]) => {
      if (type!.kind === 'DECIMAL')
        return `${context.constant(onUnits)}(${a![0]}, ${context.constant(pow10(type!.scale))})`
      return type!.kind === 'FLOAT' || type!.kind === 'DOUBLE' ? `Math.${onDouble}(${a![0]})` : a![0]!
    }),
  naive: ([a], { argumentTypes: [type] }) => {
    if (type!.kind === 'DECIMAL') return onUnits(a as bigint, pow10(type!.scale))
    return typeof a === 'bigint' ? a : Math[onDouble](a as number)
  },
  doc: `The value rounded ${onDouble === 'floor' ? 'down' : 'up'} to a whole number, of the same type.`,
  examples,
})

export const floor = spec(['FLOOR'], 'floor', floorUnits, [
  { sql: 'FLOOR(-1.5)', result: 'CAST(-2 AS DECIMAL(2, 0))' },
  { sql: 'FLOOR(1.9e0)', result: '1e0' },
  { sql: 'FLOOR(7)', result: '7' },
])
export const ceil = spec(['CEIL', 'CEILING'], 'ceil', ceilUnits, [
  { sql: 'CEIL(-1.5)', result: 'CAST(-1 AS DECIMAL(2, 0))' },
  { sql: 'CEILING(1.1e0)', result: '2e0' },
])
