/** `IS NULL` and `IS NOT NULL`: never NULL themselves. */
import type { ScalarSpec } from '../../function-spec.ts'

export const isNull: ScalarSpec = {
  names: ['IS NULL'],
  signatures: ['(any) -> BOOLEAN'],
  nulls: 'lazy',
  nullability: 'never',
  naive: ([a]) => a === null,
  doc: 'TRUE when the value is NULL.',
  examples: [
    { sql: 'CAST(NULL AS INT) IS NULL', result: 'TRUE' },
    { sql: "'a' IS NULL", result: 'FALSE' },
  ],
}

export const isNotNull: ScalarSpec = {
  names: ['IS NOT NULL'],
  signatures: ['(any) -> BOOLEAN'],
  nulls: 'lazy',
  nullability: 'never',
  naive: ([a]) => a !== null,
  doc: 'TRUE when the value is not NULL.',
  examples: [
    { sql: 'CAST(NULL AS INT) IS NOT NULL', result: 'FALSE' },
    { sql: '1 IS NOT NULL', result: 'TRUE' },
  ],
}
