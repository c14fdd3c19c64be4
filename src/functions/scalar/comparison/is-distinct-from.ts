/** `IS [NOT] DISTINCT FROM`: comparison in which NULL equals NULL. */
import type { PlainValue } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { compareOrdered } from './comparison.ts'
import { comparedTypes } from './operand-types.ts'

const distinct = (a: PlainValue, b: PlainValue): boolean =>
  a === null || b === null ? a !== b : compareOrdered('<>', a, b)

export const isDistinctFrom: ScalarSpec = {
  names: ['IS DISTINCT FROM'],
  signatures: ['(T any, T) -> BOOLEAN'],
  inferArguments: comparedTypes,
  nulls: 'lazy',
  nullability: 'never',
  naive: ([a, b]) => distinct(a!, b!),
  doc: 'TRUE when the values differ, where NULL equals NULL.',
  examples: [
    { sql: 'CAST(NULL AS INT) IS DISTINCT FROM CAST(NULL AS INT)', result: 'FALSE' },
    { sql: '1 IS DISTINCT FROM CAST(NULL AS INT)', result: 'TRUE' },
    { sql: "'a' IS DISTINCT FROM 'a'", result: 'FALSE' },
  ],
}

export const isNotDistinctFrom: ScalarSpec = {
  names: ['IS NOT DISTINCT FROM'],
  signatures: ['(T any, T) -> BOOLEAN'],
  inferArguments: comparedTypes,
  nulls: 'lazy',
  nullability: 'never',
  naive: ([a, b]) => !distinct(a!, b!),
  doc: 'TRUE when the values are equal, where NULL equals NULL.',
  examples: [
    { sql: 'CAST(NULL AS INT) IS NOT DISTINCT FROM CAST(NULL AS INT)', result: 'TRUE' },
    { sql: '1 IS NOT DISTINCT FROM 2', result: 'FALSE' },
  ],
}
