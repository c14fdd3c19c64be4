/** `IS [NOT] TRUE | FALSE | UNKNOWN`: never NULL themselves. */
import type { PlainValue } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'

const test = (
  name: string,
  holds: (value: PlainValue) => boolean,
  forTrue: string,
  forNull: string,
): ScalarSpec => ({
  names: [name],
  signatures: ['(BOOLEAN) -> BOOLEAN'],
  nulls: 'lazy',
  nullability: 'never',
  naive: ([a]) => holds(a!),
  doc: `Whether the value ${name.toLowerCase().replace(/true|false|unknown/, word => word.toUpperCase())}; UNKNOWN is NULL.`,
  examples: [
    { sql: `(1 = 1) ${name}`, result: forTrue },
    { sql: `CAST(NULL AS BOOLEAN) ${name}`, result: forNull },
  ],
})

export const isTrue = test('IS TRUE', value => value === true, 'TRUE', 'FALSE')
export const isNotTrue = test('IS NOT TRUE', value => value !== true, 'FALSE', 'TRUE')
export const isFalse = test('IS FALSE', value => value === false, 'FALSE', 'FALSE')
export const isNotFalse = test('IS NOT FALSE', value => value !== false, 'TRUE', 'TRUE')
export const isUnknown = test('IS UNKNOWN', value => value === null, 'FALSE', 'TRUE')
export const isNotUnknown = test('IS NOT UNKNOWN', value => value !== null, 'TRUE', 'FALSE')
